"""过站: pieces go through an operation one by one, as many as were scanned; each finds its own answer."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.actions import entering, findings, going, production
from domain.actions.going import Left, Scan, Way
from domain.errors import NoNextOperation
from domain.models import walk
from domain.models.unit import Unit, UnitStatus
from domain.models.work_order import OperationTask
from domain.permits import require
from domain.queries import contents, held
from domain.store import orders, routes, sign_ons, units
from domain.store.units import Known
from domain.work import Work


@dataclass(frozen=True, kw_only=True)
class Passed:
    """What a scan came to: pieces taken or entered, and those not; `unread` is text that no piece has.

    `repeated` were scanned before, `elsewhere` are of another order, at another operation, or may not go on;
    `skipped` have missed an operation, and somebody has been asked. Totals are None in a round of rework.
    """

    order: str = ""
    operation: str = ""
    next_operation: str = ""
    bad: bool = False
    taken: tuple[str, ...] = ()
    entered: tuple[str, ...] = ()
    repeated: tuple[Left, ...] = ()
    elsewhere: tuple[Left, ...] = ()
    skipped: tuple[Left, ...] = ()
    unread: tuple[str, ...] = ()
    total_good: Decimal | None = None
    left: Decimal | None = None
    all_done: bool = False


def pass_units(
    work: Work,
    *,
    codes: Sequence[str],
    operation: str = "",
    order: str = "",
    bad: bool = False,
    reason: str = "",
    way: Way = Way.OUT,
) -> Passed:
    """Let pieces through an operation, good or `bad` (for a `reason`); a container stands for its contents.

    Without `operation` it is the one that each waits for, of those done where the actor is signed on; without
    `order` the one that most of the pieces are of. A piece that cannot be taken does not stop the others.
    `way` is whether pieces enter the operation or pass it, where the route asks for both.
    Raises NotFound, NoNextOperation, and what stops the operation itself (see `production.count`).
    """
    require(work, "work.report")
    given = contents.spelt_out(work, codes)
    found = units.known(work, given)
    unread = tuple(code for code in given if code not in found)
    if not found:
        return Passed(unread=unread)
    scan = _begin(work, found, order=order, operation=operation, bad=bad)
    scan.way, scan.lets_on = way, work.playbook.limits.missed == "warn"
    mine = [it.id for it in found.values() if it.order_id == scan.order.id]
    locked = units.lock_all(work, mine)
    scan.elsewhere += [
        Left(code=it.code, why="order", data={"order": it.order})
        for it in found.values()
        if it.order_id != scan.order.id
    ]
    _sort(work, scan, [locked[ref] for ref in mine])
    asked = _ask(work, scan)
    return _take(work, scan, unread=unread, asked=asked, reason=reason)


def _begin(work: Work, found: Mapping[str, Known], *, order: str, operation: str, bad: bool) -> Scan:
    """Lock the order and find out which operation is meant; raises NotFound, NoNextOperation."""
    target = order or Counter(it.order for it in found.values()).most_common(1)[0][0]
    locked = orders.lock(work, code=target)
    tasks = orders.tasks(work, locked)
    here = () if operation else operations_here(work)
    if not operation and not here:
        raise NoNextOperation(order=target)
    own = [task for task in tasks if task.code in here and task.counts]
    named = production.task_named(locked, tasks, operation) if operation else None
    if named is None and len(here) == 1 and own:
        named = own[0]
    rules = {it.id: it for it in routes.operations(work, route_id=locked.route_id or 0)}
    return Scan(order=locked, tasks=tasks, rules=rules, operations=here, named=named, bad=bad)


def operations_here(work: Work) -> Sequence[str]:
    """Return the codes of the operations that are done where the actor is signed on; () for nowhere."""
    if not work.actor.station or work.actor.person_id is None:
        return ()
    bound = sign_ons.operation_of(work, person_id=work.actor.person_id)
    station = next((it for it in work.playbook.stations if it.code == work.actor.station), None)
    return (bound,) if bound else station.operations if station else ()


def _sort(work: Work, scan: Scan, given: Sequence[Unit]) -> None:
    """Put each piece into its group."""
    lasts = {} if scan.named else units.newest_step(work, unit_ids=[it.id for it in given])
    holds = held.among(work, units=[it.id for it in given], order_id=scan.order.id)
    values = _values(work, scan, given)
    for unit in given:
        task = scan.wanted(unit)
        if task is None:
            at = scan.at(unit)
            here = at is not None and (unit.waits or unit.is_in)
            right = {"operation": at.name} if at and here else {"status": unit.standing}
            scan.elsewhere.append(Left(code=unit.code, why="operation" if here else "status", data=right))
        elif unit.id in holds:
            scan.elsewhere.append(Left(code=unit.code, why="held", data={"source": holds[unit.id]}))
        elif _just_now(work, lasts.get(unit.id)) or _just_in(work, scan, unit):
            scan.repeated.append(Left(code=unit.code, why="just_now", data={"operation": task.name}))
        else:
            _place(scan, unit, task, values=values.get(unit.id, ()))


def _just_now(work: Work, last: tuple[Any, str, int | None] | None) -> bool:
    """Whether a piece went through an operation here so shortly before that it is asked about instead."""
    if last is None:
        return False
    at, station, _person = last
    return station == work.actor.station and work.now - at <= work.playbook.limits.repeat


def _just_in(work: Work, scan: Scan, unit: Unit) -> bool:
    """Whether a piece came in so shortly before that a bare scan of it may be the same one again."""
    if unit.entered_at is None or scan.way is not Way.AS_IT_STANDS:
        return False
    return work.now - unit.entered_at <= work.playbook.limits.repeat


def _place(scan: Scan, unit: Unit, task: OperationTask, *, values: Collection[str]) -> None:
    if unit.is_in:
        _place_inside(scan, unit, task, values=values)
    elif not unit.waits:
        again = unit.status in (UnitStatus.DONE, UnitStatus.PACKED, UnitStatus.SHIPPED)
        finished = unit.status is UnitStatus.DONE and scan.bad and unit.sequence == task.sequence
        if finished:
            scan.taken.setdefault(task.sequence, []).append(unit)
        elif again:
            scan.repeated.append(Left(code=unit.code, why="passed", data={"operation": task.name}))
        else:
            scan.elsewhere.append(Left(code=unit.code, why="status", data={"status": unit.standing}))
    elif task.sequence < unit.sequence:
        scan.repeated.append(Left(code=unit.code, why="passed", data={"operation": task.name}))
    elif unit.sequence < task.sequence and (away := _away(scan, unit, task)):
        _miss(scan, unit, task, away, values=values)
    elif scan.way is Way.IN and not scan.tracks_in(task):
        scan.elsewhere.append(Left(code=unit.code, why="no_way_in", data={"operation": task.name}))
    else:
        _let_on(scan, unit, task, values=values)


def _miss(
    scan: Scan, unit: Unit, task: OperationTask, away: list[OperationTask], *, values: Collection[str]
) -> None:
    """Ask about the operations a piece has missed; where the plant only warns it goes on meanwhile."""
    scan.missed.append((unit, task, away))
    if scan.lets_on:
        _let_on(scan, unit, task, values=values)


def _let_on(scan: Scan, unit: Unit, task: OperationTask, *, values: Collection[str]) -> None:
    if scan.tracks_in(task) and not scan.bad:
        _let_in(scan, unit, task)
    else:
        _let_out(scan, unit, task, values=values)


def _let_in(scan: Scan, unit: Unit, task: OperationTask) -> None:
    if scan.way is Way.OUT:
        scan.elsewhere.append(Left(code=unit.code, why="not_in", data={"operation": task.name}))
    else:
        scan.entering.setdefault(task.sequence, []).append(unit)


def _let_out(scan: Scan, unit: Unit, task: OperationTask, *, values: Collection[str]) -> None:
    if values and not scan.bad:
        scan.elsewhere.append(Left(code=unit.code, why="values", data={"names": "、".join(values)}))
    else:
        scan.taken.setdefault(task.sequence, []).append(unit)


def _place_inside(scan: Scan, unit: Unit, task: OperationTask, *, values: Collection[str]) -> None:
    """Put a piece into its group that has entered an operation: it leaves that one, and no other."""
    at = scan.at(unit)
    right = {"operation": at.name if at else ""}
    if task is not at:
        scan.elsewhere.append(Left(code=unit.code, why="inside", data=right))
    elif scan.way is Way.IN:
        scan.repeated.append(Left(code=unit.code, why="entered", data=right))
    else:
        _let_out(scan, unit, task, values=values)


def _away(scan: Scan, unit: Unit, task: OperationTask) -> list[OperationTask]:
    """Return the operations that a piece should have been through before this one."""
    past = walk.missed(scan.tasks, at=unit.sequence, seen=task)
    return [it for it in past if not scan.optional(it)]


def _values(work: Work, scan: Scan, given: Sequence[Unit]) -> dict[int, list[str]]:
    """Return the values that the operation asks for and that are missing or out of limits, by piece."""
    lacking: dict[int, list[str]] = {}
    for task in scan.tasks:
        rule = scan.rules.get(task.operation_id or 0)
        if rule is None or not rule.data:
            continue
        here = [unit for unit in given if scan.wanted(unit) is task]
        known = units.values_of(work, task_id=task.id, unit_ids=[it.id for it in here])
        for unit in here:
            has = {**known.get(None, {}), **known.get(unit.id, {})}
            names = [str(it["name"]) for it in rule.data]
            lacking[unit.id] = [name for name in names if name not in has or not has[name][1]]
    return lacking


def _ask(work: Work, scan: Scan) -> list[Left]:
    """Open a finding for each operation that pieces have missed, and say who was asked."""
    asked = []
    for unit, _seen, away in scan.missed:
        facts = {"operation": away[0].name, "lets_on": scan.lets_on}
        asked.append(Left(code=unit.code, why="missed", data=facts))
    if scan.missed:
        findings.open_skips(work, order=scan.order, missed=scan.missed)
    return asked


def _take(work: Work, scan: Scan, *, unread: tuple[str, ...], asked: list[Left], reason: str) -> Passed:
    """Count what is taken, operation by operation, and write it down with what is left to mend."""
    rest = [[it.code, it.why] for it in scan.elsewhere if it.why == "order"] + [
        [it, "unread"] for it in unread
    ]
    said: dict[str, Any] = {}
    for task in scan.tasks:
        if here := scan.entering.get(task.sequence):
            said = {**entering.come_in(work, scan, task, here=here, rest=rest)}
        if here := scan.taken.get(task.sequence):
            said = {**going.go(work, scan, task, here=here, reason=reason, rest=rest)}
    done = [unit.code for here in scan.taken.values() for unit in here]
    entered = [unit.code for here in scan.entering.values() for unit in here]
    if not (done or entered) and rest:
        data = {"order": scan.order.code, "operation": scan.named.name if scan.named else "", "rest": rest}
        data["way"] = scan.way.value
        work.record("unit.scanned", data=data, about=[("work_order", scan.order.id)])
    return Passed(
        order=scan.order.code,
        operation=said.get("operation", scan.named.name if scan.named else ""),
        next_operation=said.get("next_operation", ""),
        bad=scan.bad,
        taken=tuple(done),
        entered=tuple(entered),
        repeated=tuple(scan.repeated),
        elsewhere=tuple(scan.elsewhere),
        skipped=tuple(asked),
        unread=unread,
        total_good=said.get("total_good"),
        left=said.get("left"),
        all_done=bool(said.get("all_done")),
    )
