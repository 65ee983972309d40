"""盘点: what was counted, the difference as an event of its own, above the plant's limit with four eyes."""

from decimal import Decimal
from typing import Final

from domain.actions import approvals
from domain.actions.lots import LotMoved, lot_record
from domain.errors import NothingToReport
from domain.models.approval import ApprovalKind
from domain.models.columns import tidy
from domain.models.lot import Lot
from domain.permits import require
from domain.store import lots
from domain.work import Work

ZERO: Final = Decimal(0)


class Counted(LotMoved):
    """What a count found: expected, the difference (below zero: missing), the approval asked, if any."""

    expected: Decimal
    difference: Decimal
    approval: str


def count(work: Work, *, lot: str, counted: Decimal, note: str = "") -> Counted:
    """Write down what was counted of a lot, and set on hand to it.

    A difference above the plant's share of what was expected asks for a second pair of eyes: the count
    stands, marked. Raises NotFound, SeveralLots, NothingToReport.
    """
    require(work, "lot.count")
    if counted < ZERO:
        raise NothingToReport(order=lot, operation="盘点")
    found = lots.lock(work, code=lot)
    expected = found.on_hand
    moved = lot_record(work, "lot.counted", found, quantity=counted, expected=expected, note=note)
    if counted == expected:
        return Counted(**moved, expected=expected, difference=ZERO, approval="")
    return adjust(work, found, counted=counted, note=note)


def adjust(work: Work, lot: Lot, *, counted: Decimal, note: str) -> Counted:
    """Set a locked lot to what was found of it: above the plant's share another person looks at it."""
    expected = lot.on_hand
    difference = lot.count(counted)
    moved = lot_record(
        work, "lot.adjusted", lot, quantity=counted, expected=expected, difference=difference, note=note
    )
    asked = _ask(work, lot, expected=expected, difference=difference, note=note)
    return Counted(**moved, expected=expected, difference=difference, approval=asked)


def _ask(work: Work, lot: Lot, *, expected: Decimal, difference: Decimal, note: str) -> str:
    """Ask another person to look at a large difference; returns the approval's code, if one is needed."""
    small = abs(difference) <= expected * work.playbook.limits.count_difference
    if small or not approvals.demanded(work, ApprovalKind.SCRAP):
        return ""
    said = f"盘点 {lot.code} 账上 {tidy(expected)} 实数 {tidy(lot.on_hand)} {lot.unit}"
    approval = approvals.ask(
        work,
        kind=ApprovalKind.SCRAP,
        subject=("lot", lot.id),
        text=f"{said} {note}".strip(),
        data={"lot": lot.code, "difference": str(difference)},
    )
    return approval.code
