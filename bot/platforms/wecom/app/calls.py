"""Callbacks whose answer is still owed: what is said within 4 s goes out on the call itself.

A call whose answer was lost on the way comes again with the same message id: a good answer is kept for that.
"""

from collections import OrderedDict

from bot.platforms.owed import Owed
from domain.clock import Clock

_MOST_KEPT = 4096


class Call(Owed[str]):
    """One call of WeCom's: the XML that answers it ('': nothing), and whether that went out."""

    def __init__(self) -> None:
        super().__init__("")


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
            call.release()
        if earlier := self._open.get(message_id):
            earlier.release()
        self._open[message_id] = call
        return call

    def settle(self, message_id: str, call: Call, *, answer: str) -> None:
        """Tell whoever filled it that `answer` went out; '': that nothing did."""
        if self._open.get(message_id) is call:
            del self._open[message_id]
        if answer:  # else it is said another way, and a delivery again must not say it twice
            self._keep(message_id, answer)
        call.settle(sent=bool(answer))

    async def answer(self, message_id: str, xml: str) -> bool:
        """Answer the call of this message with a passive reply; False if it is too late for that."""
        call = self._open.get(message_id)
        return call is not None and call.fill(xml) and await call.went_out()

    def release(self, message_id: str) -> None:
        """Let the call go without an answer: it is said another way."""
        if call := self._open.get(message_id):
            call.release()

    def kept(self, message_id: str) -> str:
        """Return what a call for this message was answered with lately, or ''."""
        found, until = self._kept.get(message_id, ("", 0.0))
        return found if self._clock.monotonic() < until else ""

    def close(self) -> None:
        """Let every call go at once."""
        self._closed = True
        for call in self._open.values():
            call.release()

    def _keep(self, message_id: str, xml: str) -> None:
        self._kept[message_id] = (xml, self._clock.monotonic() + self._remembered)
        while len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
