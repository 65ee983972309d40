"""DingTalk as the rest of the house sees it: hears, fetches, speaks, says how it is, and can be stopped."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

import httpx
from aiohttp import web

from bot.platforms.base import Health, Hear, MediaRef, State
from bot.platforms.dingtalk.api import Api
from bot.platforms.dingtalk.callbacks import Callbacks
from bot.platforms.dingtalk.cardroute import CardRoute
from bot.platforms.dingtalk.config import DingTalkConfig, Timings
from bot.platforms.dingtalk.desk import Desk
from bot.platforms.dingtalk.directory import Contacts
from bot.platforms.dingtalk.hearing import PLATFORM
from bot.platforms.dingtalk.media import Media, UploadKind
from bot.platforms.dingtalk.replies import OwedReplies
from bot.platforms.dingtalk.ringing import Ringing
from bot.platforms.dingtalk.robot import Robot
from bot.platforms.dingtalk.scribe import Scribe
from bot.platforms.dingtalk.speaking import Speaking
from bot.platforms.dingtalk.stream import Stream
from bot.platforms.downloads import Downloads, Resolve, resolve_name
from bot.platforms.http import hide_queries
from domain.clock import Clock
from notifier.delivery import HOOK, ChatKind, Outcome, Outgoing


class DingTalk:
    """One application at DingTalk; implements `bot.platforms.base.Platform`.

    `http` is the process's one client; `media_path` turns a picture's hash-name into its file.
    """

    name = PLATFORM

    def __init__(
        self,
        config: DingTalkConfig,
        *,
        http: httpx.AsyncClient,
        hear: Hear,
        clock: Clock,
        node: str,
        media_path: Callable[[str], Path] | None = None,
        timings: Timings | None = None,
        resolve: Resolve = resolve_name,
    ) -> None:
        hide_queries()
        timings = timings or Timings()
        owed = OwedReplies()
        api = Api(config, http=http, clock=clock)
        downloads = Downloads(http, bases=(config.api_url, config.oapi_url), resolve=resolve)
        self.contacts = Contacts(api)
        self._media = Media(api, downloads=downloads, media_path=media_path)
        route = CardRoute(config, api=api, clock=clock, wanted=self._stream_is_away)
        self._speaking = Speaking(
            config, api=api, media=self._media, owed=owed, route=route, clock=clock, node=node
        )
        self._ringing = Ringing(config, api=api, clock=clock)
        self._robot = Robot(config, api=api)
        self._hooks = self._speaking.hooks
        self._scribe = Scribe(hear, timings=timings)
        self._grace = timings.close
        self._callbacks = Callbacks(
            config, scribe=self._scribe, owed=owed, clock=clock, timings=timings, node=node
        )
        desk = Desk(config, scribe=self._scribe, owed=owed, clock=clock, timings=timings, node=node)
        self._stream = Stream(config, http=http, desk=desk, clock=clock, timings=timings)

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the addresses at which DingTalk reaches us by HTTP."""
        return self._callbacks.routes()

    async def run(self) -> None:
        """Connect and stay connected until `stop`; never raises for anything that the network does."""
        await self._stream.run()

    async def stop(self) -> None:
        """Stop hearing, finish what is in hand, close sockets; returns within some 5 s."""
        await self._stream.stop()
        await self._callbacks.finish(self._grace)

    async def fetch(self, media: MediaRef) -> bytes:
        """Return the bytes of a picture or file; raises MediaUnavailable."""
        return await self._media.fetch(media)

    def reach(self) -> Collection[str]:
        """Return `("",)`: every chat can be spoken to from every node."""
        return ("",)

    async def send(self, out: Outgoing) -> Outcome:
        """Render and send by the chat's door, then ring if asked to; never raises, says what happened."""
        if out.chat_id.startswith(HOOK):
            return await self._hooks.send(out)
        return await self._ringing.after(out, await self._speaking.send(out))

    async def recall(self, *, chat_id: str, chat_kind: ChatKind, provider_id: str) -> Outcome:
        """Take back what was delivered under `provider_id`; Delivered means that it is gone."""
        return await self._robot.recall(chat_id=chat_id, chat_kind=chat_kind, provider_id=provider_id)

    async def send_file(self, out: Outgoing, *, name: str, data: bytes, kind: UploadKind = "file") -> Outcome:
        """Send a picture or file to the chat of `out`, beside what its card says."""
        return await self._speaking.send_file(out, name=name, data=data, kind=kind)

    async def upload(self, kind: UploadKind, *, name: str, data: bytes) -> str:
        """Upload bytes as `image` or `file` and return the media id; raises UploadFailed or WireError."""
        return await self._media.upload(kind, name, data)

    def health(self) -> Health:
        """Say how the connection is; a tenant whose messages come by HTTP needs no stream."""
        found = self._stream.health(self.name)
        heard_at = self._callbacks.last_heard_at
        hooks = [f"{code}：{why}" for code, why in sorted(self._hooks.troubles.items())]
        detail = "；".join([found.detail or self._scribe.summary(), *hooks])
        if heard_at is None or found.state is State.STOPPED:
            return replace(found, detail=detail)
        newest = max(filter(None, (heard_at, found.last_frame_at)))
        if found.state is State.READY:
            return replace(found, detail=detail, last_frame_at=newest)
        said = f"HTTP 回调正常（stream: {found.state} {found.detail}）{self._scribe.summary()}"
        return replace(found, state=State.READY, detail=said, last_frame_at=newest)

    def _stream_is_away(self) -> bool:
        return self._stream.health(self.name).state is not State.READY

    @property
    def counters(self) -> dict[str, int]:
        """Frames by what became of them: heard, repeated, acknowledged, ack_lost, garbage, ..."""
        return dict(self._scribe.counters)
