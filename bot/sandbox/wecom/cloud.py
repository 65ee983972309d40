"""The pretend WeCom: one server for the AI bot's socket and its media, between a world's rooms and a bot."""

import asyncio
import secrets
import ssl as tls
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from bot.sandbox.clock import Alarms
from bot.sandbox.faults import Faults
from bot.sandbox.recorder import Recorder
from bot.sandbox.wecom.acts import Acts
from bot.sandbox.wecom.app import AppLimits, AppSide
from bot.sandbox.wecom.callbacks import RESPONSE_PATH, Callbacks
from bot.sandbox.wecom.desk import Desk
from bot.sandbox.wecom.ledger import Ledger
from bot.sandbox.wecom.limits import Limits, Window
from bot.sandbox.wecom.line import Line, text_of
from bot.sandbox.wecom.media import MediaObject, Shelf
from bot.sandbox.wecom.payloads import Payloads
from bot.sandbox.wecom.porter import Porter
from bot.sandbox.wecom.pushing import Push, Pusher
from bot.sandbox.wecom.refusals import Code, Refusal
from bot.sandbox.wecom.switchboard import Switchboard, secret_matches
from bot.sandbox.wecom.target import Target
from bot.sandbox.wecom.troubles import http_trouble
from bot.sandbox.world import World
from domain.clock import Clock

BODY_BYTES = 32 * 1024 * 1024


