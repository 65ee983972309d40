"""The listing of a card, which is too much for words, becomes a file before the card is written down."""

from dataclasses import replace

from bot.media import MediaStore
from bot.platforms.whole import sheet, sheet_name
from notifier.card import Card, File


def in_a_file(card: Card, *, media: MediaStore) -> Card:
    """Return the card with its listing in a file, a row each: text in all cells, so no formula and no link.

    Takes some 50 ms for 1,000 rows, and the disk: for a thread.
    """
    rows = replace(card, lines=(), table=card.listing, buttons=())
    file = File(media=media.keep(sheet(rows)), name=sheet_name(card))
    return replace(card, file=file, listing=None)
