"""Who hears of holds, requisitions, locked slots, and what an order lacks."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from domain.permits import departments_of
from domain.queries import people, requisitions
from domain.queries.people import Reach
from domain.work import Happened, Work
from notifier import supplies
from notifier.telling import Rule, departments_that, ref, tell

HANDLERS: Final = ("lot.inspect", "lot.issue", "work.report")
"""Trades through whose hands lots and what is made of them go."""
SIDES: Final = {"quality": "lot.inspect", "purchasing": "purchase.tell"}


def _hold_placed(work: Work, happened: Happened, _answered: str) -> None:
    """Where it may be let go again the card has the button for that."""
    may, others = departments_that(work, "lot.unhold"), _handlers(work)
    for places, frees in ((may, True), ([it for it in others if it not in may], False)):
        card = supplies.hold_placed(happened.data, who=happened.actor.name, frees=frees)
        tell(work, happened, places, card=card, kind="alert", urgent=True)


def _hold_lifted(work: Work, happened: Happened, _answered: str) -> None:
    tell(work, happened, _handlers(work), card=supplies.hold_lifted(happened.data, who=happened.actor.name))


def _handlers(work: Work) -> list[Reach]:
    return [reach for permission in HANDLERS for reach in departments_that(work, permission)]


def _requisition(work: Work, happened: Happened, answered: str) -> None:
    """Bring its one card up to date at the warehouse."""
    key = f"requisition-{ref(happened, 'requisition')}"
    late = happened.type == "requisition.late"
    card = supplies.requisition(happened.data, key=key, late=late)
    tell(work, happened, departments_that(work, "lot.issue"), card=card, here=answered != key)
    if late:
        called = people.direct_chats(work, job_numbers=happened.data["called"])
        tell(work, happened, called, card=replace(card, key=""), kind="alert")


def _moved(work: Work, happened: Happened, answered: str) -> None:
    """Besides: who asked hears it where they asked."""
    _requisition(work, happened, answered)
    _tell_who_asked(work, happened, happened.data)


def _issued(work: Work, happened: Happened, answered: str) -> None:
    """When all of a requisition is issued its card says so; who asked and their line hear it."""
    if not happened.data.get("requisition_done"):
        return
    asked = requisitions.standing(work, requisition_id=ref(happened, "requisition"))
    _requisition(work, replace(happened, data=asked), answered)
    _tell_who_asked(work, happened, asked, besides=people.line_chats(work, line=asked["line"]))


def _tell_who_asked(
    work: Work, happened: Happened, data: dict[str, Any], *, besides: Sequence[Reach] = ()
) -> None:
    """Tell the chat in which it was asked for, naming who did."""
    chat_key, person = requisitions.asked_by(work, requisition_id=ref(happened, "requisition"))
    chat = people.chat(work, chat_key=chat_key) if chat_key else None
    who, mentions = happened.actor.name, (person,) if person else ()
    card = supplies.requisition_moved(data, who=who, mentions=mentions)
    tell(work, happened, [*([chat] if chat else []), *besides], card=card)


def _locked(work: Work, happened: Happened, _answered: str) -> None:
    """Whoever may unlock it on the line, and quality."""
    line = people.line_chats(work, line=str(happened.data["line"]))
    groups = [*line, *departments_that(work, "lot.inspect")]
    card = supplies.slot_locked(happened.data, who=happened.actor.name)
    tell(work, happened, groups, card=card, kind="alert", urgent=True, here=True)


def _short(work: Work, happened: Happened, _answered: str) -> None:
    for side in happened.data["sides"]:
        for code in departments_of(work.playbook, SIDES[side]):
            groups = people.department_chats(work, department=code)
            tell(work, happened, groups, card=supplies.short_of(happened.data, side=side), kind="alert")


RULES: Final[dict[str, Rule]] = {
    "hold.placed": _hold_placed,
    "hold.lifted": _hold_lifted,
    "requisition.requested": _requisition,
    "requisition.taken": _moved,
    "requisition.cancelled": _moved,
    "requisition.late": _requisition,
    "lot.issued": _issued,
    "slot.locked": _locked,
    "shortage.asked": _short,
}
