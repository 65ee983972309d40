"""Who hears of work orders."""

from typing import Final

from domain.queries import people
from domain.work import Happened, Work
from notifier import alerts
from notifier.telling import Rule, tell


def _order(work: Work, happened: Happened, _answered: str) -> None:
    """Those who prepared for the order: its line, and the departments of its operations."""
    line = people.line_chats(work, line=str(happened.data.get("line", "")))
    tell(work, happened, line, card=alerts.order_moved(happened))


RULES: Final[dict[str, Rule]] = {
    "order.released": _order,
    "order.paused": _order,
    "order.resumed": _order,
    "order.completed": _order,
}
