"""A card as plain text, for kinds of message that show no markup: only a tag has power there (`<a href>`)."""

from bot.platforms.parting import labelled
from bot.platforms.wecom.rendering.words import ask, disarmed, marked, spelt
from notifier.card import Card


def write(card: Card, *, repeat: int = 0, asks: str = ask("direct"), note: str = "") -> str:
    """Return the whole card, however long; `note` stands below it."""
    parts = [marked(card, " ".join(card.title.split()), repeat=repeat), *card.lines]
    if card.table:
        parts += ["　".join(cells) for cells in labelled(card.table)]
    if card.buttons:
        parts += [asks, *(f"{n}. {spelt(it)}" for n, it in enumerate(card.buttons, 1))]
    parts.append(note)
    if card.number is not None:
        parts.append(f"#{card.number}")
    return disarmed("\n".join(part for part in parts if part))
