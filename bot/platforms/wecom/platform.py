"""WeCom as one `Platform` with several doors: the AI bot (connection or callback), the app, the webhooks.

It exists on every node: any node may be called, and may speak by the app or a webhook. Of the long connection
there is one; `opens` says whether this platform opens it itself or its leased row does (`bot/keeper.py`).
"""

import asyncio
from collections.abc import Awaitable, Collection, Sequence
from dataclasses import replace
from typing import Final

import httpx
from aiohttp import web

from bot.platforms.base import Health, Hear, MediaRef, MediaUnavailable, State, Tenure
from bot.platforms.downloads import Downloads
from bot.platforms.enclosures import MediaPath
from bot.platforms.wecom import hearing
from bot.platforms.wecom.called import BotDoor, no_push
from bot.platforms.wecom.carrying import BY_APP, Carrier
from bot.platforms.wecom.config import WeComConfig
from bot.platforms.wecom.connection import Connection
from bot.platforms.wecom.doors import APP_DOOR, Door, Giver, Hooks, app_chat, door_of, hook_chat
from bot.platforms.wecom.media import fetch
from bot.platforms.wecom.upload import UploadKind
from domain.clock import Clock
from notifier.delivery import NOT_IN_PLACE, Delivered, Outcome, Outgoing, Refused, Retry

_OFF: Final = "没有配置企业微信的任何一个入口，企业微信未启用"
_ELSEWHERE: Final = "另一个节点在连"
_NO_APP: Final = "没有配置企业微信自建应用，发不到这个会话"
_NO_HOOK: Final = "没有配置这个群的群机器人，发不到这个会话"
_RUNG_BY_CARD: Final = Delivered(note="the card itself comes by this webhook, and rings")
_NO_BOT: Final = "没有配置企业微信智能机器人，发不到这个会话"


