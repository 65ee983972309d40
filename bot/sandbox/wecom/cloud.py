"""The pretend WeCom: one server for the AI bot's socket and its media, between a world's rooms and a bot."""

import asyncio
import secrets
import ssl as tls
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.sandbox.clock import Alarms
from bot.sandbox.faults import Faults
from bot.sandbox.recorder import Recorder
from bot.sandbox.town import Post, Resident, Room
from bot.sandbox.wecom.app import AppLimits, AppSide
from bot.sandbox.wecom.desk import Desk
from bot.sandbox.wecom.ledger import EventType, Ledger
from bot.sandbox.wecom.limits import Limits, Window
from bot.sandbox.wecom.line import Line, text_of
from bot.sandbox.wecom.media import MediaObject, Shelf
from bot.sandbox.wecom.payloads import Payloads, card_event, reaches_bot, user_id_of
from bot.sandbox.wecom.porter import Porter
from bot.sandbox.wecom.pushing import Push, Pusher
from bot.sandbox.wecom.refusals import Code, Refusal
from bot.sandbox.wecom.switchboard import Switchboard, secret_matches
from bot.sandbox.wecom.troubles import http_trouble
from bot.sandbox.world import World
from domain.clock import Clock

CHINA = ZoneInfo("Asia/Shanghai")
FEEDBACK_TYPES = (1, 2, 3)
BODY_BYTES = 32 * 1024 * 1024


class WeComCloud:
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
        self._entered: set[tuple[str, date]] = set()
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
        self._switchboard = Switchboard(
            Desk(world, clock=self.clock, limits=self.limits, ledger=self._ledger),
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
        app.add_routes(self.app.routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port, ssl_context=self._ssl)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self._alarms.start()
        self.world.join("wecom", Porter(bot=self, app=self.app))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.world.leave("wecom")
        await self.app.close()
        for line in tuple(self._lines.values()):
            line.cut()
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
        return self._pusher.line is not None

    @property
    def undelivered(self) -> list[str]:
        """Ids of posts and events that never reached a bot: nobody is told, as with the real one."""
        return self._pusher.undelivered

    # what residents do

    def said(self, *, room: Room, post: Post) -> None:
        """Push a post, if it is one that WeCom hands to bots."""
        if reaches_bot(room, post):
            user_id = user_id_of(self.world.residents[post.author])
            self._pusher.push(
                Push(
                    door="wecom.push.msg",
                    room=room,
                    user_id=user_id,
                    subject=post.id,
                    build=lambda: self._payloads.message(room=room, post=post, user_id=user_id),
                )
            )

    def clicked(
        self,
        *,
        room: Room,
        post: Post,
        resident: Resident,
        key: str,
        selected: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Push template_card_event, once; `selected` is what was chosen: options by question key."""
        event = card_event(post, key=key, selected=selected or {})
        self._event("template_card_event", event, room=room, resident=resident, subject=post.id)

    def entered(self, *, room: Room, resident: Resident) -> None:
        """Push enter_chat at the first entry of the day into the 1:1 chat."""
        visit = (resident.id, self.clock.now().astimezone(CHINA).date())
        if room.kind == "direct" and visit not in self._entered:
            self._entered.add(visit)
            self._event("enter_chat", {"eventtype": "enter_chat"}, room=room, resident=resident)

    def rate(self, resident_id: str, post_id: str, *, type: int, content: str = "") -> None:  # noqa: A002 (the wire's word)
        """Push feedback_event (1 right, 2 wrong, 3 withdrawn); KeyError where no feedback was asked for."""
        if type not in FEEDBACK_TYPES:
            raise ValueError(type)
        post = self.world.post(post_id)
        feedback: dict[str, Any] = {"id": post.body["feedback"], "type": type}
        feedback |= {"content": content} if content else {}
        event = {"eventtype": "feedback_event", "feedback_event": feedback}
        room, resident = self.world.rooms[post.room_id], self.world.residents[resident_id]
        self._event("feedback_event", event, room=room, resident=resident, subject=post_id)

    def forget(self, post_id: str) -> None:
        """Push a kept (`deaf`) post no more: a restarted bot answers by a push that names nothing."""
        self._pusher.forget(post_id)

    # switches that are no fault of one frame

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

    def _event(
        self, kind: EventType, event: dict[str, Any], *, room: Room, resident: Resident, subject: str = ""
    ) -> None:
        msgid, created = secrets.token_hex(8), int(self.clock.now().timestamp())
        user_id = user_id_of(resident)
        self._pusher.push(
            Push(
                door="wecom.push.event",
                room=room,
                user_id=user_id,
                event=kind,
                subject=subject,
                build=lambda: self._payloads.event(
                    event, msgid=msgid, created=created, room=room, user_id=user_id
                ),
            )
        )

    def _shelve(self, data: bytes, name: str) -> MediaObject:
        return self._shelf.put(data, name=name, now=self.clock.now(), bare_key=self.bare_keys)

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
