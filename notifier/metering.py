"""What this node has spent and not yet written down: counted at the wire, added to rows in bulk.

A row more for every message would be dear; so units are counted here and written once a second
(`notifier/quota.py`). A node that is killed forgets at most that second.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from domain.models.usage import Spent
from domain.playbook.rules import Use


class Meter:
    """The units that are not in rows yet."""

    def __init__(self) -> None:
        self._units: Counter[Spent] = Counter()

    def count(self, use: Use, *, platform: str, chat_key: str = "", robot: str = "") -> None:
        """Count one unit as the platform does; without a chat it is on whoever is being spoken to."""
        spoken_to = _tab.get()
        chat = chat_key or (spoken_to[2] if spoken_to else "")
        self._units[Spent(platform, use, chat, robot)] += 1

    def take(self) -> Mapping[Spent, int]:
        """Return what is to be written down, and forget it."""
        taken, self._units = self._units, Counter()
        return taken

    def put_back(self, taken: Mapping[Spent, int]) -> None:
        """Keep what could not be written down."""
        self._units.update(taken)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write down."""
        return not self._units


_tab: ContextVar[tuple[Meter, str, str] | None] = ContextVar("tab", default=None)


@contextmanager
def speaking_to(meter: Meter, *, platform: str, chat_key: str) -> Iterator[None]:
    """Inside the block what is `spent` is spent on this chat."""
    token = _tab.set((meter, platform, chat_key))
    try:
        yield
    finally:
        _tab.reset(token)


def spent(use: Use) -> None:
    """Count one unit on the chat that is being spoken to; outside of a sending nothing is counted."""
    if tab := _tab.get():
        meter, platform, chat_key = tab
        meter.count(use, platform=platform, chat_key=chat_key)
