"""A call that did not reach who was called: the ladder does not wait for somebody who has not heard."""

from datetime import timedelta

from domain.models.andon import Andon, AndonStatus
from domain.store import andons
from domain.work import Work


def climb(work: Work, *, andon_id: int, missed: str) -> bool:
    """Let the next rung be due now; False if somebody has it already, or it is the last that was called.

    The last rung goes on being called at its own pace: calling at once again would never end.
    """
    andon = andons.lock_by_id(work, andon_id)
    if andon is None or andon.status not in (AndonStatus.OPEN, AndonStatus.REOPENED) or _at_top(work, andon):
        return False
    if andon.due_at is None or andon.due_at <= work.now:
        return False
    andon.due_at = work.now
    andon.called_at = min(andon.called_at, work.now - _patience(work, andon))
    data = {"andon": andon.code, "rung": andon.rung, "missed": missed}
    work.record("andon.unheard", data=data, about=[("andon", andon.id)])
    return True


def _at_top(work: Work, andon: Andon) -> bool:
    kind = work.playbook.andon_kind_or_none(andon.kind)
    return kind is None or andon.rung >= len(work.playbook.ladder(kind.ladder).rungs) - 1


def _patience(work: Work, andon: Andon) -> timedelta:
    """Return how long the next rung would have waited after the one that has not heard."""
    ladder = work.playbook.ladder(work.playbook.andon_kind(andon.kind).ladder)
    return ladder.rungs[andon.rung + 1].after
