"""What one shift leaves to the next: open orders, andons, what is held, clocks, what nobody finished."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import select

from domain.models.columns import plain
from domain.models.floor import Timer, TimerStatus
from domain.models.genealogy import Hold
from domain.models.nonconformance import NonConformance, NonConformanceStatus
from domain.models.work_order import OrderStatus
from domain.queries import andons, approvals, orders
from domain.queries.holds import CODED
from domain.work import Work

MOST: Final = 8  # lines of one kind; a hand-over is read out in two minutes
Line = dict[str, Any]


def lines_of(work: Work, *, department: str, line: str) -> list[Line]:
    """Return what is open for a department (on a line, where one is given), as plain data by kind."""
    return [
        *_orders(work, department=department, line=line),
        *_andons(work, department=department, line=line),
        *_reviews(work),
        *_holds(work),
        *_timers(work),
        *_approvals(work),
    ]


def _orders(work: Work, *, department: str, line: str) -> Iterator[Line]:
    """Give orders that run or are paused, with the first operation of the department that is not finished."""
    going = (OrderStatus.RUNNING, OrderStatus.PAUSED)
    on = [it for it in orders.open_orders(work) if it.status in going and (not line or it.line in ("", line))]
    for order in on[:MOST]:
        mine = [it for it in order.tasks if it.left or it.open_rework]
        task = next((it for it in mine if it.department == department), mine[0] if mine else None)
        yield {
            "kind": "order",
            "order": order.code,
            "product": order.product,
            "status": order.status.value,
            "reason": order.reason if order.status is OrderStatus.PAUSED else "",
            "operation": task.name if task else "",
            "left": plain(task.left) if task else "0",
            "rework": plain(task.open_rework) if task else "0",
        }


def _andons(work: Work, *, department: str, line: str) -> Iterator[Line]:
    places = {it.code for it in work.playbook.stations if it.line == line} | {line, ""}
    for it in andons.live(work):
        if it.department == department or (line and it.place in places):
            said = {"andon": it.code, "what": it.kind, "place": it.place, "text": it.text}
            yield {"kind": "andon", **said, "status": it.status.value, "holder": it.holder}


def _reviews(work: Work) -> Iterator[Line]:
    undecided = (NonConformanceStatus.OPEN, NonConformanceStatus.INVESTIGATING)
    query = select(NonConformance).where(
        NonConformance.site_id == work.site_id, NonConformance.status.in_(undecided), ~NonConformance.void
    )
    for it in work.session.scalars(query.order_by(NonConformance.id).limit(MOST)):
        yield {"kind": "review", "review": it.code, "text": it.text, "status": it.status.value}


def _holds(work: Work) -> Iterator[Line]:
    query = select(Hold).where(Hold.site_id == work.site_id, Hold.until.is_(None), ~Hold.void)
    for it in work.session.scalars(query.order_by(Hold.since.desc()).limit(MOST)):
        yield {
            "kind": "hold",
            "thing": work.session.get_one(CODED[it.kind], it.ref).code,
            "reason": it.reason,
        }


def _timers(work: Work) -> Iterator[Line]:
    live = (TimerStatus.ACTIVE, TimerStatus.WARNED)
    query = select(Timer).where(Timer.site_id == work.site_id, Timer.status.in_(live), ~Timer.void)
    names: Sequence[Timer] = work.session.scalars(query.order_by(Timer.due_at).limit(MOST)).all()
    for it in names:
        rule = work.playbook.timers_by_word.get(it.rule)
        yield {
            "kind": "timer",
            "thing": it.code,
            "timer": rule.name if rule else it.rule,
            "due_at": plain(it.due_at),
        }


def _approvals(work: Work) -> Iterator[Line]:
    for it in approvals.pending(work, limit=MOST):
        yield {"kind": "approval", "approval": it.code, "text": it.text}
