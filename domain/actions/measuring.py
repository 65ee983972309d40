"""录入: values that an operation asks for, of pieces or of the order's batch, against their limits."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypedDict

from domain.actions import production, sign_on
from domain.errors import NotFound, NoValues
from domain.models.routing import Operation
from domain.models.unit import Measurement, Unit
from domain.models.work_order import OperationTask, WorkOrder
from domain.permits import require
from domain.store import orders, routes, units
from domain.work import Work

NUMBER: Final = r"[-+]?\d{1,9}(?:\.\d{1,6})?"


@dataclass(frozen=True, kw_only=True)
class Value:
    """One value as it was said, with whether it is within the limits of the route."""

    name: str
    value: Decimal
    unit: str
    low: str
    high: str
    good: bool


class Entered(TypedDict):
    """What was entered, and which values the operation still asks for."""

    thing: str
    operation: str
    values: list[dict[str, Any]]
    missing: list[str]
    all_good: bool


def enter(work: Work, *, code: str, said: str, operation: str = "") -> Entered:
    """Enter values (电压 5.02 电流 0.31) of a piece, or of an order's batch, at an operation.

    A piece's is where it stands if none is named. What the route gives no limits for is taken as it is.
    Raises NotFound, NoValues, and what may not be done there (see `sign_on.check`).
    """
    require(work, "work.report")
    order, unit = _thing(work, code)
    tasks = orders.tasks(work, order)
    task = production.task_named(order, tasks, operation) if operation else _at(work, tasks, unit, order)
    rule = routes.operation_of(work, task)
    values = understood(said, rule)
    if not values:
        names = "、".join(str(it["name"]) for it in (rule.data if rule else ())) or "—"
        raise NoValues(operation=task.name, names=names)
    sign_on.check(work, order=order, task=task)
    work.session.add_all(_measurement(work, task, unit, value) for value in values)
    return _record(work, order, unit, task, rule, values)


def _thing(work: Work, code: str) -> tuple[WorkOrder, Unit | None]:
    order = orders.find(work, code=code)
    if order is not None:
        return orders.lock(work, code=code), None
    if units.find(work, code=code) is None:
        raise NotFound(kind="unit_or_order", code_text=code)
    unit = units.lock_under(work, codes=[code])[0]
    return work.session.get_one(WorkOrder, unit.order_id), unit


def _at(work: Work, tasks: Sequence[OperationTask], unit: Unit | None, order: WorkOrder) -> OperationTask:
    """Return where a piece stands; of an order the first operation that asks for values."""
    for task in tasks:
        rule = routes.operation_of(work, task)
        if task.sequence == unit.sequence if unit else bool(rule and rule.data):
            return task
    raise NotFound(kind="operation", code_text=order.code)


def understood(said: str, rule: Operation | None) -> list[Value]:
    """Return the values in a text: those that the route names, in their unit."""
    found = []
    for wanted in rule.data if rule else ():
        name, unit = str(wanted["name"]), str(wanted.get("unit") or "")
        match = re.search(rf"{re.escape(name)}\s*[:：=]?\s*({NUMBER})", said)
        if match:
            low, high = str(wanted.get("low") or ""), str(wanted.get("high") or "")
            value = Decimal(match[1])
            good = (not low or value >= Decimal(low)) and (not high or value <= Decimal(high))
            found.append(Value(name=name, value=value, unit=unit, low=low, high=high, good=good))
    return found


def _measurement(work: Work, task: OperationTask, unit: Unit | None, value: Value) -> Measurement:
    return Measurement(
        id=work.new_id(),
        task_id=task.id,
        unit_id=unit.id if unit else None,
        name=value.name,
        value=value.value,
        unit=value.unit,
        in_limits=value.good,
        at=work.now,
        person_id=work.actor.person_id,
        void=False,
    )


def _record(
    work: Work,
    order: WorkOrder,
    unit: Unit | None,
    task: OperationTask,
    rule: Operation | None,
    values: Sequence[Value],
) -> Entered:
    work.session.flush()
    known = units.values_of(work, task_id=task.id, unit_ids=[unit.id] if unit else [])
    has = {**known.get(None, {}), **(known.get(unit.id, {}) if unit else {})}
    names = [str(it["name"]) for it in (rule.data if rule else ())]
    entered = Entered(
        thing=unit.code if unit else order.code,
        operation=task.name,
        values=[{**vars(it), "value": str(it.value)} for it in values],
        missing=[name for name in names if name not in has],
        all_good=all(it.good for it in values),
    )
    about = [("work_order", order.id), ("operation_task", task.id)]
    about += [("unit", unit.id)] if unit else []
    work.record("data.entered", data={**entered, "order": order.code}, about=about)
    return entered
