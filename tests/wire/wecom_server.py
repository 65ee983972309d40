"""A tiny WeCom end of the long connection for tests of our client: does as it is told, right or wrong."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import httpx
from aiohttp import WSMsgType, web
from pydantic import SecretStr

from bot.platforms.base import Incoming, State
from bot.platforms.wecom import Timing, WeCom, WeComConfig
from domain.clock import FixedClock
from notifier.card import Card
from notifier.delivery import Outgoing, ReplySlot
from tests.conftest import SHIFT_START

Frame = dict[str, Any]
Answer = Callable[[Frame], Frame | None]

SECRET = "hush-hush-secret"
PATIENCE = 20.0
"""Seconds: of no test's matter, for the machine may be busy with other things."""
STOPPED_WITHIN = 5.0
QUICK = Timing(
    open=5.0,
    ack=0.8,
    ping=0.3,
    silence=5.0,
    backoff_first=0.01,
    backoff_most=0.05,
    settled=0.0,
    refused=0.3,
    kicked=0.3,
    kicked_most=0.5,
    resend=2.0,
    drain=0.5,
    close=0.3,
    journal_pauses=(0.01, 0.01, 0.01),
    download_pauses=(0.01, 0.01, 0.01),
)


async def until(holds: Callable[[], object]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110 (what holds is on the other side of a socket)
            await asyncio.sleep(0.002)  # a real socket lies between


class Session:
    """One connection of a client."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self.frames: list[Frame] = []
        self.subscribed = False
        self._request = request

    def got(self, cmd: str) -> list[Frame]:
        """Return the frames of one command."""
        return [frame for frame in self.frames if frame["cmd"] == cmd]

    async def say(self, text: str, *, msgid: str = "m1", req_id: str = "cb1", user: str = "lina") -> None:
        """Push a text from a direct chat."""
        body = {"msgid": msgid, "from": {"userid": user}, "chattype": "single", "msgtype": "text"}
        frame = {"cmd": "aibot_msg_callback", "headers": {"req_id": req_id}}
        await self.push(frame | {"body": body | {"text": {"content": text}}})

    async def kick(self) -> None:
        """Say that another client has taken over."""
        body = {"msgid": "k", "msgtype": "event", "event": {"eventtype": "disconnected_event"}}
        await self.push({"cmd": "aibot_event_callback", "headers": {"req_id": "k"}, "body": body})

    async def push(self, frame: Frame) -> None:
        """Push any frame."""
        await self.socket.send_str(json.dumps(frame))

    def abort(self) -> None:
        """Reset the connection."""
        if self._request.transport is not None:
            self._request.transport.abort()


class Server:
    """Listens on loopback; `answers` maps a command to how it is answered (None: not at all)."""

    def __init__(self) -> None:
        self.sessions: list[Session] = []
        self.answers: dict[str, Answer] = {}
        self.url = ""
        self.deaf = asyncio.Event()  # set: handshakes are not answered
        self._hold: list[asyncio.Future[None]] = []

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator["Server"]:
        """Serve until left."""
        app = web.Application()
        app.add_routes([web.get("/", self._serve)])
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"ws://127.0.0.1:{runner.addresses[0][1]}/"
        try:
            yield self
        finally:
            for session in self.sessions:
                session.abort()
            for held in self._hold:
                held.cancel()
            await runner.cleanup()

    def refuse(self, cmd: str, *codes: int) -> None:
        """Answer a command with these codes, one after the other, then with 0."""
        left = list(codes)
        self.answers[cmd] = lambda _: {"errcode": left.pop(0) if left else 0, "errmsg": f"no: {SECRET}"}

    def mute(self, cmd: str) -> None:
        """Leave a command unanswered."""
        self.answers[cmd] = lambda _: None

    async def ready(self, number: int = 1) -> Session:
        """Return the n-th subscribed session, waiting for it."""
        await until(lambda: len(self.subscribed) >= number)
        return self.subscribed[number - 1]

    @property
    def subscribed(self) -> list[Session]:
        """The sessions that have subscribed."""
        return [session for session in self.sessions if session.subscribed]

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        if self.deaf.is_set():
            self._hold.append(asyncio.get_running_loop().create_future())
            await self._hold[-1]
        socket = web.WebSocketResponse(autoclose=False)
        await socket.prepare(request)
        session = Session(socket, request)
        self.sessions.append(session)
        while (message := await socket.receive()).type is WSMsgType.TEXT:
            await self._take(json.loads(message.data), session)
        return socket

    async def _take(self, frame: Frame, session: Session) -> None:
        session.frames.append(frame)
        how = self.answers.get(frame["cmd"])
        answer = how(frame) if how else {"errcode": 0, "errmsg": "ok"}
        if answer is None:
            return
        await session.push({"headers": frame["headers"]} | answer)
        if frame["cmd"] == "aibot_subscribe" and answer.get("errcode") == 0:
            session.subscribed = True


class Bot:
    """Our platform on such a server, with a journal in memory."""

    def __init__(
        self, server: Server, http: httpx.AsyncClient, *, timing: Timing = QUICK, **config: Any
    ) -> None:
        self.server = server
        self.clock = FixedClock(SHIFT_START)
        self.journal: list[Incoming] = []
        self.failing = 0
        settings = {"bot_id": "aib1", "bot_secret": SecretStr(SECRET), "bot_name": "班长", **config}
        self.config = WeComConfig(ws_url=server.url, api_url=server.url, timing=timing, **settings)
        self.platform = WeCom(self.config, http=http, hear=self._hear, clock=self.clock, node="n1")

    async def _hear(self, incoming: Incoming) -> bool:
        if self.failing:
            self.failing -= 1
            raise OSError("the disk is full")
        self.journal.append(incoming)
        return True

    async def ready(self, number: int = 1) -> Session:
        """Return the n-th session once both ends know that it is subscribed."""
        session = await self.server.ready(number)
        await until(lambda: self.platform.health().state is State.READY)
        return session

    async def hears(self, session: Session, text: str = "报工", **more: Any) -> Incoming:
        """Let somebody say something; return it as heard."""
        before = len(self.journal)
        await session.say(text, **more)
        await until(lambda: len(self.journal) > before)
        return self.journal[-1]


def reply(card: Card | str = "好的", *, slot: ReplySlot | None = None, **more: Any) -> Outgoing:
    """Return an answer to lina."""
    card = card if isinstance(card, Card) else Card(lines=(card,))
    out = Outgoing(id=1, key="o1", chat_id="lina", chat_kind="direct", card=card, slot=slot)
    return replace(out, **more)


@contextlib.asynccontextmanager
async def running(server: Server, **options: Any) -> AsyncIterator[Bot]:
    """Run our platform on a server; stopped afterwards, within the promised time."""
    async with httpx.AsyncClient() as http:
        bot = Bot(server, http, **options)
        task = asyncio.create_task(bot.platform.run())
        try:
            yield bot
        finally:
            async with asyncio.timeout(STOPPED_WITHIN):
                await bot.platform.stop()
                await task
