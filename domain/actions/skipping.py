"""跳过: an operation of one order is left out; an optional one at once, any other with four eyes."""

from typing import TypedDict

from domain.actions import approvals
from domain.actions.production import task_named
from domain.errors import WrongState
from domain.models.approval import Approval, ApprovalKind
from domain.models.flow import refresh_gates
from domain.models.work_order import TaskStatus
from domain.permits import require
from domain.store import orders, routes
from domain.work import Work


class Skipped(TypedDict):
    """What is not done, and the approval it has or waits for (empty where the route leaves it open)."""

    order: str
    operation: str
    reason: str
    approval: str
    done: bool


def skip(work: Work, *, order: str, operation: str, reason: str) -> Skipped:
    """Leave an operation of an order out, or ask for it; raises NotFound, WrongState where it has begun.

    What the route calls optional needs nobody's approval.
    """
    require(work, "work.skip")
    found = orders.lock(work, code=order)
    task = task_named(found, orders.tasks(work, found), operation)
    if not task.may_move(TaskStatus.SKIPPED):
        named, wanted = f"{found.code} {task.name}", f"operation_task:{TaskStatus.SKIPPED.value}"
        raise WrongState(thing=named, status=task.standing, wanted=wanted)
    rule = routes.operation_of(work, task)
    free = rule is not None and rule.optional
    done = free or approvals.may_stand(work, ApprovalKind.SKIP)
    skipped = Skipped(order=found.code, operation=task.name, reason=reason, approval="", done=done)
    if done:
        leave_out(work, order=found.code, operation=task.name, reason=reason)
    if not free and approvals.demanded(work, ApprovalKind.SKIP):
        skipped["approval"] = approvals.ask(
            work,
            kind=ApprovalKind.SKIP,
            subject=("operation_task", task.id),
            text=f"{found.code} 跳过 {task.name}：{reason}",
            data={"order": found.code, "operation": task.name, "reason": reason},
            done=done,
        ).code
    return skipped


def carry_out(work: Work, approval: Approval) -> None:
    """Skip what has waited for its approval; raises WrongState where it has begun since."""
    data = approval.data
    leave_out(work, order=data["order"], operation=data["operation"], reason=data["reason"])


def leave_out(work: Work, *, order: str, operation: str, reason: str) -> None:
    """Skip an operation, as its approval or the route allows; raises NotFound, WrongState."""
    found = orders.lock(work, code=order)
    tasks = orders.tasks(work, found)
    task = task_named(found, tasks, operation)
    task.move(TaskStatus.SKIPPED)
    refresh_gates(found, tasks)
    data = {"order": found.code, "operation": task.name, "reason": reason, "line": found.line}
    work.record("work.skipped", data=data, about=[("work_order", found.id), ("operation_task", task.id)])
