"""One socket of the long connection, from open to over: reads, asks and is answered, keeps the heartbeat."""

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Any, Final
from weakref import WeakValueDictionary

import aiohttp
import structlog

from bot.platforms.patience import comes
from bot.platforms.wecom import frames
from bot.platforms.wecom.config import Timing
from bot.platforms.wecom.frames import Frame
from bot.platforms.wecom.outcomes import NOT_SUBSCRIBED
from notifier.metering import spent

log = structlog.get_logger(__name__)

_RECENT: Final = 4096  # chats whose last request is remembered, for pushes that only work as answers
_WRITE_ERRORS: Final = (ConnectionError, aiohttp.ClientError)


class End(StrEnum):
    """Why a connection is over."""

    CLOSED = "closed"
    KICKED = "kicked"
    MUTE = "no_pong"
    SILENT = "silent"
    STUCK = "write_stuck"
    BROKEN = "broken"
    NOT_SUBSCRIBED = "not_subscribed"
    UNREACHABLE = "unreachable"
    UNANSWERED = "subscribe_unanswered"
    BUSY = "subscribe_busy"
    REFUSED = "subscribe_refused"
    STOPPED = "stopped"


class NotSent(Exception):
    """The request certainly never left."""


class AckLost(Exception):
    """The request may have arrived: it left, and no answer came."""


