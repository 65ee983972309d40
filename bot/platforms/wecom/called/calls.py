"""Who waits for what: requests of WeCom that an answer may go out on, and answers that look for a request.

A call is one message: the callback itself, its deliveries again, and the refreshes of its stream. An answer
waits for whichever of them comes next; what went out is kept for a delivery whose answer was lost.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final

Body = dict[str, Any]
Make = Callable[[bool], Body]
"""Makes the answer's body; told whether a stream is on the screen already that must be finished."""

_MOST: Final = 4096
_KEPT_SECONDS: Final = 600.0
"""WeCom asks after a stream for 6 minutes; an answer with its pictures may have megabytes."""
_WRITE_SECONDS: Final = 5.0


class Offer:
    """An answer on its way: taken by a request, then written or not."""

    def __init__(self, make: Make) -> None:
        self._make = make
        self._body: Body | None = None
        self.written: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    @property
    def taken(self) -> bool:
        """Whether a request has it in hand."""
        return self._body is not None

    def body(self, *, streaming: bool) -> Body:
        """Take it; the same body for every request that takes it."""
        if self._body is None:
            self._body = self._make(streaming)
        return self._body

    def settle(self, *, written: bool) -> None:
        """Say what became of it; the first word counts."""
        if not self.written.done():
            self.written.set_result(written)

    @property
    def lost(self) -> bool:
        """Whether it could not be written: it goes another way, and must not go out here as well."""
        return self.written.done() and not self.written.result()


class Call:
    """One message that WeCom waits for an answer to."""

    def __init__(self) -> None:
        self.streaming = False
        self.closed = False
        self.born = asyncio.get_running_loop().time()
        self._offer: Offer | None = None
        self._news = asyncio.Event()

    async def offered(self, *, within: float) -> Offer | None:
        """Return the answer as soon as there is one; None after so many seconds, or if there will be none."""
        if not self._news.is_set() and within > 0:
            try:
                async with asyncio.timeout(within):
                    await self._news.wait()
            except TimeoutError:
                return None
        return self._offer

    async def say(self, make: Make, *, within: float) -> bool:
        """Let the next request carry this; False if none came in time or it could not be written."""
        if self.closed or self._offer is not None:
            return False
        offer = self._offer = Offer(make)
        self._news.set()
        try:
            async with asyncio.timeout(within):
                return await asyncio.shield(offer.written)
        except TimeoutError:
            return await self._withdrawn(offer)

    def release(self) -> None:
        """Let whoever waits go without an answer; from now on there is none."""
        self.closed = True
        self._news.set()
        if self._offer is not None and not self._offer.taken:
            self._offer.settle(written=False)
        if self._offer is not None and self._offer.lost:
            self._offer = None

    async def _withdrawn(self, offer: Offer) -> bool:
        """Take an answer back that no request has taken; one that is being written is waited for."""
        if not offer.taken:
            self.release()
            return False
        try:
            async with asyncio.timeout(_WRITE_SECONDS):
                return await asyncio.shield(offer.written)
        except TimeoutError:
            return False


class Calls:
    """The calls of this node by id; the oldest are forgotten."""

    def __init__(self) -> None:
        self._calls: OrderedDict[str, Call] = OrderedDict()

    def find(self, call_id: str) -> Call | None:
        """Return a call that this node knows."""
        return self._calls.get(call_id)

    def open(self, call_id: str) -> Call:
        """Begin a call; before its message can be handled."""
        call = self._calls[call_id] = Call()
        while self._too_many(now=call.born):
            _id, oldest = self._calls.popitem(last=False)
            oldest.release()
        return call

    def _too_many(self, *, now: float) -> bool:
        oldest = next(iter(self._calls.values()))
        return len(self._calls) > _MOST or oldest.born < now - _KEPT_SECONDS

    def drop(self, call_id: str) -> None:
        """Forget a call that is not ours to answer."""
        if call := self._calls.pop(call_id, None):
            call.release()

    def close(self) -> None:
        """Let everybody go."""
        for call in self._calls.values():
            call.release()
