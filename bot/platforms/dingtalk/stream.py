"""Stays connected to the gateway: opens, replaces before it closes, waits between failures, stops cleanly."""

import asyncio
from datetime import datetime

import aiohttp
import httpx
import structlog

from bot.platforms.base import Health, State
from bot.platforms.dingtalk.backoff import Backoff
from bot.platforms.dingtalk.config import DingTalkConfig, Timings
from bot.platforms.dingtalk.desk import Desk
from bot.platforms.dingtalk.gateway import GatewayRefused, open_place
from bot.platforms.dingtalk.link import SOCKET_ERRORS, Link
from bot.platforms.http import WireError, proxy_to, way_out
from domain.clock import Clock

log = structlog.get_logger()

MAX_FRAME = 4 * 1024 * 1024
REFUSED = (
    "钉钉拒绝了应用凭证：请检查 BANZHANG_DINGTALK_CLIENT_ID 和 BANZHANG_DINGTALK_CLIENT_SECRET，"
    "并确认应用已发布、机器人消息接收模式为 Stream；约 {wait:.0f} 秒后再试。"
    "DingTalk refused the credentials: check client id and secret, and that the app is published in Stream "
    "mode; next attempt in about {wait:.0f} s. ({said})"
)


class Stream:
    """The connection loop; `run` returns after `stop`, and only a bug makes it raise."""

    def __init__(
        self,
        config: DingTalkConfig,
        *,
        http: httpx.AsyncClient,
        desk: Desk,
        clock: Clock,
        timings: Timings,
    ) -> None:
        self._config = config
        self._http = http
        self._desk = desk
        self._clock = clock
        self._timings = timings
        self._backoff = Backoff(timings)
        self._state, self._since, self._detail = State.CONNECTING, clock.now(), ""
        self._reconnects = -1  # the first connection is none
        self._last_frame_at: datetime | None = None
        self._links: list[Link] = []  # the newest last
        self._retiring: dict[Link, asyncio.Task[None]] = {}  # those on their way out
        self._loop: asyncio.Task[None] | None = None
        self._ended = asyncio.Event()
        self._stopping = False

    def health(self, name: str) -> Health:
        """Say how the connection is."""
        return Health(
            name=name,
            state=self._state,
            since=self._since,
            detail=self._detail,
            last_frame_at=self._newest_frame(),
            reconnects=max(self._reconnects, 0),
        )

    def _newest_frame(self) -> datetime | None:
        times = [self._last_frame_at, *(link.last_frame_at for link in self._links)]
        return max(filter(None, times), default=None)

    def _set(self, state: State, detail: str = "") -> None:
        if state is not self._state:
            self._since = self._clock.now()
            log.info("dingtalk.state", state=state.value, detail=detail)
        self._state, self._detail = state, detail

    async def run(self) -> None:
        """Connect and stay connected until `stop`."""
        if self._stopping:
            return
        self._ended.clear()
        try:
            async with aiohttp.ClientSession(trust_env=False) as session:
                self._loop = asyncio.create_task(self._stay_connected(session))
                try:
                    await asyncio.wait({self._loop})
                finally:
                    await self._shut_down(self._loop)
        finally:
            self._set(State.STOPPED)
            self._ended.set()
        if not self._loop.cancelled():
            self._loop.result()

    async def stop(self) -> None:
        """Stop hearing, finish what is in hand, close; `run` has returned when this does, or 5 s are over."""
        self._stopping = True
        if self._loop is None:
            self._set(State.STOPPED)
            return
        self._loop.cancel()
        try:
            await asyncio.wait_for(self._ended.wait(), self._timings.stop + self._timings.close)
        except TimeoutError:
            log.warning("dingtalk.stop_unfinished")

    async def _shut_down(self, loop: asyncio.Task[None]) -> None:
        """Stop opening; journal and acknowledge what is in hand; close; journal what came meanwhile."""
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)
        self._last_frame_at = self._newest_frame()
        grace = self._timings.stop - self._timings.close
        await self._desk.finish(grace)
        for task in self._retiring.values():
            task.cancel()
        await asyncio.gather(*self._retiring.values(), return_exceptions=True)
        await asyncio.gather(*(link.close() for link in self._links))
        await self._desk.give_up(self._timings.close)
        self._links.clear()

    async def _stay_connected(self, session: aiohttp.ClientSession) -> None:
        while True:
            link = await self._open_patiently(session)
            for old in self._links:
                self._retire(old)
            self._links.append(link)
            self._reconnects += 1
            self._set(State.READY)
            await link.over.wait()
            log.info("dingtalk.link_over", why=link.why, lived=round(link.lived, 1))
            if link.closed:
                self._retire(link)
                self._set(State.CONNECTING, link.why)
            await self._pause_after(link)

    async def _pause_after(self, link: Link) -> None:
        """Replace a long-lived connection at once; one that ended early counts as a failure."""
        if link.lived >= self._timings.stable:
            self._backoff.reset()
        if link.closed or link.lived < self._timings.stable:
            await asyncio.sleep(self._backoff.failed())

    def _retire(self, link: Link) -> None:
        """Let an old socket go, after what it still brings; once for each."""
        if link not in self._retiring:
            task = self._retiring[link] = asyncio.create_task(link.retire())
            task.add_done_callback(lambda _: self._gone(link))

    def _gone(self, link: Link) -> None:
        self._last_frame_at = self._newest_frame()
        self._retiring.pop(link, None)
        if link in self._links:
            self._links.remove(link)

    async def _open_patiently(self, session: aiohttp.ClientSession) -> Link:
        """Try until it succeeds; the state says why it does not."""
        while True:
            try:
                return await self._open(session)
            except GatewayRefused as refusal:
                wait = self._backoff.refused()
                self._set(State.REFUSED, REFUSED.format(wait=wait, said=refusal))
                log.warning("dingtalk.refused", said=str(refusal), wait=round(wait))
            except (WireError, *SOCKET_ERRORS, ValueError) as failure:
                wait = self._backoff.failed()
                said = str(failure) if isinstance(failure, WireError) else type(failure).__name__
                self._set(State.CONNECTING, said)
                log.warning("dingtalk.not_connected", said=said, wait=round(wait, 1))
            await asyncio.sleep(wait)

    async def _open(self, session: aiohttp.ClientSession) -> Link:
        place = await open_place(self._http, self._config, seconds=self._timings.open)
        async with asyncio.timeout(self._timings.handshake):
            ws = await session.ws_connect(
                place.url,
                proxy=proxy_to(place.url, way_out(self._http)),
                max_msg_size=MAX_FRAME,
                autoping=False,
                compress=0,
                timeout=aiohttp.ClientWSTimeout(ws_close=self._timings.close),
            )
        return Link(ws, take=self._desk.take, clock=self._clock, timings=self._timings)
