"""Acknowledgements that are owed: for 1.5 s each may carry a pressed card's new content, or the answer."""

from typing import Any

from bot.platforms.owed import Owed


class OwedReply(Owed[dict[str, Any]]):
    """One acknowledgement, of a press on the card `track` or of the HTTP request of that name."""

    def __init__(self, track: str) -> None:
        super().__init__({})
        self.track = track


class OwedReplies:
    """The acknowledgements owed on this node, by push id."""

    def __init__(self) -> None:
        self._owed: dict[str, OwedReply] = {}
        self._closed = False

    def expect(self, push_id: str, *, track: str) -> OwedReply:
        """Note that this push waits for an acknowledgement; call before the message can be handled."""
        owed = OwedReply(track)
        if self._closed:
            owed.release()
        self._owed.setdefault(push_id, owed)
        return owed

    def settle(self, push_id: str, owed: OwedReply, *, sent: bool) -> None:
        """Tell whoever filled the acknowledgement whether it went out."""
        if self._owed.get(push_id) is owed:
            del self._owed[push_id]
        owed.settle(sent=sent)

    async def fill(self, track: str, answer: dict[str, Any]) -> bool:
        """Let the acknowledgement that is owed to a press on this card carry `answer`.

        False if none is owed any more, or it could not be sent.
        """
        owed = next((one for one in self._owed.values() if one.track == track and one.open), None)
        return owed is not None and owed.fill(answer) and await owed.went_out()

    def waive(self, track: str) -> None:
        """Let an acknowledgement go out at once, empty: the answer went another way."""
        for owed in self._owed.values():
            if owed.track == track:
                owed.release()

    def close(self) -> None:
        """Let every acknowledgement go out at once, empty."""
        self._closed = True
        for owed in self._owed.values():
            owed.release()
