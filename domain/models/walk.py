"""The way of one piece through the operations of its order: what comes next, and what it has missed."""

from collections.abc import Collection, Sequence

from domain.models.work_order import OperationTask


def first(tasks: Sequence[OperationTask], *, per_unit: Collection[int]) -> OperationTask | None:
    """Return where a piece with a number begins: the first operation that asks for one, else the first."""
    stops = [task for task in tasks if task.counts]
    return next((task for task in stops if task.sequence in per_unit), stops[0] if stops else None)


def next_after(
    tasks: Sequence[OperationTask], task: OperationTask, *, been: Collection[int]
) -> OperationTask | None:
    """Return where a piece goes from `task`: what is left of its parallel group, else what comes after.

    `been` are the sequences that it went through in this round; None where it is finished.
    """
    beside = [it for it in _group(tasks, task) if it is not task and it.sequence not in been]
    after = [it for it in tasks if it.counts and it.sequence > _group(tasks, task)[-1].sequence]
    return next(iter([*beside, *after]), None)


def missed(tasks: Sequence[OperationTask], *, at: int, seen: OperationTask) -> list[OperationTask]:
    """Return the operations from `at`, where a piece stands, before the one at which it is seen."""
    beside = {it.sequence for it in _group(tasks, seen)}
    return [
        it for it in tasks if it.counts and at <= it.sequence < seen.sequence and it.sequence not in beside
    ]


def _group(tasks: Sequence[OperationTask], task: OperationTask) -> list[OperationTask]:
    """Return the operations that run side by side with this one, itself included."""
    if task.parallel is None:
        return [task]
    return [it for it in tasks if it.parallel == task.parallel and it.counts]
