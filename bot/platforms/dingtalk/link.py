"""One WebSocket to the gateway: reads frames, watches that the other side lives, sends acknowledgements."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import aiohttp
import structlog

from bot.platforms.dingtalk.config import Timings
from bot.platforms.patience import comes
from domain.clock import Clock

log = structlog.get_logger()

# What a socket may raise while it is used after the network took it away.
SOCKET_ERRORS = (aiohttp.ClientError, OSError, RuntimeError, TimeoutError)
_ENDED = {
    aiohttp.WSMsgType.CLOSE,
    aiohttp.WSMsgType.CLOSING,
    aiohttp.WSMsgType.CLOSED,
    aiohttp.WSMsgType.ERROR,
}

Take = Callable[[str, "Link"], Awaitable[None]]


class Link:
    """One connection from open to close; `ask_replacement` says that another should take over."""

    def __init__(
        self, ws: aiohttp.ClientWebSocketResponse, *, take: Take, clock: Clock, timings: Timings
    ) -> None:
        self._ws = ws
        self._take = take
        self._clock = clock
        self._timings = timings
        self._opened = self._last_frame = clock.monotonic()
        self._silence = 0.0  # seconds; only beats in which we were listening count
        self._listening = True
        self._reading = asyncio.create_task(self._read())
        self._watching = asyncio.create_task(self._watch())
        self.over = asyncio.Event()  # closed, or to be replaced
        self.why = ""
        self.last_frame_at: datetime | None = None

    @property
    def lived(self) -> float:
        """Seconds since the connection opened."""
        return self._clock.monotonic() - self._opened

    @property
    def closed(self) -> bool:
        """Whether nothing more can come."""
        return self._reading.done()

    def ask_replacement(self, why: str) -> None:
        """Have another connection opened; this one is read on until that stands."""
        self.why = self.why or why
        self.over.set()

    async def say(self, text: str) -> bool:
        """Send an acknowledgement on the very socket that asked; False if it is gone."""
        try:
            async with asyncio.timeout(self._timings.card_ack):
                await self._ws.send_str(text)
        except SOCKET_ERRORS:
            return False
        return True

    async def retire(self) -> None:
        """Read on until the other side closes or time is up, then close: nothing under way is lost.

        Time in which the desk has no room does not count: what came meanwhile lies unread in the socket.
        """
        try:
            while not await comes(self._reading, within=self._timings.retire) and not self._listening:
                log.info("dingtalk.retiring_while_crowded")
        finally:
            await self.close()

    async def close(self) -> None:
        """Close and end both tasks; the other side has a second to answer."""
        for task in (self._watching, self._reading):
            task.cancel()
        ended = await asyncio.gather(self._watching, self._reading, return_exceptions=True)
        for bug in (one for one in ended if isinstance(one, Exception)):
            log.error("dingtalk.link_failed", error=type(bug).__name__, exc_info=bug)
        try:
            await self._ws.close()
        except SOCKET_ERRORS as failure:
            log.debug("dingtalk.close_failed", error=type(failure).__name__)

    async def _read(self) -> None:
        try:
            await self._read_on()
        except SOCKET_ERRORS as failure:
            self.why = self.why or type(failure).__name__
        finally:
            self.ask_replacement(f"closed ({self._ws.close_code})")

    async def _read_on(self) -> None:
        while True:
            self._listening = True
            message = await self._ws.receive()
            self._listening = True
            if message.type in _ENDED:
                return
            self._silence = 0.0
            if message.type is aiohttp.WSMsgType.PING:
                await self._ws.pong(message.data)
            elif message.type is not aiohttp.WSMsgType.PONG:
                self._note_frame()
                self._listening = False  # for as long as the desk may take, which has bounds of its own
                await self._take(message.data if isinstance(message.data, str) else "", self)
                self._listening = True

    def _note_frame(self) -> None:
        self._last_frame = self._clock.monotonic()
        self.last_frame_at = self._clock.now()

    async def _watch(self) -> None:
        """Ping; drop a socket that gives no sign, and have one replaced that gives no frames.

        Silence is counted by the beat and not by the clock: while the desk has no room, or this process no
        processor, signs lie unread in the socket, and to drop it would lose them.
        """
        beat = self._timings.heartbeat
        while not self.closed:
            began = self._clock.monotonic()
            try:
                async with asyncio.timeout(beat):
                    await self._ws.ping()
            except SOCKET_ERRORS:
                log.debug("dingtalk.ping_failed")
            await asyncio.sleep(beat)
            now = self._clock.monotonic()
            self._silence += min(now - began, 2 * beat) if self._listening else 0.0
            if self._silence > self._timings.dead:
                self.why = "no sign of life"
                self._reading.cancel()
            elif now - self._last_frame > self._timings.idle:
                self.ask_replacement("idle")
