"""Ordinary messages that have piled up for one chat are said as one; what is urgent never is, nor an answer.

They pile up where a chat's rate, the month's allowance or an outage lets nothing through for a while. Nothing
vanishes: each ends as superseded, names the message that says it, and 「没送到」 shows those without a line.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from domain.models.journal import Outbox, OutboxState
from domain.work import Work
from notifier.card import Button, Card
from notifier.delivery import ChatKind
from notifier.post import Address, Parcel, post
from notifier.text import _, speaking

ORDINARY: Final = ("notice", "digest", "alert")
HELD: Final = "the month is short"
"""The reason of a message that waits for its hour: two of them are merged, of others `A_HEAP`."""
MERGED: Final = "merged:"
A_HEAP: Final = 5
MOST_LINES: Final = 10
MOST_BUTTONS: Final = 5
LONGEST_LINE: Final = 120


def ordinary(row: Outbox) -> bool:
    """Whether a message can wait and be merged: nobody asked for it, and nobody is called by it.

    One that may have arrived already is repeated by itself, as such.
    """
    doubtful = row.unknowns or row.provider_id
    return row.kind in ORDINARY and not row.urgent and row.slot is None and not doubtful


def has_waited(row: Outbox) -> bool:
    """Whether a message has had its hour of waiting, or says what others waited for."""
    return row.reason == HELD or row.dedup_key.startswith(MERGED)


def piled_up(row: Outbox, behind: Sequence[Outbox]) -> bool:
    """Say whether so many wait for a chat that they are to be merged; asks no database."""
    return ordinary(row) and len(behind) + 1 >= _enough(row) and _many([row, *behind])


def _many(rows: Sequence[Outbox]) -> bool:
    return sum(map(ordinary, rows)) >= _enough(rows[0])


def _enough(row: Outbox) -> int:
    return 2 if row.reason == HELD else A_HEAP


def merged(work: Work, heap: Sequence[Outbox], *, lease: str) -> Parcel | None:
    """Queue one message for these (the first is in our hands) and end them; None if they are too few now.

    Those whose buttons do not fit wait for the next one.
    """
    taken = _fitting(heap)
    if not _many(taken):
        return None
    first = heap[0]
    chat: ChatKind = "group" if first.chat_kind == "group" else "direct"
    to = Address(platform=first.platform, chat_id=first.chat_id, chat_kind=chat)
    with speaking(work.playbook.site.language):
        card = summary([Card.from_json(it.card) for it in taken])
    calls = any(it.kind == "alert" for it in taken)
    kind = "alert" if calls else "notice"  # what is called goes round by other doors, and waits as long
    parcel = post(work, to, card, kind=kind, dedup_key=f"{MERGED}{first.id}", lease=lease)
    for row in taken:
        row.state, row.ended_at, row.lease_until = OutboxState.SUPERSEDED, work.now, None
        row.reason = f"merged into {parcel.out.id}" if parcel else ""
    return parcel and replace(parcel, held=True)


def _fitting(heap: Sequence[Outbox]) -> list[Outbox]:
    """Return the first and as many others as there is room for their buttons."""
    taken: list[Outbox] = []
    room = MOST_BUTTONS
    for row in heap:
        needs = len(row.card.get("buttons", ()))
        if not taken or needs <= room:
            taken.append(row)
            room -= needs
    return taken


def summary(cards: Sequence[Card]) -> Card:
    """Return one card for many: a line each, their buttons by what they say; of one key only the newest.

    Where nothing else is left, that is the card.
    """
    newest = {card.key or f"{place}": card for place, card in enumerate(cards)}
    told = [*newest.values()]
    if len(told) == 1:
        return told[0]
    lines = [_line(card) for card in told[:MOST_LINES]]
    if more := len(told) - len(lines):
        lines.append(_("另有 {count} 条，说「没送到」查看。").format(count=more))
    return Card(
        title=_("{count} 条通知").format(count=len(told)),
        lines=tuple(lines),
        buttons=tuple(_spelt(button) for card in told for button in card.buttons)[:MOST_BUTTONS],
        mentions=tuple(dict.fromkeys(person for card in told for person in card.mentions)),
    )


def _line(card: Card) -> str:
    words = " · ".join(filter(None, (card.title, *card.lines[:1])))
    return words if len(words) <= LONGEST_LINE else f"{words[: LONGEST_LINE - 1]}…"


def _spelt(button: Button) -> Button:
    """Let a button say of what it is: beside others 接 alone means nothing."""
    return Button(text=button.say, say=button.say, style=button.style, guard=button.guard)
