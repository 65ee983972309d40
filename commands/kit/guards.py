"""Buttons of an andon: a stale one does nothing and says so, a good one is answered by the card itself."""

import re

from commands.kit.context import Context
from domain.queries import andons, people
from notifier.alerts import andon_card, standing
from notifier.card import Button, Card


def generation(guard: str) -> int | None:
    """Return the generation that a button's guard (`A-12@3`) was made for; None where there is no guard."""
    found = re.fullmatch(r"[^@]{1,40}@(\d{1,9})", guard)
    return int(found[1]) if found else None


def andon_number(code: str) -> int:
    """Return the number in an andon's code: A-12 -> 12."""
    return int(re.sub(r"\D", "", code) or 0)


def next_steps(ctx: Context, andon: str) -> tuple[Button, ...]:
    """Return the buttons that the andon's card has now, guarded by its state."""
    return andon_card(ctx.work, andons.numbered(ctx.work, andon_number(andon))).buttons


def stands(ctx: Context, andon: str) -> str:
    """Say how the andon stands now and who has the ball."""
    return standing(ctx.work, andons.numbered(ctx.work, andon_number(andon)))


def answered(ctx: Context, andon: str, *, said: Card) -> Card:
    """Return the andon's card as it stands now if a button was pressed on it, else what is to be said.

    The card stands in the groups of its department: there one message about one andon is enough.
    """
    found = andons.numbered(ctx.work, andon_number(andon))
    groups = people.department_chats(ctx.work, department=found.department)
    on_the_card = ctx.work.heard_in in {f"{it.platform}:{it.chat_id}" for it in groups}
    return andon_card(ctx.work, found) if generation(ctx.guard) and on_the_card else said
