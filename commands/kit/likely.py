"""What is likely meant by a thing that was named without saying what is to happen to it."""

from collections.abc import Sequence
from typing import Final

from commands.kit.answers import button_for
from commands.kit.context import Context
from commands.kit.scanned import describe
from commands.kit.spec import Spec
from domain.permits import may
from notifier.card import Button

TRADES: Final = ("report", "inspect", "issue", "receive", "take", "release")
MOST: Final = (*TRADES, "shortage", "equipment", "safety", "waiting", "where", "undo", "quality")
"""Commands by how much they are one's trade, the most said first: who may say them sees them first."""
CODED: Final = frozenset({"order", "lot", "andon", "container", "station", "equipment", "material", "code"})
SHOWN: Final = 4


def likely_buttons(ctx: Context, kind: str, name: str) -> tuple[Button, ...]:
    """Return what this person may do with a thing as it stands now, the likeliest first; raises NotFound."""
    if kind in CODED and (buttons := _as_it_stands(ctx, name)):
        return buttons
    return tuple(button_for(spec, kind, name) for spec in likely_commands(ctx, kind))


def likely_commands(ctx: Context, kind: str) -> Sequence[Spec]:
    """Return the few commands about things of this kind that are likeliest for who speaks."""
    actor, playbook = ctx.work.actor, ctx.work.playbook
    allowed = [
        it
        for it in ctx.registry.taking(kind)
        if not it.permission or may(actor, it.permission, playbook=playbook)
    ]
    return sorted(allowed, key=_rank)[:SHOWN]


def _rank(spec: Spec) -> tuple[bool, int]:
    """What must be confirmed comes last, one's trade first, what only asks before what acts."""
    place = MOST.index(spec.name) if spec.name in MOST else len(MOST) + (not spec.reads)
    return spec.confirm is not None, place


def _as_it_stands(ctx: Context, name: str) -> tuple[Button, ...]:
    card = describe(ctx, name)
    return card.buttons[:SHOWN] if card.tone != "warn" else ()
