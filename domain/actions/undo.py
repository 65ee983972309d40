"""撤: an act is voided by later events that restore what stood before; nothing is deleted."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, TypedDict

from sqlalchemy import Enum, inspect

from domain.actions.foundations import refuse_built_upon
from domain.actions.undo_limits import (
    ask_for_others,
    hold_used,
    refuse_passed_over,
    refuse_second_place,
    refuse_sent,
    refuse_shut,
)
from domain.actions.undoable import FINAL, UNDOABLE
from domain.errors import CannotUndo, NoSuchAnswer, NothingToUndo, StoodUpon, UndoneLast, UndoTooLate
from domain.models.columns import Base, Exact, Moment
from domain.models.flow import overdrawn
from domain.models.journal import Event, Inbox
from domain.models.work_order import FINISHED_ORDER, OperationTask, WorkOrder
from domain.permits import may, require
from domain.queries import loose
from domain.store import events, inbox, orders
from domain.work import Work

LOOK_BACK: Final = 20
"""Acts among which the one before an undo is looked for."""

BY_THE_WAY: Final = frozenset({"approval.asked"})
"""What an act brings with it and nobody means when they take it back."""


class Undone(TypedDict):
    """What was voided."""

    number: int
    types: list[str]


def undo(work: Work, *, chat_key: str, number: int | None = None) -> Undone:
    """Void the act behind an answer number; without one, the actor's last here.

    One's own within the window, other people's and later ones with `undo.any`. Raises NoSuchAnswer,
    NothingToUndo, CannotUndo, UndoneLast, UndoTooLate, StoodUpon, NotPermitted.
    """
    act = _act(work, chat_key=chat_key, number=number) if number is not None else _last(work, chat_key)
    shown = act.answer_no or 0
    every = events.of_act(work, message=act.id)
    done = [event for event in every if event.type != "act.voided"]
    if len(done) < len(every):
        raise CannotUndo(number=f"#{shown}", why=FINAL["act.voided"])
    events.lock_touched(work, done)
    if not done or any(events.is_void(work, event.id) for event in done):
        raise NothingToUndo(number=f"#{shown}")
    _allow(work, act, number=shown)
    _check(work, done, number=shown)
    refuse_second_place(work, done, number=shown)
    refuse_shut(work, done, number=shown)
    refuse_sent(work, done, number=shown)
    refuse_passed_over(work, done, number=shown)
    refuse_built_upon(work, done, number=shown)
    for event in reversed(done):
        _restore(work, event)
        work.record(
            "act.voided", data={"number": shown, "type": event.type, **_named(event)}, void_of=event.id
        )
    _hold_quantities(work, done, number=shown)
    hold_used(work, done, number=shown)
    ask_for_others(work, act, done, number=shown)
    types = [event.type for event in done if event.type not in BY_THE_WAY]
    return Undone(number=shown, types=types or [event.type for event in done])


def _act(work: Work, *, chat_key: str, number: int) -> Inbox:
    act = inbox.by_answer(work, chat_key=chat_key, number=number)
    if act is None:
        raise NoSuchAnswer(number=f"#{number}")
    return act


def _last(work: Work, chat_key: str) -> Inbox:
    """Return the actor's last act here; raises UndoneLast where that was an undo: said twice undoes once."""
    acts = inbox.answered_of(work, chat_key=chat_key, person_id=work.actor.person_id or 0, limit=LOOK_BACK)
    if not acts:
        raise NothingToUndo(number="")
    if not any(event.type == "act.voided" for event in events.of_act(work, message=acts[0].id)):
        return acts[0]
    for act in acts[1:]:
        living = [it for it in events.of_act(work, message=act.id) if _stands(work, it)]
        if living:
            raise UndoneLast(earlier=f"#{act.answer_no}", act=living[0].type)
    raise NothingToUndo(number="")


def _stands(work: Work, event: Event) -> bool:
    return event.type in UNDOABLE and not events.is_void(work, event.id)


def _allow(work: Work, act: Inbox, *, number: int) -> None:
    rules = work.playbook.dialogue
    age = work.now - act.received_at
    if act.person_id == work.actor.person_id and age <= rules.undo:
        require(work, "undo.own")
        return
    leading = may(work.actor, "undo.any", playbook=work.playbook)
    if act.person_id == work.actor.person_id and not leading:
        raise UndoTooLate(number=f"#{number}", minutes=_minutes(rules.undo))
    require(work, "undo.any")
    if age > rules.undo_leader:
        raise CannotUndo(number=f"#{number}", why="too_old")


def _minutes(window: timedelta) -> int:
    return int(window.total_seconds() // 60)


def _check(work: Work, done: Sequence[Event], *, number: int) -> None:
    own = {event.id for event in done}
    for event in done:
        if event.type not in UNDOABLE:
            raise CannotUndo(number=f"#{number}", why=FINAL[event.type])
        later = events.later_on_same(work, event)
        if later is not None and later.id not in own:
            raise StoodUpon(number=f"#{number}", later=later.type)


def _named(event: Event) -> dict[str, Any]:
    return {name: event.data[name] for name in ("order", "lot", "andon", "operation") if name in event.data}


def _restore(work: Work, event: Event) -> None:
    """Put back every column the event changed; what it created becomes void, and leaves its place first.

    A place that holds one thing (a slot, a position) takes the old one only when the new one is written off.
    """
    _put_back(work, event, made=True)
    work.session.flush()
    _put_back(work, event, made=False)


def _put_back(work: Work, event: Event, *, made: bool) -> None:
    """Void the rows that the event made, or restore the columns of those that it changed."""
    classes = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    for table, rows in event.before.items():
        for key, columns in rows.items():
            if bool(columns) is made:
                continue
            thing = work.session.get_one(classes[table], int(key))
            for name, value in (columns or _voided(classes[table])).items():
                setattr(thing, name, _parsed(classes[table], name, value))


def _voided(kind: type[Base]) -> dict[str, Any]:
    return {"void": True} if "void" in inspect(kind).columns else {}


def _parsed(kind: type[Base], name: str, value: Any) -> Any:
    column = inspect(kind).columns[name].type
    if value is None:
        return None
    if isinstance(column, Moment):
        return datetime.fromisoformat(value)
    if isinstance(column, Exact):
        return Decimal(value)
    if isinstance(column, Enum) and column.enum_class is not None:
        return column.enum_class(value)
    return value


def _hold_quantities(work: Work, done: Sequence[Event], *, number: int) -> None:
    """Refuse what would leave a later operation, or the boxes, with more pieces than were made before."""
    touched = {int(key) for event in done for key in event.after.get("operation_task", {})}
    for task_id in touched:
        order = work.session.get_one(WorkOrder, work.session.get_one(OperationTask, task_id).order_id)
        if order.status in FINISHED_ORDER:
            raise StoodUpon(number=f"#{number}", later="order.completed")
        if (broken := overdrawn(order, orders.tasks(work, order))) is not None:
            raise StoodUpon(number=f"#{number}", later=broken.name)
        _hold_finished(work, order, number=number)
    for ref in {int(key) for event in done for key in event.after.get("work_order", {})}:
        if (source := work.session.get_one(WorkOrder, ref).rework_of) is not None:
            _hold_finished(work, work.session.get_one(WorkOrder, source), number=number)


def _hold_finished(work: Work, order: WorkOrder, *, number: int) -> None:
    """Refuse what would leave an order with more packed, or in rework, than it has made."""
    its = loose.of(work, order)
    if its.gone > its.made:
        later = (
            "container.packed" if its.packed + its.sealed > its.made or not its.taken else "order.released"
        )
        raise StoodUpon(number=f"#{number}", later=later)
