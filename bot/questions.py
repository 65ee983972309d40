"""Questions on cards: which card asks, what it says once it is answered, and presses that come too late."""

from dataclasses import replace
from typing import Any, Final

from bot.platforms.base import Incoming
from commands.kit import Ask, Confirm, Registry, Suggest, Understood
from commands.kit.courtesies import agrees
from domain.errors import QuestionGone
from domain.store.claims import Question
from domain.work import Work
from notifier.card import Card
from notifier.post import CHANGE, Address, post
from notifier.text import _

GUARD: Final = "ask:"
SHOWN: Final = 40
"""Characters of an answer that the card of its question shows."""


def on_a_card(card: Card, meant: Understood, *, message: int) -> Card:
    """Give a question with buttons a key of its own; what only its dialogue understands is guarded by it.

    Other buttons say whole sentences, which anybody may press at any time.
    """
    if not isinstance(meant, Ask | Confirm) or not card.buttons:
        return card
    buttons = card.buttons
    if isinstance(meant, Confirm):
        buttons = tuple(replace(button, guard=_guard(message)) for button in buttons)
    return replace(card, key=_key(message), buttons=buttons)


def asked_by(card: Card, meant: Understood) -> Question | None:
    """Return what is kept of an answer that waits for another: a question, or the one sentence suggested."""
    if isinstance(meant, Ask | Confirm):
        return Question(meant.row.to_json(), _kept(card))
    if isinstance(meant, Suggest) and meant.only:
        return Question(meant.row(guard=card.buttons[0].guard).to_json())
    return None


def agreed(incoming: Incoming, open_: Question | None) -> Incoming:
    """Return a yes to the one sentence that was suggested as a press of its button; else the message itself.

    So it is done once, whether they say yes, press, or both.
    """
    pending = open_.pending if open_ else {}
    if pending.get("kind") != "suggest" or incoming.guard or incoming.media or not agrees(incoming.text):
        return incoming
    return replace(incoming, text=pending["got"]["said"], guard=pending["got"]["guard"])


def _kept(card: Card) -> dict[str, Any] | None:
    """Return what is kept of a question's card until it is answered: all but how to answer."""
    return {"key": card.key, "title": card.title, "lines": list(card.lines[:-1])} if card.key else None


def refuse_late(incoming: Incoming, open_: Question | None) -> None:
    """Raise QuestionGone if the pressed button belongs to a question that is not open to this person."""
    if not incoming.guard.startswith(GUARD):
        return
    asks = open_.card["key"] if open_ and open_.card else ""
    if asks != _key(incoming.guard.removeprefix(GUARD)):
        raise QuestionGone(pressed=incoming.text[:SHOWN])


def close(work: Work, incoming: Incoming, card: dict[str, Any] | None) -> None:
    """Let the card of a question that is over say what it was answered with, where it can be changed."""
    if not card:
        return
    to = Address(platform=incoming.platform, chat_id=incoming.chat_id, chat_kind=incoming.chat_kind)
    words = incoming.text.strip() or _("图片")
    answered = _("已回：{words}").format(words=words if len(words) <= SHOWN else f"{words[:SHOWN]}…")
    over = Card(title=card["title"], lines=(*card["lines"], answered), key=card["key"])
    post(work, to, over, kind=CHANGE, dedup_key=f"over:{card['key']}")


def _key(message: int | str) -> str:
    return f"question-{message}"


def _guard(message: int) -> str:
    return f"{GUARD}{message}"


def about_table(registry: Registry, *, message: int) -> Confirm:
    """Return the question whether the table that came with a message shall be imported."""
    spec = registry.by_name["import_table"]
    return Confirm(spec=spec, phrasing=spec.phrasings[0], arguments={"sheet": str(message)}, question="")
