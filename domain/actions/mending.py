"""补扫: what an earlier scan could not take is taken: pieces of other orders, and codes nobody knew."""

import re
from typing import Any, Final

from domain.actions import passing, units
from domain.actions.going import Way
from domain.actions.passing import Passed
from domain.errors import NothingToMend
from domain.models.journal import Event
from domain.permits import require
from domain.store import events, inbox
from domain.store import units as unit_store
from domain.work import Work

LOOK_BACK: Final = 20
A_NUMBER: Final = re.compile(r"[A-Z0-9][A-Z0-9._/+\-]{2,58}[A-Z0-9]")
"""What may be a serial number that nobody has recorded yet."""
SCANS: Final = ("work.reported", "unit.entered", "unit.passed", "unit.scanned")


def mend(work: Work, *, chat_key: str, message: int | None = None) -> list[Passed]:
    """Take what the scan of `message` (else the actor's last one here that left something) could not take.

    Pieces of other orders pass the same operation of their own; a code that nobody knows and that may be a
    serial number becomes one of the order scanned. Raises NothingToMend, TooManyUnits, NotPermitted.
    """
    require(work, "work.report")
    left = _left(work, chat_key=chat_key, message=message)
    order, operation = str(left.data["order"]), str(left.data["operation"])
    rest = [str(code) for code, _why in left.data["rest"]]
    known = unit_store.known(work, rest)
    new = [code for code in rest if code not in known and A_NUMBER.fullmatch(code)]
    if new:
        units.give(work, order=order, codes=new)
    by_order: dict[str, list[str]] = {order: list(new)} if new else {}
    for it in known.values():
        by_order.setdefault(it.order, []).append(it.code)
    way = Way(left.data.get("way", Way.OUT))  # scans of before pieces entered stations do not say
    strange = tuple(code for code in rest if code not in known and code not in new)
    done = [
        passing.pass_units(work, codes=codes, operation=operation, order=its, way=way)
        for its, codes in by_order.items()
    ]
    return [*done, Passed(unread=strange)] if strange or not done else done


def _left(work: Work, *, chat_key: str, message: int | None) -> Event:
    """Return the event of the scan that left something; raises NothingToMend."""
    acts = (
        [message]
        if message
        else [
            act.id
            for act in inbox.answered_of(
                work, chat_key=chat_key, person_id=work.actor.person_id or 0, limit=LOOK_BACK
            )
        ]
    )
    for act in acts:
        for event in reversed(events.of_act(work, message=act)):
            if event.type in SCANS and _rest(event.data):
                return event
    raise NothingToMend(name=work.actor.name)


def _rest(data: dict[str, Any]) -> list[Any]:
    return list(data.get("rest") or ())
