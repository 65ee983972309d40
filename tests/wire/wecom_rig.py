"""A small WeCom town and a bare bot on its socket: every test of the pretend WeCom starts here."""

import asyncio
import contextlib
import itertools
import json
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.sandbox.faults import Faults
from bot.sandbox.town import Resident, Room
from bot.sandbox.wecom import Limits, WeComCloud
from bot.sandbox.world import World
from domain.clock import FixedClock

Frame = dict[str, Any]
PATIENCE = 20.0
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(200))
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
GROUP = "wrWarehouse"


class Bot:
    """A bot that sends exactly the frames it is told to and keeps what was pushed meanwhile."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self._pushed: deque[Frame] = deque()
        self._numbers = itertools.count(1)

    async def ask(self, cmd: str, body: Frame | None = None, *, req_id: str = "") -> Frame:
        """Send a frame and return its answer."""
        req_id = req_id or f"{cmd}_{next(self._numbers)}"
        await self.tell(cmd, body, req_id=req_id)
        while True:
            frame = await self._frame()
            if "cmd" not in frame and frame["headers"]["req_id"] == req_id:
                return frame
            self._pushed.append(frame)

    async def tell(self, cmd: str, body: Frame | None = None, *, req_id: str = "x") -> None:
        """Send a frame and do not wait."""
        frame: Frame = {"cmd": cmd, "headers": {"req_id": req_id}}
        await self.socket.send_json(frame | ({"body": body} if body is not None else {}))

    async def heard(self) -> Frame:
        """Return the next pushed frame."""
        return self._pushed.popleft() if self._pushed else await self._frame()

    async def everything(self) -> list[Frame]:
        """Return all that has been pushed up to now (a ping's answer marks the end)."""
        await self.ask("ping")
        pushed = list(self._pushed)
        self._pushed.clear()
        return pushed

    async def ended(self) -> int | None:
        """Wait until the socket has ended and return the close code (1006: cut)."""
        with contextlib.suppress(StopAsyncIteration):
            while not self.socket.closed:
                await asyncio.wait_for(self.socket.receive(), PATIENCE)
        return self.socket.close_code

    async def respond(self, callback: Frame, body: Frame) -> Frame:
        """Answer a message on its req_id."""
        return await self.ask("aibot_respond_msg", body, req_id=callback["headers"]["req_id"])

    async def _frame(self) -> Frame:
        message = await asyncio.wait_for(self.socket.receive(), PATIENCE)
        if message.type is not aiohttp.WSMsgType.TEXT:
            raise ConnectionError(message)
        frame: Frame = json.loads(message.data)
        return frame


class Rig:
    """World, cloud, faults and HTTP session together."""

    def __init__(self, cloud: WeComCloud, session: aiohttp.ClientSession, clock: FixedClock) -> None:
        self.cloud = cloud
        self.world = cloud.world
        self.faults = cloud.faults
        self.session = session
        self.clock = clock

    async def connect(self) -> Bot:
        """Open a socket, not subscribed."""
        return Bot(await self.session.ws_connect(self.cloud.ws_url))

    async def bot(self) -> Bot:
        """Open a socket and subscribe."""
        bot = await self.connect()
        answer = await self.subscribe(bot)
        assert answer["errcode"] == 0
        return bot

    async def subscribe(self, bot: Bot, **body: str) -> Frame:
        """Send aibot_subscribe with the right secret, unless told otherwise."""
        return await bot.ask(
            "aibot_subscribe", {"bot_id": self.cloud.bot_id, "secret": self.cloud.secret} | body
        )

    def ask_bot(self, text: str = "你好", *, by: str = "li") -> None:
        """Let somebody say something to the bot in the group."""
        self.world.say(by, GROUP, text=text, mention_bot=True)

    @property
    def said(self) -> list[tuple[str, str]]:
        """What the bot has said so far: (kind, text)."""
        return [(post.kind, str(post.body.get("text", ""))) for post in self.world.posts(author="bot")]

    @property
    def broken(self) -> list[str]:
        """The wire rules that the bot broke."""
        return self.cloud.recorder.rules_broken()


@contextlib.asynccontextmanager
async def rigged(clock: FixedClock, limits: Limits | None = None) -> AsyncIterator[Rig]:
    """Serve a group of three and everybody's 1:1 chat."""
    people = [
        Resident(id="li", name="李工", wecom_user_id="LiGong"),
        Resident(id="wang", name="王芳", wecom_user_id="WangFang"),
        Resident(id="zhao", name="赵六", wecom_user_id="ZhaoLiu"),
    ]
    group = Room(id=GROUP, platform="wecom", kind="group", title="仓库群", members=("li", "wang", "zhao"))
    world = World(people, [group], clock=clock)
    async with (
        WeComCloud(world, faults=Faults(), limits=limits) as cloud,
        aiohttp.ClientSession() as session,
    ):
        yield Rig(cloud, session, clock)


def button_card(task_id: str = "T1", **changes: Any) -> Frame:
    """Return a card with one button that WeCom takes."""
    card: Frame = {
        "card_type": "button_interaction",
        "main_title": {"title": "确认发料", "desc": "LOT-7"},
        "button_list": [{"text": "确认", "key": "say:确认 7", "style": 1}],
        "task_id": task_id,
    }
    return card | changes


def markdown(text: str = "好") -> Frame:
    """Return a one-shot reply."""
    return {"msgtype": "markdown", "markdown": {"content": text}}


def stream(text: str = "好", *, id: str = "S1", finish: bool = True, **more: Any) -> Frame:  # noqa: A002 (the wire's word)
    """Return one frame of a stream."""
    return {"msgtype": "stream", "stream": {"id": id, "finish": finish, "content": text, **more}}


def decrypted(blob: bytes, *, key: bytes) -> bytes:
    """Undo AES-256-CBC with PKCS#7 to 32."""
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    padded = decryptor.update(blob) + decryptor.finalize()
    assert len(padded) % 32 == 0
    assert padded[-padded[-1] :] == bytes([padded[-1]]) * padded[-1]
    return padded[: -padded[-1]]
