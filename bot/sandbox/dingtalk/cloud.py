"""The pretend DingTalk cloud: one port that is api.dingtalk.com, oapi.dingtalk.com and the stream."""

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from bot.sandbox.clock import MovableClock
from bot.sandbox.dingtalk import names
from bot.sandbox.dingtalk.cards import Cards
from bot.sandbox.dingtalk.contacts import Contacts
from bot.sandbox.dingtalk.courier import Courier, Push
from bot.sandbox.dingtalk.desk import Desk, Door
from bot.sandbox.dingtalk.frames import ROBOT
from bot.sandbox.dingtalk.gateway import Gateway
from bot.sandbox.dingtalk.hooks import Hooks
from bot.sandbox.dingtalk.limits import Limits, MonthCount
from bot.sandbox.dingtalk.media import Media
from bot.sandbox.dingtalk.messages import Messages
from bot.sandbox.dingtalk.names import Seals
from bot.sandbox.dingtalk.postman import Postman
from bot.sandbox.dingtalk.recalls import Recalls
from bot.sandbox.dingtalk.robot import Robot
from bot.sandbox.dingtalk.tokens import Tokens
from bot.sandbox.dingtalk.webhook import Webhook
from bot.sandbox.faults import Faults
from bot.sandbox.recorder import Recorder
from bot.sandbox.town import BOT, Post, Resident, Room
from bot.sandbox.world import World


