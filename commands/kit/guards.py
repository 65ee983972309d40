"""Buttons of an andon: a stale one does nothing and says so, a good one is answered by the card itself."""

import re
from dataclasses import replace

from commands.kit.context import Context
from domain.queries import andons, people
from domain.queries.andons import AndonView
from notifier.alerts import andon_card, calling_card, standing
from notifier.card import Card
from notifier.followed import answer_key


def generation(guard: str) -> int | None:
    """Return the generation that a button's guard (`A-12@3`) was made for; None where there is no guard."""
    found = re.fullmatch(r"[^@]{1,40}@(\d{1,9})", guard)
    return int(found[1]) if found else None


def andon_number(code: str) -> int:
    """Return the number in an andon's code: A-12 -> 12."""
    return int(re.sub(r"\D", "", code) or 0)


def with_next_steps(ctx: Context, andon: str, *, said: Card) -> Card:
    """Add the buttons that the andon's card has now, guarded by its state; none where that card stands.

    They go with the andon from then on, as those of the card by which somebody is called.
    """
    found = andons.numbered(ctx.work, andon_number(andon))
    if _stands_here(ctx, found):
        return said
    return replace(said, buttons=calling_card(ctx.work, found).buttons, key=answer_key(ctx.work))


def stands(ctx: Context, andon: str) -> str:
    """Say how the andon stands now and who has the ball."""
    return standing(ctx.work, andons.numbered(ctx.work, andon_number(andon)))


def answered(ctx: Context, andon: str, *, said: Card) -> Card:
    """Return the andon's card as it stands now if a button was pressed on it, else what is to be said.

    The card stands in the groups of its department: there one message about one andon is enough.
    """
    found = andons.numbered(ctx.work, andon_number(andon))
    pressed = generation(ctx.guard) and _stands_here(ctx, found)
    return andon_card(ctx.work, found) if pressed else said


def _stands_here(ctx: Context, found: AndonView) -> bool:
    """Whether this is a group of the andon's department: its one card is there."""
    groups = people.department_chats(ctx.work, department=found.department)
    return ctx.work.heard_in in {f"{it.platform}:{it.chat_id}" for it in groups}
