"""Who hears of work orders."""

from typing import Final

from domain.models.work_order import OrderStatus
from domain.queries import concerned, people
from domain.queries.people import Reach
from domain.work import Happened, Work
from notifier import order_cards
from notifier.telling import Rule, departments_that, ref, tell


def _order(work: Work, happened: Happened, _answered: str) -> None:
    """Its line, and the line of the order that waits for what it makes."""
    _tell(work, happened, [])


def _prepared(work: Work, happened: Happened, _answered: str) -> None:
    """Besides: every department that has prepared for it, and the warehouse where it had been asked."""
    codes = concerned.departments(work, order_id=ref(happened, "work_order"))
    groups = [reach for code in codes for reach in people.department_chats(work, department=code)]
    if happened.data.get("freed"):
        groups += departments_that(work, "lot.issue")
    _tell(work, happened, groups)


def _tell(work: Work, happened: Happened, groups: list[Reach]) -> None:
    line = people.line_chats(work, line=str(happened.data.get("line", "")))
    above, its_line = concerned.parent(work, order_id=ref(happened, "work_order"))
    waiting = people.line_chats(work, line=its_line) if above else []
    card = order_cards.order_moved(happened, zone=work.playbook.zone, parent=above)
    tell(work, happened, [*line, *waiting, *groups], card=card)


def _changed(work: Work, happened: Happened, answered: str) -> None:
    """A change of a product's own route or bill of material concerns its next orders, which will say so."""
    if happened.data["order"]:
        _prepared(work, happened, answered)


def _rescheduled(work: Work, happened: Happened, answered: str) -> None:
    """Nobody works towards a draft yet."""
    if happened.data["status"] != OrderStatus.DRAFT:
        _prepared(work, happened, answered)


RULES: Final[dict[str, Rule]] = {
    "order.released": _order,
    "order.paused": _prepared,
    "order.resumed": _order,
    "order.submitted": _order,
    "order.completed": _order,
    "order.rescheduled": _rescheduled,
    "order.cancelled": _prepared,
    "order.reopened": _prepared,
    "order.change_held": _prepared,
    "order.change_released": _prepared,
    "route.changed": _changed,
    "bom.changed": _changed,
}
