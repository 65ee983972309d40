"""Pressed buttons whose acknowledgement is owed: for 1.5 s it may carry the card's new content."""

import asyncio
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Owed:
    """One acknowledgement: of a button on which card, what it will carry, and whether it went out."""

    track: str
    answer: asyncio.Future[dict[str, Any]]
    sent: asyncio.Future[bool]

    async def wait(self, seconds: float) -> dict[str, Any]:
        """Return the card's new content, or {} after so many seconds; from then on it is too late for it."""
        if not self.answer.done():
            await asyncio.wait({self.answer}, timeout=max(seconds, 0.0))
        if not self.answer.done():
            self.answer.set_result({})
        return self.answer.result()


class OwedReplies:
    """The acknowledgements owed on this node, by push id."""

    def __init__(self) -> None:
        self._owed: dict[str, Owed] = {}
        self._closed = False

    def expect(self, push_id: str, *, track: str) -> Owed:
        """Note that this push waits for an acknowledgement; call before the message can be handled."""
        loop = asyncio.get_running_loop()
        owed = Owed(track=track, answer=loop.create_future(), sent=loop.create_future())
        if self._closed:
            owed.answer.set_result({})
        self._owed.setdefault(push_id, owed)
        return owed

    def settle(self, push_id: str, owed: Owed, *, sent: bool) -> None:
        """Tell whoever filled the acknowledgement whether it went out."""
        if self._owed.get(push_id) is owed:
            del self._owed[push_id]
        if not owed.sent.done():
            owed.sent.set_result(sent)

    async def fill(self, track: str, answer: dict[str, Any]) -> bool:
        """Let the acknowledgement that is owed to a press on this card carry `answer`.

        False if none is owed any more, or it could not be sent.
        """
        open_ones = (one for one in self._owed.values() if one.track == track and not one.answer.done())
        owed = next(open_ones, None)
        if owed is None:
            return False
        owed.answer.set_result(answer)
        return await asyncio.shield(owed.sent)

    def waive(self, track: str) -> None:
        """Let an acknowledgement go out at once, empty: the answer went another way."""
        for owed in self._owed.values():
            if owed.track == track and not owed.answer.done():
                owed.answer.set_result({})

    def close(self) -> None:
        """Let every acknowledgement go out at once, empty."""
        self._closed = True
        for owed in self._owed.values():
            if not owed.answer.done():
                owed.answer.set_result({})
