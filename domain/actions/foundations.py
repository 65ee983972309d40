"""What later acts are built upon without changing its rows: an order, its release, its trace, a route."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from domain.actions.undoable import UNDOABLE
from domain.errors import StoodUpon
from domain.models.journal import Event
from domain.models.work_order import OrderStatus
from domain.store import events, orders, units
from domain.work import Work

Thing = tuple[str, int]
THINGS: Final = ("work_order", "lot", "unit", "container", "shipment")
"""What people name: nothing that is said of one may stand when it was never there."""

_CALLS: Final = ("andon.", "approval.", "handover.")
_MAKING: Final = ("work.", "unit.")
SAID_OF_IT: Final = frozenset(it for it in UNDOABLE if not it.startswith(_CALLS))
PREPARED: Final = frozenset(it for it in SAID_OF_IT if not it.startswith("hold."))
MADE_OF_IT: Final = frozenset(it for it in UNDOABLE if it.startswith(_MAKING)) - {
    "unit.commissioned",
    "work.skipped",
}


TRACED: Final = frozenset(
    {
        "lot.issued",
        "lot.brought_back",
        "data.entered",
        "unit.assembled",
        "unit.exchanged",
        "finding.settled",
        "trace.waived",
    }
)
"""What the trace of an order is made of: it is closed on it."""


def refuse_built_upon(work: Work, done: Sequence[Event], *, number: int) -> None:
    """Refuse to take away what later acts are built upon; raises StoodUpon."""
    own = [event.id for event in done]
    steps = [step for event in done for step in _made(event, "unit_step")]
    for event in done:
        if event.type in TRACED and events.of_closed_order(work, event):
            raise StoodUpon(number=f"#{number}", later="order.closed")
        if units.measured_and_passed(work, measurements=_made(event, "measurement"), besides=steps):
            raise StoodUpon(number=f"#{number}", later="unit.passed")
        for thing, types in _foundations(event):
            if later := events.later_about(work, event, thing=thing, types=types, besides=own):
                raise StoodUpon(number=f"#{number}", later=later.type)
        versions = {kind: _made(event, kind) for kind in ("route_version", "bom_version")}
        theirs = [int(key) for key in event.after.get("work_order", {})]
        if orders.made_by(
            work, routes=versions["route_version"], boms=versions["bom_version"], besides=theirs
        ):
            raise StoodUpon(number=f"#{number}", later="order.released")


def _foundations(event: Event) -> Iterator[tuple[Thing, frozenset[str]]]:
    """Yield what an event laid, with the types of events that may be built upon it."""
    for kind in THINGS:
        for ref in _made(event, kind):
            yield (kind, ref), SAID_OF_IT
    for key, row in event.before.get("work_order", {}).items():
        now = event.after["work_order"][key].get("status")
        if row.get("status") == OrderStatus.DRAFT:
            yield ("work_order", int(key)), PREPARED
        elif "status" in row and now == OrderStatus.RUNNING:
            yield ("work_order", int(key)), MADE_OF_IT


def _made(event: Event, kind: str) -> list[int]:
    rows: dict[str, Any] = event.before.get(kind, {})
    return [int(key) for key, stood in rows.items() if not stood]
