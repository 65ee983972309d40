"""The self-built app (自建应用) as a door of WeCom: its callback, its messages, its media."""

import asyncio
import contextlib
import itertools
from collections.abc import Sequence
from typing import Final

import httpx
import structlog
from aiohttp import web

from bot.platforms.base import Health, Hear, MediaRef, State
from bot.platforms.enclosures import MediaPath
from bot.platforms.http import CredentialsRefused, WireError
from bot.platforms.wecom.app.api import Api
from bot.platforms.wecom.app.attachments import Attachments
from bot.platforms.wecom.app.callback import Callback
from bot.platforms.wecom.app.calls import Calls
from bot.platforms.wecom.app.clicks import Clicks
from bot.platforms.wecom.app.config import AppConfig
from bot.platforms.wecom.app.directory import Contacts
from bot.platforms.wecom.app.post import Post
from bot.platforms.wecom.app.speaking import Speaking
from bot.platforms.wecom.doors import DoorName
from bot.platforms.wecom.media import checked
from bot.platforms.wecom.shown import ShownCards
from domain.clock import Clock
from notifier.delivery import Delivered, Outcome, Outgoing

log = structlog.get_logger(__name__)

NAME: Final = "wecom app"
UNCONFIGURED: Final = "没有配置自建应用的企业 ID、AgentId 和 Secret，应用未启用"
DEAF: Final = "没有配置回调的 Token 和 EncodingAESKey，只能发、不能收"
BAD_KEY: Final = "EncodingAESKey 写错了（应为 43 个字母和数字），应用收不到消息"
AGAIN_SECONDS: Final = (5.0, 30.0, 120.0, 300.0)


class AppDoor:
    """Hears and speaks through one self-built app; any node can use it, nothing is held open.

    `hear` writes into the journal; `node` is the name of this process, which answers the calls that it took;
    `media_path` gives the file of a picture by its hash-name (None: pictures of cards are left out).
    """

    name: DoorName = "app"

    def __init__(
        self,
        config: AppConfig,
        *,
        http: httpx.AsyncClient,
        hear: Hear,
        clock: Clock,
        node: str,
        media_path: MediaPath | None = None,
    ) -> None:
        self.config = config
        self.api = Api(config, http=http, clock=clock)
        self.contacts = Contacts(self.api)
        self._clock = clock
        self._calls = Calls(clock=clock, remembered=config.timing.remembered)
        shown = ShownCards()
        self._post = Post(config, api=self.api, clock=clock)
        self._speaking = Speaking(
            post=self._post,
            clicks=Clicks(config, api=self.api, calls=self._calls, shown=shown, clock=clock, node=node),
            calls=self._calls,
            attachments=Attachments(api=self.api, media_path=media_path),
            shown=shown,
            clock=clock,
            node=node,
        )
        self._callback: Callback | None = None
        self._deaf = DEAF if config.speaks else ""
        if config.hears:
            try:
                self._callback = Callback(config, calls=self._calls, hear=hear, clock=clock, node=node)
            except ValueError:
                self._deaf = BAD_KEY
        self._stopping = asyncio.Event()
        self._state, self._detail, self._since = State.OFF, UNCONFIGURED, clock.now()

    def __repr__(self) -> str:
        return f"<AppDoor {self.config.corp_id} {self._state}>"

    async def run(self) -> None:
        """Make sure that the credentials are good, trying again until they are; then wait for `stop`."""
        if self.config.speaks:
            self._set(State.CONNECTING)
            await self._knock()
        await self._stopping.wait()
        self._set(State.STOPPED)

    async def stop(self) -> None:
        """Let open calls go, give up what is still being fetched."""
        self._stopping.set()
        self._calls.close()
        await self.api.close()

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the callback URL; () where it is not configured."""
        return self._callback.routes() if self._callback else ()

    async def send(self, out: Outgoing) -> Outcome:
        """Say something in a person's chat with the app; never raises."""
        return await self._speaking.send(out)

    async def enclose(self, out: Outgoing, *, abridged: bool) -> Delivered:
        """Send what goes with a card that was said elsewhere; the note says what did not arrive."""
        return await self._speaking.enclose(out, abridged=abridged)

    async def fetch(self, media: MediaRef) -> bytes:
        """Return the bytes of a picture or file by its media id; raises MediaUnavailable."""
        data = await self.api.download(str(media.ref.get("media_id", "")))
        return checked(data, kind=media.kind)

    async def recall(self, msgid: str) -> bool:
        """Take a message back within 24 h; False if that did not work."""
        return await self._post.recall(msgid)

    async def callback_ips(self) -> list[str]:
        """Return the addresses from which WeCom calls (page 90930), for firewalls; raises WireError."""
        found = (await self.api.right("GET", "getcallbackip")).get("ip_list", [])
        return [str(ip) for ip in found] if isinstance(found, list) else []

    def health(self) -> Health:
        """Say whether the credentials are good, and what a person should mend."""
        warnings = [self._detail, self._speaking.trouble]
        warnings += [self._callback.warning if self._callback else self._deaf]
        return Health(
            name=NAME,
            state=self._state,
            since=self._since,
            detail="；".join(filter(None, warnings)),
            last_frame_at=self._callback.heard_at if self._callback else None,
        )

    async def _knock(self) -> None:
        for pause in itertools.chain(AGAIN_SECONDS, itertools.repeat(AGAIN_SECONDS[-1])):
            try:
                await self.api.check()
            except WireError as failed:
                refused = isinstance(failed, CredentialsRefused)
                self._set(State.REFUSED if refused else State.CONNECTING, str(failed))
                log.warning("wecom.app_not_ready", reason=str(failed))
            else:
                self._set(State.READY)
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
                return

    def _set(self, state: State, detail: str = "") -> None:
        if state is not self._state:
            self._since = self._clock.now()
        self._state, self._detail = state, detail
