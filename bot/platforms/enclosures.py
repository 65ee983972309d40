"""What goes with a card beside its words: picture, file, and the whole of a text that was abridged."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import structlog

from bot.platforms.whole import sheet, sheet_name
from notifier.card import Card
from notifier.delivery import Delivered, Outcome, Retry

log = structlog.get_logger(__name__)

MediaPath = Callable[[str], Path]
EnclosureKind = Literal["image", "file"]
NOT_UPLOADED: Final[dict[EnclosureKind, str]] = {
    "image": "（图片没有传上去）",
    "file": "（文件没有传上去，要的话再问一次）",
}
TOO_LARGE: Final[dict[EnclosureKind, str]] = {
    "image": "（图片超过 10 MB，平台不收）",
    "file": "（文件超过 20 MB，平台不收，请把范围缩小再问）",
}
NOT_SENT: Final[dict[str, str]] = {
    "image": "（图片没有发出去）",
    "file": "（文件没有发出去，要的话再问一次）",
    "text": "（后面的没有发出去）",
}


@dataclass(frozen=True, kw_only=True)
class Enclosure:
    """A picture or file in hand; `name` is what people see."""

    kind: EnclosureKind
    name: str
    data: bytes


async def enclosures(card: Card, *, abridged: bool, media_path: MediaPath | None) -> list[Enclosure | str]:
    """Return what goes with the card, in order; what cannot be read is a sentence that says so.

    A thread waits for the disk, where there is something to be read.
    """
    if not (card.image or card.file or abridged):
        return []
    return await asyncio.to_thread(_made, card, abridged=abridged, media_path=media_path)


def _made(card: Card, *, abridged: bool, media_path: MediaPath | None) -> list[Enclosure | str]:
    made: list[Enclosure | str] = []
    if card.image:
        made.append(_read("image", card.image, name=card.image, media_path=media_path))
    if card.file:
        made.append(_read("file", card.file.media, name=card.file.name, media_path=media_path))
    if abridged:
        made.append(Enclosure(kind="file", name=sheet_name(card), data=sheet(card)))
    return made


async def twice(send: Callable[[], Awaitable[Outcome]], *, sign: str) -> list[str]:
    """Send, once more if it certainly did not arrive; return sign and reason of a failure, or nothing."""
    outcome = await send()
    if isinstance(outcome, Retry) and not outcome.block:
        outcome = await send()
    return [] if isinstance(outcome, Delivered) else [f"{sign}{outcome.reason}"]


def _read(kind: EnclosureKind, media: str, *, name: str, media_path: MediaPath | None) -> Enclosure | str:
    if media_path is None:
        return NOT_UPLOADED[kind]
    try:
        return Enclosure(kind=kind, name=name, data=media_path(media).read_bytes())
    except (OSError, ValueError) as error:
        log.warning("enclosure.unreadable", media=media, error=type(error).__name__)
        return NOT_UPLOADED[kind]