class Link:
    """One live socket.

    `heard` is called for each callback, at once and in order; it must not wait. A request is answered by its
    req_id, and what waits for an answer never holds the reader up. Nothing here outlives the socket: requests
    of callers (`recent`) die with it, because the server refuses them on another connection.
    """

    def __init__(
        self,
        socket: aiohttp.ClientWebSocketResponse[bool],
        *,
        timing: Timing,
        heard: Callable[[Frame, "Link"], None],
    ) -> None:
        self.id = secrets.token_hex(6)
        self.recent: OrderedDict[str, str] = OrderedDict()
        self._socket = socket
        self._timing = timing
        self._heard = heard
        self._loop = asyncio.get_running_loop()
        self._over: asyncio.Future[End] = self._loop.create_future()
        self._waiting: dict[str, asyncio.Future[Frame]] = {}
        self._spoilt: set[str] = set()
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._unanswered = 0
        self._silence = 0.0  # seconds, by the beat: time that we stood through ourselves does not count

    def __repr__(self) -> str:
        return f"<Link {self.id} {'over' if self.over else 'open'}>"

    @property
    def over(self) -> bool:
        """Whether this connection has ended."""
        return self._over.done()

    def takes(self, req_id: str) -> bool:
        """Whether a callback's req_id may still be answered here (see `ask`)."""
        return bool(req_id) and req_id not in self._spoilt

    async def quiet(self) -> None:
        """Return when nobody waits for an answer any more."""
        while self._waiting:
            await asyncio.wait(set(self._waiting.values()))
            await asyncio.sleep(0)

    def end(self, why: End) -> None:
        """Call the connection over; the first reason counts."""
        if not self._over.done():
            self._over.set_result(why)

    async def live(self) -> End:
        """Read and keep the heartbeat until the connection ends for whatever cause; close it, say why."""
        tasks = [asyncio.create_task(self._guard(work)) for work in (self._read, self._beat)]
        try:
            return await asyncio.shield(self._over)
        finally:
            self.end(End.STOPPED)
            for task in tasks:
                task.cancel()
            for result in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(result, Exception):
                    log.error("wecom.link_failed", connection=self.id, exc_info=result)
            self._fail_waiting()
            await self._close()

    async def ask(
        self, cmd: str, body: dict[str, Any], *, req_id: str = "", within: float | None = None
    ) -> Frame:
        """Send a request and return its answer, whatever its errcode; raises NotSent or AckLost.

        The answer is waited for `within` seconds, if no other number is given as long as for every message.

        Requests on the same callback's req_id go one after the other, as the answers name nothing else. Where
        an answer stayed out, the req_id is not used again: a late answer must not be taken for another's.
        """
        req_id = req_id or frames.new_req_id(cmd)
        async with self._turn(req_id):
            if self.over or req_id in self._spoilt:
                raise NotSent(
                    "the connection is over" if self.over else "an answer on this request is missing"
                )
            answer = self._waiting[req_id] = self._loop.create_future()
            try:
                text = frames.write(cmd, body, req_id=req_id)
                said = await self._answered(text, answer, within=within or self._timing.ack)
                if cmd in frames.USES:
                    spent(frames.USES[cmd])
                return said
            finally:
                self._waiting.pop(req_id, None)
                if answer.cancel():  # it has not come
                    self._spoilt.add(req_id)

    def remember(self, chat_id: str, req_id: str) -> None:
        """Keep the last request of a chat: some groups take a push only as an answer."""
        self.recent[chat_id] = req_id
        self.recent.move_to_end(chat_id)
        if len(self.recent) > _RECENT:
            self.recent.popitem(last=False)

    async def _answered(self, text: str, answer: "asyncio.Future[Frame]", *, within: float) -> Frame:
        try:
            async with asyncio.timeout(within):
                await self._socket.send_str(text)
        except TimeoutError:
            raise AckLost("not written in time") from None
        except _WRITE_ERRORS:
            self.end(End.BROKEN)
            raise AckLost("the connection broke while writing") from None
        if not await comes(answer, within=within):
            raise AckLost("no answer in time")
        return answer.result()

    def _turn(self, req_id: str) -> asyncio.Lock:
        return self._turns.setdefault(req_id, asyncio.Lock())

    async def _guard(self, work: Callable[[], Awaitable[End]]) -> None:
        """Whatever ends reading or the heartbeat ends the connection."""
        try:
            self.end(await work())
        except _WRITE_ERRORS:
            self.end(End.BROKEN)
        finally:
            self.end(End.BROKEN)

    async def _read(self) -> End:
        while True:
            message = await self._socket.receive()
            if message.type not in {aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY}:
                log.info("wecom.socket_ended", connection=self.id, code=self._socket.close_code)
                return End.CLOSED
            frame = frames.read(message.data)
            if frame is None:
                log.warning("wecom.frame_unreadable", connection=self.id, size=len(message.data))
            else:
                self._take(frame)

    def _take(self, frame: Frame) -> None:
        if frame.is_callback or frame.req_id.startswith(frames.PING):
            self._silence = 0.0
        if frame.errcode == NOT_SUBSCRIBED:
            self.end(End.NOT_SUBSCRIBED)  # the socket is open and deaf: only a new one helps
        if frame.event == "disconnected_event":
            self.end(End.KICKED)  # it stays half-alive (pongs, no messages): over for us
        elif frame.is_callback:
            self._heard(frame, self)
        elif frame.req_id.startswith(frames.PING):
            self._unanswered = 0
        else:
            self._settle(frame)

    def _settle(self, frame: Frame) -> None:
        answer = self._waiting.get(frame.req_id)
        if answer is None or answer.done():
            log.info(
                "wecom.answer_unexpected", connection=self.id, req_id=frame.req_id, errcode=frame.errcode
            )
            return
        answer.set_result(frame)

    async def _beat(self) -> End:
        while True:
            await asyncio.sleep(self._timing.ping)
            self._silence += self._timing.ping
            if self._unanswered >= self._timing.pings_lost:
                return End.MUTE
            if self._silence >= self._timing.silence:
                return End.SILENT
            self._unanswered += 1
            ping = frames.write(frames.PING, None, req_id=frames.new_req_id(frames.PING))
            try:
                async with asyncio.timeout(self._timing.ack):
                    await self._socket.send_str(ping)
            except TimeoutError:
                return End.STUCK

    def _fail_waiting(self) -> None:
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(AckLost("the connection ended before the answer"))

    async def _close(self) -> None:
        try:
            async with asyncio.timeout(self._timing.close):
                await self._socket.close()
        except (TimeoutError, *_WRITE_ERRORS):
            log.info("wecom.close_cut_short", connection=self.id)