class WeComCloud(Acts):
    """`async with WeComCloud(world) as cloud:` serves `cloud.ws_url` and `cloud.http_url`.

    Doors of the recorder and of faults: `wecom.open` (the handshake), `wecom.subscribe`, `wecom.ping`,
    `wecom.respond_msg`, `wecom.respond_welcome_msg`, `wecom.respond_update_msg`, `wecom.send_msg` (faults:
    `.group` and `.direct`), `wecom.upload_media_init|chunk|finish`, `wecom.push.msg`, `wecom.push.event`,
    `wecom.media` (faults: `.first` and `.again`, for each object).
    """

    def __init__(  # noqa: PLR0913 (every argument is a switch of its own)
        self,
        world: World,
        *,
        clock: Clock | None = None,
        faults: Faults | None = None,
        recorder: Recorder | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        ssl: tls.SSLContext | None = None,
        limits: Limits | None = None,
        app_limits: AppLimits | None = None,
        bot_id: str = "aibSANDBOX",
        secret: str = "sandbox-secret",  # noqa: S107 (a pretend cloud's pretend secret)
    ) -> None:
        super().__init__()
        self.world = world
        self.bot_id = bot_id
        self.secret = secret
        self.bot_name = world.bot_name
        self.clock: Clock = clock or world.clock
        self.faults = faults or Faults()
        self.recorder = recorder or Recorder(self.clock)
        self.limits = limits or Limits()
        self.bare_keys = False
        self._host, self._port, self._ssl = host, port, ssl
        self._lines: dict[int, Line] = {}
        self._count = 0
        self._shelf = Shelf(life=self.limits.media_life)
        self._subscribes = Window(most=self.limits.subscribes, span=timedelta(minutes=1))
        self._alarms = Alarms(self.clock)
        self._ledger = Ledger(clock=self.clock, limits=self.limits)
        self._pusher = Pusher(
            faults=self.faults,
            recorder=self.recorder,
            ledger=self._ledger,
            limits=self.limits,
            alarms=self._alarms,
        )
        self._payloads = Payloads(
            world,
            bot_id=bot_id,
            shelve=self._shelve,
            media_url=lambda kept: f"{self.http_url}/media/{kept.token}",
        )
        desk = Desk(world, clock=self.clock, limits=self.limits, ledger=self._ledger)
        self.callbacks = Callbacks(
            desk,
            ledger=self._ledger,
            clock=self.clock,
            faults=self.faults,
            recorder=self.recorder,
            alarms=self._alarms,
            limits=self.limits,
        )
        self._switchboard = Switchboard(
            desk,
            subscribe=self._subscribe,
            answered=self._pusher.release,
            clock=self.clock,
            faults=self.faults,
            recorder=self.recorder,
            alarms=self._alarms,
            heartbeat=self.limits.heartbeat,
        )
        self.app = AppSide(
            world,
            clock=self.clock,
            faults=self.faults,
            recorder=self.recorder,
            alarms=self._alarms,
            url=lambda: self.http_url,
            limits=app_limits,
        )

    # the server

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=BODY_BYTES)
        app.add_routes([web.get("/", self._open), web.get("/media/{token}", self._media)])
        app.add_routes([*self.app.routes(), web.post(RESPONSE_PATH, self.callbacks.response)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port, ssl_context=self._ssl)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.callbacks.base = self.http_url
        self._alarms.start()
        self.world.join("wecom", Porter(bot=self, app=self.app))
        self.world.scanner = self.app.scan
        self.world.directories["wecom"] = self.app.contacts.changed
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.world.leave("wecom")
        await self.app.close()
        for line in tuple(self._lines.values()):
            line.cut()
        await self.callbacks.close()
        await self._alarms.stop()
        await self._runner.cleanup()

    @property
    def ws_url(self) -> str:
        """Where the bot connects; plain on loopback, wss with an SSL context."""
        return f"{'wss' if self._ssl else 'ws'}://{self._host}:{self._port}"

    @property
    def http_url(self) -> str:
        """Where media are."""
        return f"{'https' if self._ssl else 'http'}://{self._host}:{self._port}"

    @property
    def subscribed(self) -> bool:
        """Whether a bot is listening."""
        return self._pusher.line is not None or self.callbacks.target is not None

    @property
    def undelivered(self) -> list[str]:
        """Ids of posts and events that never reached a bot: nobody is told, as with the real one."""
        return [*self._pusher.undelivered, *self.callbacks.undelivered]

    async def use_callback(self, url: str, *, token: str, aes_key: str) -> bool:
        """Switch the bot to a callback URL, which ends its long connection; False if the URL fails."""
        target = Target(url=url, token=token, aes_key=aes_key)
        if not await self.callbacks.verify(target):
            return False
        self.callbacks.target = target
        if line := self._pusher.line:
            self._kick(line)
        return True

    def use_connection(self) -> None:
        """Switch the bot back to its long connection."""
        self.callbacks.target = None

    # switches that are no fault of one frame

    def forget(self, post_id: str) -> None:
        """Push a kept (`deaf`) post no more: a restarted bot answers by a push that names nothing."""
        self._pusher.forget(post_id)

    def drop_line(self, *, code: int | None = None) -> None:
        """End the bot's line now: a clean close with this code, or (None) a reset."""
        if line := self._pusher.line:
            if code is None:
                line.cut()
            else:
                line.close(code)

    def freeze_line(self) -> None:
        """Let the bot's line go half-open now: TCP stays, nothing comes or goes."""
        if line := self._pusher.line:
            line.silence()

    def _push(self, push: Push) -> None:
        (self.callbacks if self.callbacks.target else self._pusher).push(push)

    def _shelve(self, data: bytes, name: str) -> MediaObject:
        target = self.callbacks.target
        return self._shelf.put(
            data,
            name=name,
            now=self.clock.now(),
            bare_key=self.bare_keys,
            bot_key=target.key if target else b"",
        )

    # the wire

    async def _open(self, request: web.Request) -> web.StreamResponse:
        if trouble := await http_trouble(request, self.faults.take("wecom.open"), alarms=self._alarms):
            return trouble
        self._count += 1
        line = self._lines[self._count] = Line(request, number=self._count)
        try:
            async for message in line.read():
                self._switchboard.frame(line, text_of(message), at=asyncio.get_running_loop().time())
        finally:
            del self._lines[line.number]
            self._pusher.hung_up(line)
        return line.socket

    def _subscribe(self, line: Line, body: dict[str, Any]) -> None:
        """Check id and secret, end the earlier line, begin to push on this one."""
        now = self.clock.now()
        if self._subscribes.full(self.bot_id, now=now):
            raise Refusal(Code.TOO_OFTEN, "api freq out of limit", rule="subscribe.rate")
        self._subscribes.hit(self.bot_id, now=now)
        if not (
            secret_matches(body.get("bot_id"), self.bot_id)
            and secret_matches(body.get("secret"), self.secret)
        ):
            raise Refusal(Code.BAD_SECRET, "invalid bot_id or secret", rule="subscribe.credentials")
        if (old := self._pusher.line) and old is not line:
            self._kick(old)
        line.subscribed = True
        self._pusher.subscribed(line)

    def _kick(self, line: Line) -> None:
        body = {
            "msgid": secrets.token_hex(12),
            "create_time": int(self.clock.now().timestamp()),
            "aibotid": self.bot_id,
            "msgtype": "event",
            "event": {"eventtype": "disconnected_event"},
        }
        line.put({"cmd": "aibot_event_callback", "headers": {"req_id": secrets.token_hex(12)}, "body": body})
        line.close(1000)
        line.subscribed = False
        self._pusher.hung_up(line)

    async def _media(self, request: web.Request) -> web.StreamResponse:
        token = request.match_info["token"]
        first = "first" if self._shelf.first_request(token) else "again"
        fault = self.faults.take(f"wecom.media.{first}")
        if trouble := await http_trouble(request, fault, alarms=self._alarms):
            return trouble
        response = self._shelf.response(token, now=self.clock.now())
        self.recorder.record("in", "wecom.media", {"url": str(request.url)}, status=response.status)
        return response