class WeCom:
    """Hears and speaks through whichever doors are configured.

    `hear` writes into the journal; `node` is the name of this process, to which reply slots are bound;
    `media_path` gives the file of a picture by its hash-name (None: pictures of cards are left out). With
    `opens` false the long connection is opened by whoever calls `connection()`.
    """

    name = hearing.PLATFORM

    def __init__(  # noqa: PLR0913 (each door is a part of its own)
        self,
        config: WeComConfig,
        *,
        http: httpx.AsyncClient,
        hear: Hear,
        clock: Clock,
        node: str,
        media_path: MediaPath | None = None,
        app: Giver | None = None,
        hooks: Hooks | None = None,
        opens: bool = True,
    ) -> None:
        self._config = config
        self._hear = hear
        self._clock = clock
        self._node = node
        self._media_path = media_path
        self._downloads = Downloads(http, bases=(config.api_url, config.ws_url))
        self._app = app
        self._bot = (
            BotDoor(config, http=http, hear=hear, clock=clock, node=node, media_path=media_path)
            if config.is_called
            else None
        )
        self._hooks = hooks
        self._opens = opens and config.connects
        self._since = clock.now()
        self._connection: Connection | None = None
        self._stopping = asyncio.Event()

    def __repr__(self) -> str:
        return f"<WeCom {self._config.bot_id} {self.health().state}>"

    def connection(self, tenure: Tenure = Tenure()) -> Connection:  # noqa: B008 (frozen)
        """Return a new long connection, to be run by the caller; from now on it is the one that speaks."""
        self._connection = Connection(
            self._config,
            hear=self._hear,
            clock=self._clock,
            node=self._node,
            media_path=self._media_path,
            tenure=tenure,
        )
        return self._connection

    async def run(self) -> None:
        """Keep every door up until `stop`; never raises for anything that the network does."""
        if self._stopping.is_set():
            return
        async with asyncio.TaskGroup() as keeping:
            keeping.create_task(self._stopping.wait())
            for door in self._doors:
                keeping.create_task(door.run(), name=f"wecom {door.name}")
            if self._opens:
                keeping.create_task(self.connection().run(), name="wecom connection")

    async def stop(self) -> None:
        """Stop hearing, finish what is in hand, close sockets; within some 5 s."""
        self._stopping.set()
        if self._connection is not None:
            await self._connection.stop()
        await asyncio.gather(*(door.stop() for door in self._doors))

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the URLs on which WeCom calls us."""
        return [route for door in self._doors for route in door.routes()]

    def reach(self) -> Collection[str]:
        """Return every chat; where another node has the connection, only those that go without it."""
        if self._config.connects and self._live is None:
            return (app_chat(""), hook_chat(""))
        return ("",)

    async def fetch(self, media: MediaRef) -> bytes:
        """Return the decrypted, checked bytes of a picture or file; raises MediaUnavailable."""
        if door := media.ref.get("door"):
            return await self._fetch_by(str(door), media)
        pauses = self._config.timing.download_pauses
        return await fetch(media, downloads=self._downloads, clock=self._clock, pauses=pauses)

    async def send(self, out: Outgoing) -> Outcome:
        """Render and send a card by its chat's door; never raises, and says what happened."""
        match door_of(out.chat_id):
            case "app":
                return await self._app.send(_by_app(out)) if self._app else Refused(reason=_NO_APP)
            case _ if out.in_place:
                return NOT_IN_PLACE  # a card of the AI bot is changed within 5 s of a click on it, or never
            case "hook" if self._hooks:
                return await self._by_hook(out, hooks=self._hooks)
            case "hook":
                return Refused(reason=_NO_HOOK)
        said = out.at("")
        if self._bot and (answered := await self._bot.answer(said, carrier=self._carrier(said))):
            return answered
        outcome = await self._unprompted(said)
        # Nobody has spoken to the bot there (93000), or it has no way to speak first.
        around = self._sideways(out) if isinstance(outcome, Refused) else None
        return await around if around else outcome

    async def _by_hook(self, out: Outgoing, *, hooks: Hooks) -> Outcome:
        """Say it by a group's webhook; a ring beside a card that comes this way anyway would say it twice."""
        rings_anyway = not self._config.connects and hooks.group_of(out.chat_id)
        return _RUNG_BY_CARD if rings_anyway else await hooks.send(out)

    async def _unprompted(self, out: Outgoing) -> Outcome:
        if self._config.connects:
            return await self._live.send(out) if self._live else Retry(reason=_ELSEWHERE, after=1.0)
        return no_push(out) if self._bot else Refused(reason=_NO_BOT)

    async def send_file(self, out: Outgoing, *, name: str, data: bytes, kind: UploadKind = "file") -> Outcome:
        """Send a file or picture to the chat of `out`, beside what its card says; may take more than 10 s."""
        if self._live is None:
            return Retry(reason=_ELSEWHERE, after=1.0)
        return await self._live.send_file(out, name=name, data=data, kind=kind)

    def health(self) -> Health:
        """Say how the connection is, if there is to be one, and what else is on."""
        on = [door.health() for door in self._doors]
        first = self._standing()
        if first is None:
            first = on[0] if on else Health(name=self.name, state=State.OFF, since=self._since, detail=_OFF)
            on = on[1:]
        bad = [it for it in on if it.state is not State.READY]
        worst = bad[0] if bad and first.state in {State.READY, State.STANDBY} else first
        details = "；".join(filter(None, (first.detail, *(it.detail for it in on))))
        heard = [it.last_frame_at for it in (first, *on) if it.last_frame_at]
        return replace(
            first, name=self.name, state=worst.state, detail=details, last_frame_at=max(heard, default=None)
        )

    @property
    def _doors(self) -> list[Door]:
        return [door for door in (self._bot, self._app, self._hooks) if door]

    @property
    def _live(self) -> Connection | None:
        return None if self._connection is None or self._connection.over else self._connection

    def _standing(self) -> Health | None:
        """Return how the long connection is; None if there is to be none."""
        if not self._config.connects:
            return None
        if self._connection is not None and (self._live or self._stopping.is_set()):
            return self._connection.health()
        return Health(name=self.name, state=State.STANDBY, since=self._since, detail=_ELSEWHERE)

    def _sideways(self, out: Outgoing) -> Awaitable[Outcome] | None:
        """Say what the AI bot has no way to say, to the same people by another door, if there is one."""
        if out.chat_kind == "direct" and self._app:
            return self._app.send(replace(out, chat_id=app_chat(out.chat_id), slot=None))
        if out.chat_kind == "group" and self._hooks and (chat := self._hooks.chat_of(out.chat_id)):
            return self._hooks.send(replace(out, chat_id=chat, slot=None))
        return None

    def _carrier(self, out: Outgoing) -> Carrier | None:
        """Return the door that takes files to the same people, if there is one."""
        if out.chat_kind == "direct" and self._app:
            enclose, chat, where = self._app.enclose, app_chat(out.chat_id), BY_APP
        elif self._hooks and (chat := self._hooks.chat_of(out.chat_id)):
            enclose, where = self._hooks.enclose, ""
        else:
            return None

        async def send(left: Outgoing, *, abridged: bool) -> Delivered:
            return await enclose(replace(left, chat_id=chat, slot=None), abridged=abridged)

        return Carrier(send=send, where=where)

    async def _fetch_by(self, name: str, media: MediaRef) -> bytes:
        for door in self._doors:
            if door.name == name:
                return await door.fetch(media)
        raise MediaUnavailable("the door by which it came is not configured", temporary=False)


def _by_app(out: Outgoing) -> Outgoing:
    """Return what is said in the app's own chat; pushed there before, it can only have been by the app."""
    pushed_before = out.repeat > 0 and out.slot is None
    return replace(out, known_at=APP_DOOR) if pushed_before else out
