"""Room between two operations of an order: every number of its steps is made ten times as large.

An operation is told by its number in tasks, in pieces and what they went through, and in findings: all of
them change in one act, or a piece would stand at an operation that is not there.
"""

from collections.abc import Sequence

from domain.actions.versions import STEP
from domain.models.work_order import OperationTask, WorkOrder
from domain.store import findings, units
from domain.work import Work


def make_room(work: Work, order: WorkOrder, tasks: Sequence[OperationTask]) -> None:
    """Renumber an order that is locked; `tasks` come in sequence."""
    for task in reversed(tasks):  # the highest first: no two of an order ever have one number
        task.sequence *= STEP
        work.session.flush()
    for unit in units.of_order(work, order_id=order.id):
        unit.sequence *= STEP
        unit.first_sequence *= STEP
        unit.owes = [it * STEP for it in unit.owes]
    for step in units.steps_of_order(work, order_id=order.id):  # the highest first again, piece by piece
        step.sequence *= STEP
        work.session.flush()
    for finding in findings.of_order(work, order_id=order.id):
        order_id, kind, sequence, what = finding.cause.split(":", 3)
        finding.cause = ":".join((order_id, kind, str(int(sequence) * STEP), what))[:120]
        finding.sequence *= STEP
        if finding.seen_sequence is not None:
            finding.seen_sequence *= STEP
