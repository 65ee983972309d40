"""Uploads what goes with a card before anything of it is shown, for the doors that need a media id first."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from bot.platforms.enclosures import NOT_UPLOADED, Enclosure, MediaPath, enclosures
from notifier.card import Card
from notifier.delivery import Retry

Content = TypeVar("Content")
Upload = Callable[[Enclosure], Awaitable[Content | Retry | str]]
"""Uploads one; returns what to send, that only later can help, or the words for what cannot be had."""

SECONDS: Final = 9.0  # what the dispatcher's patience leaves beside the message itself
_UNFINISHED: Final = Retry(reason=f"{SECONDS:.0f} 秒内没有传完")
_REMEMBERED: Final = 1000


@dataclass(frozen=True, kw_only=True)
class Attached(Generic[Content]):
    """What follows the card, and the words for what could not be had."""

    contents: tuple[Content, ...] = ()
    notes: tuple[str, ...] = ()


class Uploads:
    """A failure that waiting may mend holds a message back once; after the next its words go without it."""

    def __init__(self, *, media_path: MediaPath | None) -> None:
        self._media_path = media_path
        self._failed: OrderedDict[str, None] = OrderedDict()

    async def of(
        self, card: Card, *, key: str, abridged: bool, upload: Upload[Content]
    ) -> Attached[Content] | Retry:
        """Upload what goes with the message `key` (`abridged`: its whole text too); Retry: not now."""
        found = await enclosures(card, abridged=abridged, media_path=self._media_path)
        made = await _made(found, upload)
        late = next((one for one in made if isinstance(one, Retry)), None)
        if late and self._is_first(key):
            return late
        self._failed.pop(key, None)
        pairs = list(zip(found, made, strict=True))
        return Attached(
            contents=tuple(one for one in made if not isinstance(one, Retry | str)),
            notes=tuple(_words(of, one) for of, one in pairs if isinstance(one, Retry | str)),
        )

    def _is_first(self, key: str) -> bool:
        """Note that something of this message failed; whether it is the first time."""
        if key in self._failed:
            return False
        self._failed[key] = None
        while len(self._failed) > _REMEMBERED:
            self._failed.popitem(last=False)
        return True


async def _made(found: Iterable[Enclosure | str], upload: Upload[Content]) -> list[Content | Retry | str]:
    """Upload one after the other; what is not there when the time is up comes too late."""
    until = asyncio.get_running_loop().time() + SECONDS
    return [one if isinstance(one, str) else await _in_time(upload, one, until=until) for one in found]


async def _in_time(upload: Upload[Content], one: Enclosure, *, until: float) -> Content | Retry | str:
    try:
        async with asyncio.timeout_at(until):
            return await upload(one)
    except TimeoutError:
        return _UNFINISHED


def _words(of: Enclosure | str, made: Retry | str) -> str:
    """Return the words for what is missing: those of its reading, of its refusal, or that it did not work."""
    if isinstance(of, Enclosure) and isinstance(made, Retry):
        return NOT_UPLOADED[of.kind]
    return str(made)
