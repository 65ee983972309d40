"""A bare client of DingTalk's wire, so that the pretend cloud is tested without the house's own client."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self, TypeVar

import aiohttp

from bot.sandbox.dingtalk import DingTalkCloud, Limits
from bot.sandbox.faults import Faults
from bot.sandbox.town import Resident, Room
from bot.sandbox.world import World
from domain.clock import FixedClock

T = TypeVar("T")
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
ROBOT = {"type": "CALLBACK", "topic": "/v1.0/im/bot/messages/get"}
CARD = {"type": "CALLBACK", "topic": "/v1.0/card/instances/callback"}
EVENTS = {"type": "EVENT", "topic": "*"}
LI = Resident(id="li", name="李雷", dingtalk_user_id="0147", wecom_user_id="lilei")
HAN = Resident(id="han", name="韩梅梅", dingtalk_user_id="0258")
GUEST = Resident(id="guest", name="外人")
LINE = Room(id="line3", platform="dingtalk", kind="group", title="三号线", members=("li", "han", "guest"))
PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 10


def a_world() -> World:
    return World([LI, HAN, GUEST], [LINE], clock=FixedClock(NOON))


def a_cloud(world: World | None = None, *, faults: Faults | None = None, **limits: Any) -> DingTalkCloud:
    """A cloud whose clock stands still until it is moved, and which sends no pings of its own."""
    return DingTalkCloud(
        world or a_world(), faults=faults, limits=Limits(**({"ping_seconds": None} | limits))
    )


async def eventually(look: Callable[[], T], *, seconds: float = 20) -> T:
    """Wait until `look` returns something true; patiently, for the machine may be busy with other things."""
    async with asyncio.timeout(seconds):
        while not (seen := look()):  # noqa: ASYNC110 (whatever is looked at has no event)
            await asyncio.sleep(0.005)  # real: sockets need real time
        return seen


class Probe:
    """Speaks HTTP and the stream, one call at a time."""

    def __init__(self, cloud: DingTalkCloud) -> None:
        self.cloud = cloud
        self.token = ""

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.close()

    async def call(self, method: str, path: str, body: Any = None, **options: Any) -> tuple[int, Any]:
        """Return status and JSON (or text) of the answer."""
        url = path if path.startswith("http") else self.cloud.url + path
        headers = {"x-acs-dingtalk-access-token": self.token, "Accept": "application/json"}
        headers |= options.pop("headers", {})
        options |= {} if body is None else {"json": body}
        async with self._http.request(method, url, headers=headers, **options) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if "json" in answer.content_type else text

    async def post(self, path: str, body: Any = None, **options: Any) -> tuple[int, Any]:
        """POST JSON."""
        return await self.call("POST", path, body, **options)

    async def sign_in(self) -> str:
        """Fetch an access token and use it from now on."""
        credentials = {"appKey": self.cloud.client_id, "appSecret": self.cloud.client_secret}
        _, answer = await self.post("/v1.0/oauth2/accessToken", credentials)
        self.token = answer["accessToken"]
        return self.token

    async def webhook(self) -> str:
        """Return the sessionWebhook of a message that Li says in the group."""
        stream = await self.connect()
        self.cloud.world.say("li", "line3", text="x", mention_bot=True)
        return str((await stream.frame())["data"]["sessionWebhook"])

    def opening(self, *topics: dict[str, str], **changes: Any) -> dict[str, Any]:
        """Return the body that opens a connection."""
        wanted = list(topics or (ROBOT, CARD, EVENTS))
        body = {"clientId": self.cloud.client_id, "clientSecret": self.cloud.client_secret}
        return body | {"subscriptions": wanted, "ua": "probe", "localIp": "127.0.0.1"} | changes

    async def ticket(self, *topics: dict[str, str]) -> dict[str, Any]:
        """Open a connection: endpoint and ticket."""
        status, answer = await self.post("/v1.0/gateway/connections/open", self.opening(*topics))
        assert status == 200, answer
        return dict(answer)

    async def connect(self, *topics: dict[str, str], heartbeat: float | None = None) -> "Stream":
        """Open a connection and its WebSocket."""
        opened = await self.ticket(*topics)
        before = len(self.cloud.courier.sockets)
        ws = await self._http.ws_connect(
            opened["endpoint"], params={"ticket": opened["ticket"]}, heartbeat=heartbeat
        )
        await eventually(lambda: len(self.cloud.courier.sockets) > before or ws.closed)
        return Stream(ws)


class Stream:
    """One WebSocket of the bot's side."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws

    async def frame(self) -> dict[str, Any]:
        """Wait for the next frame; its `data` is parsed."""
        frame: dict[str, Any] = json.loads(await self.ws.receive_str(timeout=5))
        return frame | {"data": json.loads(frame["data"])}

    async def ack(self, frame: dict[str, Any], data: Any = None, *, code: int = 200) -> None:
        """Acknowledge a frame."""
        headers = {"messageId": frame["headers"]["messageId"], "contentType": "application/json"}
        answer = {"code": code, "message": "OK", "headers": headers}
        await self.ws.send_json(answer | {"data": json.dumps({"response": None} if data is None else data)})

    async def silence(self, seconds: float = 0.15) -> bool:
        """Say whether nothing comes for a while."""
        try:
            await asyncio.wait_for(self.ws.receive(), seconds)
        except TimeoutError:
            return True
        return False
