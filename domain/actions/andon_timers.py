"""What happens to an andon by itself: it climbs, reopens, is asked about again, or loses who held it."""

from datetime import timedelta
from typing import Final

from domain.actions.andons import (
    CONFIRM_WITHIN,
    WORKED_ON,
    AndonMoved,
    call_next,
    person_id_of,
    start_again,
    tell,
)
from domain.models.andon import Andon, AndonStatus
from domain.store import andons, people
from domain.work import Work

ASK_AGAIN: Final = (CONFIRM_WITHIN, timedelta(hours=2), timedelta(days=1))
HANDED_BACK: Final = "andon.handed_back"


def run_timer(work: Work, *, andon_id: int) -> AndonMoved | None:
    """Do what is due on an andon: climb, reopen what was taken and not mended, remind who must confirm."""
    andon = andons.lock_by_id(work, andon_id)
    if andon is None or andon.due_at is None or andon.due_at > work.now:
        return None
    if andon.status in WORKED_ON:
        return start_again(work, andon, note="")
    if andon.status is AndonStatus.RESOLVED:
        return _ask_again(work, andon)
    called = call_next(work, andon)
    return tell(work, "andon.escalated" if called else "andon.waiting", andon, called=called)


def hand_back(work: Work, *, andon_id: int, held_by: str) -> None:
    """Take the ball from somebody who has left: people are called again, or the leader is to confirm."""
    andon = andons.lock_by_id(work, andon_id)
    if andon is None:
        return
    if andon.status in WORKED_ON:
        start_again(work, andon, note="", event_type=HANDED_BACK, left=held_by)
    elif andon.status is AndonStatus.RESOLVED:
        andon.rung = len(ASK_AGAIN) - 2
        _ask_again(work, andon)
    else:
        andon.rung, andon.called_at = -1, work.now
        tell(work, HANDED_BACK, andon, called=call_next(work, andon), left=held_by)


def _ask_again(work: Work, andon: Andon) -> AndonMoved:
    """Remind the reporter twice, then hand the ball to a leader, who is asked once a day."""
    andon.rung += 1
    andon.due_at = work.now + ASK_AGAIN[min(andon.rung + 1, len(ASK_AGAIN) - 1)]
    called: list[str] = []
    if andon.rung >= len(ASK_AGAIN) - 1 or andon.raised_by is None:
        called = [_leader(work, andon)]
        andon.holder_id = person_id_of(work, tuple(called)) or andon.holder_id
    return tell(work, "andon.confirm_due", andon, called=called)


def _leader(work: Work, andon: Andon) -> str:
    """Return who confirms for a silent reporter, or for a rule: a leader who is still here."""
    reporter = people.by_ids(work, [andon.raised_by] if andon.raised_by else [])
    unit = work.playbook.departments_by_word.get(reporter[0].department if reporter else andon.department)
    manager, gone = work.playbook.site.plant_manager, people.leavers(work)
    asked = (unit.leader_or_head, unit.head) if unit else ()
    return next((one for one in asked if one not in gone), manager)
