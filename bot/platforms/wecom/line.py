"""Keeps one subscribed connection to WeCom up: connect, subscribe, live, and again after any end.

The vendor's Python clients stay dead after a clean close, a lost pong or a kick (measured); here every end
of the read loop leads back to the top, with exponential back-off and full jitter.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import aiohttp
import structlog

from bot.platforms.base import State, Tenure
from bot.platforms.http import proxy_to
from bot.platforms.wecom import frames
from bot.platforms.wecom.config import WeComConfig
from bot.platforms.wecom.frames import Frame
from bot.platforms.wecom.link import AckLost, End, Link, NotSent
from bot.platforms.wecom.outcomes import TRANSIENT
from domain.clock import Clock

log = structlog.get_logger(__name__)

_DETAIL: Final[dict[End, str]] = {
    End.KICKED: "同一个机器人在别处也连上了（另一个实例在运行？），稍后再试",
    End.REFUSED: "机器人的 Bot ID 或 Secret 不被接受，请检查配置；稍后再试",
    End.UNREACHABLE: "连不上企业微信，正在重试",
    End.UNANSWERED: "企业微信没有回应订阅，正在重试",
    End.BUSY: "企业微信繁忙，正在重试",
}
OWN_KICKS: Final = 2
"""Kicks soon after a take-over that are taken for those of the node that had the line before."""
_BROKEN: Final = "连接断开，正在重连"
_STATE: Final[dict[End, State]] = {End.KICKED: State.KICKED, End.REFUSED: State.REFUSED}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where the line stands, since when, and what a person should know."""

    state: State
    since: datetime
    detail: str = ""


class Line:
    """The connection that is always there or on its way; `link` is the ready one, or None."""

    def __init__(
        self,
        config: WeComConfig,
        *,
        clock: Clock,
        heard: Callable[[Frame, Link], None],
        tenure: Tenure = Tenure(),  # noqa: B008 (frozen)
    ) -> None:
        self._config = config
        self._tenure = tenure
        self._clock = clock
        self._heard = heard
        self._ready = asyncio.Event()
        self._dice = random.SystemRandom()
        self._failures = 0
        self._kicks = 0
        self._next_try = 0.0
        self._link: Link | None = None
        self.reconnects = -1
        self.last_frame_at: datetime | None = None
        self.standing = Standing(state=State.CONNECTING, since=clock.now())

    async def keep(self) -> None:
        """Be connected until cancelled; nothing that the network does gets out of here."""
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=self._config.timing.open)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                if not self._tenure.stands():
                    await asyncio.sleep(self._config.timing.lease)  # to connect would be to kick another node
                    continue
                self.reconnects += 1
                why = await self._once(session)
                await self._pause(why)

    @property
    def link(self) -> Link | None:
        """The subscribed connection, if there is one at this moment."""
        return None if self._link is None or self._link.over else self._link

    async def ready(self, *, within: float) -> Link | None:
        """Return the ready link, waiting at most `within` seconds for it."""
        if self.link is None:
            self._ready.clear()  # the last one has ended and is just being closed
        try:
            async with asyncio.timeout(within):
                await self._ready.wait()
        except TimeoutError:
            return None
        return self.link

    def set(self, state: State, detail: str = "") -> None:
        """Change the standing; a change of state is logged."""
        if (state, detail) == (self.standing.state, self.standing.detail):
            return
        if state != self.standing.state:
            log.info("wecom.state", state=state, detail=detail)
            self.standing = Standing(state=state, since=self._clock.now(), detail=detail)
        self.standing = Standing(state=state, since=self.standing.since, detail=detail)

    def next_try(self) -> float:
        """Return in how many seconds the next connection is tried; at least 1."""
        return max(1.0, self._next_try - asyncio.get_running_loop().time())

    async def _once(self, session: aiohttp.ClientSession) -> End:
        timing = self._config.timing
        began = asyncio.get_running_loop().time()
        socket = await self._open(session)
        if socket is None:
            self._failures += 1
            return End.UNREACHABLE
        link = Link(socket, timing=timing, heard=self._notice)
        why = await self._subscribed(link)
        lived = asyncio.get_running_loop().time() - began
        self._failures = 0 if lived >= timing.settled else self._failures + 1
        self._kicks = (
            self._kicks + 1 if why is End.KICKED else 0 if lived >= timing.kicked_most else self._kicks
        )
        return why

    async def _open(self, session: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse[bool] | None:
        timing = self._config.timing
        try:
            async with asyncio.timeout(timing.open):
                return await session.ws_connect(
                    self._config.ws_url,
                    proxy=proxy_to(self._config.ws_url, self._config.proxy.get_secret_value()),
                    timeout=aiohttp.ClientWSTimeout(ws_close=timing.close),
                )
        except (OSError, aiohttp.ClientError, ValueError) as error:  # TimeoutError is an OSError
            log.warning("wecom.unreachable", error=type(error).__name__)
            return None

    async def _subscribed(self, link: Link) -> End:
        """Subscribe on an open socket and live until it ends."""
        living = asyncio.create_task(link.live())
        try:
            if refusal := await self._subscribe(link):
                link.end(refusal)
            elif not link.over:
                self._announce(link)
            return await living
        finally:
            self._ready.clear()
            self._link = None
            living.cancel()
            await asyncio.gather(living, return_exceptions=True)

    async def _subscribe(self, link: Link) -> End | None:
        """Return None when the subscription is acknowledged, else why not."""
        body = {"bot_id": self._config.bot_id, "secret": self._config.bot_secret.get_secret_value()}
        if self._config.device_id:
            body["device_id"] = self._config.device_id
        try:
            answer = await link.ask(frames.SUBSCRIBE, body)
        except (AckLost, NotSent):
            return End.UNANSWERED
        if answer.errcode == 0:
            return None
        log.error("wecom.subscribe_refused", errcode=answer.errcode, errmsg=self._scrubbed(answer.errmsg))
        return End.BUSY if answer.errcode in TRANSIENT else End.REFUSED

    def _announce(self, link: Link) -> None:
        self._link = link
        self._ready.set()
        self.set(State.READY)
        log.info("wecom.ready", connection=link.id, reconnects=self.reconnects)

    def _notice(self, frame: Frame, link: Link) -> None:
        self.last_frame_at = self._clock.now()
        self._heard(frame, link)

    async def _pause(self, why: End) -> None:
        seconds = self._pause_after(why)
        self._next_try = asyncio.get_running_loop().time() + seconds
        self.set(_STATE.get(why, State.CONNECTING), _DETAIL.get(why, _BROKEN))
        log.warning("wecom.disconnected", why=why, again_in=round(seconds, 1))
        await asyncio.sleep(seconds)

    def _pause_after(self, why: End) -> float:
        """Return seconds: full jitter for the network; never less than asked after a kick or a refusal."""
        timing = self._config.timing
        if why is End.REFUSED:
            return timing.refused * self._dice.uniform(1.0, 1.25)
        if why is End.KICKED and self._kicks <= OWN_KICKS and self._tenure.is_new():
            return timing.own_kick * self._dice.uniform(1.0, 2.0)
        if why is End.KICKED:
            seconds: float = min(timing.kicked_most, timing.kicked * 2 ** min(self._kicks - 1, 10))
            return seconds * self._dice.uniform(1.0, 1.5)
        most: float = min(timing.backoff_most, timing.backoff_first * 2 ** min(self._failures, 10))
        return self._dice.uniform(0.0, most)

    def _scrubbed(self, text: str) -> str:
        return text.replace(self._config.bot_secret.get_secret_value() or "\x00", "***")[:200]
