"""Callbacks whose answer is still owed: what is said within 4 s goes out on the call itself.

A call whose answer was lost on the way comes again with the same message id: a good answer is kept for that.
"""

import asyncio
from collections import OrderedDict

from domain.clock import Clock

_MOST_KEPT = 4096


class Call:
    """One call of WeCom's: the XML that answers it ('': nothing), and whether that went out."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.answer: asyncio.Future[str] = loop.create_future()
        self.sent: asyncio.Future[bool] = loop.create_future()

    def fill(self, answer: str) -> bool:
        """Let it carry this; False if it carries something already."""
        if self.answer.done():
            return False
        self.answer.set_result(answer)
        return True

    async def wait(self, seconds: float) -> str:
        """Return the answer, or '' after so many seconds; from then on it is too late for one."""
        if not self.answer.done():
            await asyncio.wait({self.answer}, timeout=max(seconds, 0.0))
        self.fill("")
        return self.answer.result()


class Calls:
    """The calls that are open on this node, and the answers that went out lately, by message id."""

    def __init__(self, *, clock: Clock, remembered: float) -> None:
        self._clock = clock
        self._remembered = remembered
        self._open: dict[str, Call] = {}
        self._kept: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._closed = False

    def expect(self, message_id: str) -> Call:
        """Note that this message's call waits; call before the message can be handled."""
        call = Call()
        if self._closed:
            call.fill("")
        if earlier := self._open.get(message_id):
            earlier.fill("")
        self._open[message_id] = call
        return call

    def settle(self, message_id: str, call: Call, *, sent: bool) -> None:
        """Tell whoever filled it whether it went out."""
        if self._open.get(message_id) is call:
            del self._open[message_id]
        if sent:  # else it is said another way, and a delivery again must not say it twice
            self._keep(message_id, call.answer.result())
        if not call.sent.done():
            call.sent.set_result(sent)

    async def answer(self, message_id: str, xml: str) -> bool:
        """Answer the call of this message with a passive reply; False if it is too late for that."""
        call = self._open.get(message_id)
        if call is None or not call.fill(xml):
            return False
        return await asyncio.shield(call.sent)

    def release(self, message_id: str) -> None:
        """Let the call go without an answer: it is said another way."""
        if call := self._open.get(message_id):
            call.fill("")

    def kept(self, message_id: str) -> str:
        """Return what a call for this message was answered with lately, or ''."""
        found, until = self._kept.get(message_id, ("", 0.0))
        return found if self._clock.monotonic() < until else ""

    def close(self) -> None:
        """Let every call go at once."""
        self._closed = True
        for call in self._open.values():
            call.fill("")

    def _keep(self, message_id: str, xml: str) -> None:
        self._kept[message_id] = (xml, self._clock.monotonic() + self._remembered)
        while len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
