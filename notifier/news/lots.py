"""Who hears of material lots."""

from dataclasses import replace
from typing import Final

from domain.work import Happened, Work
from notifier import alerts
from notifier.telling import Rule, departments_that, tell


def _lot_received(work: Work, happened: Happened, _answered: str) -> None:
    tell(work, happened, departments_that(work, "lot.inspect"), card=alerts.lot_to_inspect(happened))


def _lot_inspected(work: Work, happened: Happened, answered: str) -> None:
    """The warehouse may issue it now; the card that asked quality has had its time."""
    card = alerts.lot_inspected(happened.data)
    tell(work, happened, departments_that(work, "lot.issue"), card=card)
    asked = replace(card, key=alerts.lot_key(happened))
    tell(work, happened, departments_that(work, "lot.inspect"), card=asked, here=answered != asked.key)


def _lot_expiring(work: Work, happened: Happened, _answered: str) -> None:
    tell(work, happened, departments_that(work, "lot.issue"), card=alerts.lot_expiring(work, happened.data))


def _lot_judged(work: Work, happened: Happened, _answered: str) -> None:
    """What a review has decided the warehouse carries out; what it does itself it knows."""
    if happened.data.get("judged"):
        card = alerts.lot_inspected(happened.data)
        tell(work, happened, departments_that(work, "lot.issue"), card=card)


RULES: Final[dict[str, Rule]] = {
    "lot.received": _lot_received,
    "lot.inspected": _lot_inspected,
    "lot.expiring": _lot_expiring,
    "lot.sent_back": _lot_judged,
    "lot.scrapped": _lot_judged,
}