class DingTalkCloud:
    """`async with DingTalkCloud(world) as cloud`: `cloud.url` serves as API url and as OAPI url.

    With the same credentials it understands webhooks, download codes and cards from before a restart.
    """

    client_id = "dingsandboxclient"
    client_secret = "sandbox-client-secret"  # noqa: S105 (a pretend secret)
    robot_code = "dingsandboxrobot"

    def __init__(
        self,
        world: World,
        *,
        clock: MovableClock | None = None,
        faults: Faults | None = None,
        recorder: Recorder | None = None,
        limits: Limits | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.world, self.host, self.port = world, host, port
        clock = clock or world.clock
        self.faults, self.limits = faults or Faults(), limits or Limits()
        self.recorder = recorder or Recorder(clock)
        self.url = ""
        self._desk = Desk(clock=clock, limits=self.limits, faults=self.faults, recorder=self.recorder)
        self._pushed = MonthCount(clock)
        self._background: list[asyncio.Task[None]] = []
        self._furnish(Seals(clock, secret=self.client_secret))

    def _furnish(self, seals: Seals) -> None:
        desk, credentials = self._desk, {"client_id": self.client_id, "client_secret": self.client_secret}
        self.courier = Courier(desk)
        self.gateway = Gateway(desk, self.courier, **credentials)
        self.tokens = Tokens(desk, **credentials)
        recalls = self._recalls = Recalls(desk, self.world, robot_code=self.robot_code)
        self.postman = Postman(desk, self.world, client_secret=self.client_secret)
        self.hooks = Hooks(desk, self.world)
        self.robot = Robot(desk, self.world, recalls=recalls, robot_code=self.robot_code)
        self.cards = Cards(
            desk,
            self.world,
            self.courier,
            postman=self.postman,
            recalls=recalls,
            robot_code=self.robot_code,
        )
        self._webhook = Webhook(desk, self.world, seals=seals)
        self._media = Media(desk, self.world, seals=seals, robot_code=self.robot_code)
        self.contacts = Contacts(desk, self.world, emit=self._tell_of_staff)
        self._messages = Messages(self.world, seals=seals, limits=self.limits, robot_code=self.robot_code)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=25_000_000)
        app.add_routes([self._desk.route(door) for door in self._doors()])
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.url = self._messages.url = self._media.url = self.hooks.url = f"http://{self.host}:{self.port}"
        self.gateway.url = f"ws://{self.host}:{self.port}"
        self._desk.alarms.start()
        if self.limits.ping_seconds:
            pinging = self.gateway.keep_pinging(self.limits.ping_seconds)
            self._background.append(asyncio.create_task(pinging))
        self.world.join("dingtalk", self)
        self.world.directories["dingtalk"] = self.contacts.changed
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.world.leave("dingtalk")
        for task in self._background:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self.gateway.close()
        await self.postman.close()
        await self._desk.alarms.stop()
        await self._runner.cleanup()

    def doors(self) -> list[str]:
        """Return the names of all HTTP doors; faults and the record know them as `dingtalk.<name>`."""
        return [door.name for door in self._doors()]

    def _doors(self) -> list[Door]:
        heard = (self.gateway, self.tokens, self.postman)
        spoken = (self._webhook, self.robot, self._media, self.cards, self.hooks, self._recalls)
        parts = (*heard, *spoken, self.contacts)
        return [door for part in parts for door in part.doors()]

    def lacks(self, door: str, permission: str) -> None:
        """Take a permission from the application: what is asked at this door is refused by its name."""
        self._desk.lacking[door] = permission

    @property
    def connected(self) -> int:
        """How many sockets take robot messages now."""
        return sum(socket.takes("CALLBACK", ROBOT) for socket in self.courier.sockets)

    def said(self, *, room: Room, post: Post) -> None:
        """Push what a resident said: in a group only what mentions the bot, and no voice or file there."""
        heard = room.kind == "direct" or (BOT in post.mentions and post.kind in ("text", "image"))
        if not heard:
            return
        if not self.connected and not self.postman.robot_url:
            self.world.notice("机器人不在线", room=room.id, resident=post.author)
        self._push(room, post)

    def push_content(self, post: Post, content: dict[str, Any]) -> None:
        """Push a post with a content that nobody here can say: video, chatRecord, unknownMsgType, ..."""
        self._push(self.world.rooms[post.room_id], post, content)

    def download_code(self, content: bytes) -> str:
        """Return a download code for these bytes."""
        return self._messages.code(self.world.keep(content))

    def _push(self, room: Room, post: Post, content: dict[str, Any] | None = None) -> None:
        exhausted = self._pushed.over(self.limits.pushes_per_month)
        data = self._messages.message(room, post, exhausted=exhausted, content=content)

        def silent() -> None:
            self.world.notice("机器人没有回应", room=room.id, resident=post.author)

        if self.postman.robot_url:
            self.postman.message(data, room=room.id, silent=silent)
        if not self.postman.robot_url or self.postman.both:
            self._by_stream(data, silent)

    def _by_stream(self, data: dict[str, Any], silent: Callable[[], None]) -> None:
        self.courier.post(
            Push(
                door="robot",
                kind="CALLBACK",
                topic=ROBOT,
                data=data,
                answered=lambda _data: True,
                given_up=silent,
                schedule=self.limits.redeliver_robot,
            )
        )

    def clicked(self, *, room: Room, post: Post, resident: Resident, key: str) -> None:
        """Push the callback of a pressed button."""
        self.cards.press(post, resident, key=key, room=room)

    def entered(self, *, room: Room, resident: Resident) -> None:
        """Say nothing: DingTalk does not tell."""

    def _tell_of_staff(self, event_type: str, data: dict[str, Any]) -> None:
        self.emit(event_type, data, event_id=secrets.token_hex(12))

    def emit(self, event_type: str, data: dict[str, Any], *, event_id: str) -> Push:
        """Push an EVENT (`user_add_org`, ...) until it is answered with status SUCCESS."""
        born = str(names.milliseconds(self.world.clock.now()))
        headers = {"eventType": event_type, "eventId": event_id, "eventCorpId": names.CORP_ID}
        headers |= {"eventBornTime": born, "eventUnifiedAppId": "bbb381b6-0f4e-4b1a-9c6d-1de7a5c2f803"}
        push = Push(
            door="event",
            kind="EVENT",
            topic="*",
            data=data,
            headers=headers,
            answered=self._event_answered,
            schedule=self.limits.redeliver_event,
        )
        self.courier.post(push)
        return push

    def _event_answered(self, data: dict[str, Any]) -> bool:
        if data.get("status") not in ("SUCCESS", "LATER"):
            self.recorder.violate("event.ack.status", "dingtalk.stream", repr(data)[:200])
        return data.get("status") == "SUCCESS"

    def disconnect(self, reason: str = "persistent connection is timeout") -> int:
        """Announce the end to every socket; returns how many."""
        return self.gateway.disconnect(reason)

    async def ping(self) -> bool:
        """Send a SYSTEM ping to every socket; True if all echoed the opaque in time."""
        return await self.gateway.ping()

    async def close_sockets(self, code: int = 1000) -> None:
        """Close every socket cleanly."""
        await asyncio.gather(*(socket.close(code) for socket in tuple(self.courier.sockets)))

    def cut_sockets(self) -> None:
        """Reset every socket."""
        for socket in tuple(self.courier.sockets):
            socket.cut()

    def silence_sockets(self) -> None:
        """Leave every socket half-open."""
        for socket in self.courier.sockets:
            socket.silent = True

    def send_raw(self, text: str) -> None:
        """Send any text frame to every socket."""
        for socket in self.courier.sockets:
            socket.send(text)
