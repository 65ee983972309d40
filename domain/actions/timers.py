"""Clocks on material: solder paste, floor life, baking, washing; started, ended, warned, over, waived."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypedDict

from domain.actions import approvals
from domain.errors import NoTimer, TimerNeeded, TimerNotYet, TimerOver, TimerRuns, WhichTimer
from domain.models.approval import Approval, ApprovalKind
from domain.models.floor import Timer, TimerStatus
from domain.models.lot import Lot
from domain.models.material import Material
from domain.permits import require
from domain.playbook.floor import TimerRule
from domain.store import timers
from domain.work import Work

KINDS = {"work_order": "order"}
NONE = timedelta()


class TimerMoved(TypedDict):
    """How a clock stands; `waits` is the approval (SP-3) without which a waiver is not done yet."""

    timer: str
    thing: str
    kind: str
    status: TimerStatus
    started_at: datetime
    due_at: datetime
    waits: str


def start(work: Work, *, thing: str, word: str = "") -> TimerMoved:
    """Start a clock on a lot, unit or order; without a word the only one that fits its material.

    Raises NotFound, SeveralLots, WhichTimer, NoTimer, TimerRuns, TimerOver.
    """
    require(work, "timer.run")
    found = timers.subject(work, code=thing)
    rule = work.playbook.timer(word) if word else _only_rule(work, found)
    made = timers.of(work, kind=kind_of(found), refs=[found.id])
    running = next((it for it in made if it.rule == rule.code and it.status in timers.LIVE), None)
    if running:
        raise TimerRuns(thing=found.code, timer=rule.name, until=_at(work, running.due_at))
    return _tell(work, "timer.started", _new(work, rule, found, left=_left(work, rule, made, found.code)))


def kind_of(found: timers.Subject) -> str:
    """Return the kind of thing as edges and timers name it."""
    return KINDS.get(found.__tablename__, found.__tablename__)


def _only_rule(work: Work, found: timers.Subject) -> TimerRule:
    fitting = rules_for(work, found)
    if not fitting:
        raise NoTimer(thing=found.code)
    if len(fitting) > 1:
        raise WhichTimer(thing=found.code, timers=_names(fitting))
    return fitting[0]


def rules_for(work: Work, found: timers.Subject) -> list[TimerRule]:
    """Return the clocks of the playbook for a lot's material; for other things those of no material."""
    code = work.session.get_one(Material, found.material_id).code if isinstance(found, Lot) else ""
    return [it for it in work.playbook.timers if (code in it.materials if code else not it.materials)]


def _names(rules: Iterable[TimerRule]) -> str:
    return "、".join(it.name for it in rules)


def _left(work: Work, rule: TimerRule, made: Sequence[Timer], thing: str) -> timedelta:
    """Return how long the clock runs: all of it, or what earlier runs have left; raises TimerOver."""
    if not rule.adds_up:
        return rule.lasts
    used, last = NONE, None
    for one in made:  # the newest first: up to the last thing that let it begin anew
        if rule.code in _resets(work, one) and one.status in (TimerStatus.DONE, TimerStatus.WAIVED):
            break
        if one.rule == rule.code:
            last = last or one
            used += min(one.ended_at or one.due_at, one.due_at) - one.started_at
    if used >= rule.lasts and last:
        raise TimerOver(thing=thing, timer=rule.name, since=_at(work, last.due_at))
    return rule.lasts - used


def _resets(work: Work, timer: Timer) -> tuple[str, ...]:
    rule = work.playbook.timers_by_word.get(timer.rule)
    return rule.resets if rule else ()


def _new(work: Work, rule: TimerRule, found: timers.Subject, *, left: timedelta) -> Timer:
    timer = Timer(
        id=work.new_id(),
        site_id=work.site_id,
        rule=rule.code,
        kind=kind_of(found),
        ref=found.id,
        code=found.code,
        started_at=work.now,
        due_at=work.now + left,
        warn_at=work.now + max(left - rule.warn, NONE) if rule.warn else None,
        started_by=work.actor.person_id,
        reason="",
        status=TimerStatus.ACTIVE,
        void=False,
    )
    work.session.add(timer)
    return timer


def end(work: Work, *, thing: str, word: str = "") -> TimerMoved:
    """Say that what was to be done in time is done (used up, dried again, washed), or has waited enough.

    Raises NotFound, NoTimer, WhichTimer, TimerNotYet where it must wait longer, WrongState where it is over.
    """
    require(work, "timer.run")
    timer = _one(work, thing=thing, word=word, of=timers.LIVE)
    rule = work.playbook.timers_by_word.get(timer.rule)
    if rule and rule.kind == "at_least" and timer.due_at > work.now:
        raise TimerNotYet(thing=timer.code, timer=rule.name, until=_at(work, timer.due_at))
    timer.move(TimerStatus.DONE)
    timer.ended_at, timer.ended_by = work.now, work.actor.person_id
    return _tell(work, "timer.ended", timer)


def waive(work: Work, *, thing: str, reason: str, word: str = "") -> TimerMoved:
    """Let something be used whose time is over, or that should wait longer, with a reason.

    Somebody else approves: what waits for it has not happened yet. Raises NotFound, NoTimer, WhichTimer.
    """
    require(work, "timer.waive")
    waivable = (*timers.LIVE, TimerStatus.EXPIRED)
    timer = _one(work, thing=thing, word=word, of=waivable)
    kind, data = ApprovalKind.WAIVER, {"reason": reason}
    if not approvals.may_stand(work, kind):
        asked = _ask(work, timer, data=data, done=False)
        return _moved(work, timer, waits=asked.code)
    moved = _waive(work, timer, reason=reason)
    if approvals.demanded(work, kind):
        _ask(work, timer, data=data, done=True)
    return moved


def _ask(work: Work, timer: Timer, *, data: dict[str, Any], done: bool) -> Approval:
    text = f"{timer.code} {_name(work, timer)}：{data['reason']}"
    return approvals.ask(
        work, kind=ApprovalKind.WAIVER, subject=("timer", timer.id), text=text, data=data, done=done
    )


def carry_out(work: Work, approval: Approval) -> None:
    """Waive what somebody else has approved; raises NotFound, WrongState."""
    _waive(work, timers.lock(work, approval.subject_id), reason=str(approval.data["reason"]))


def _waive(work: Work, timer: Timer, *, reason: str) -> TimerMoved:
    timer.move(TimerStatus.WAIVED)
    timer.reason = reason[:200]
    timer.ended_at, timer.ended_by = work.now, work.actor.person_id
    return _tell(work, "timer.waived", timer, reason=reason)


def _one(work: Work, *, thing: str, word: str, of: Sequence[TimerStatus]) -> Timer:
    """Return the one clock that is meant, locked; raises NoTimer, WhichTimer."""
    found = timers.subject(work, code=thing)
    wanted = work.playbook.timer(word).code if word else ""
    made = [it for it in timers.of(work, kind=kind_of(found), refs=[found.id]) if it.status in of]
    fitting = [it for it in made if not wanted or it.rule == wanted]
    if not fitting:
        raise NoTimer(thing=found.code)
    if len({it.rule for it in fitting}) > 1:
        raise WhichTimer(thing=found.code, timers="、".join(_name(work, it) for it in fitting))
    return timers.lock(work, fitting[0].id)


def fire(work: Work, *, timer_id: int) -> bool:
    """Do what the time has come for: warn, or say that it is over; False if another node has done it."""
    if timer_id not in timers.due(work):
        return False
    timer = timers.lock(work, timer_id)
    rule = work.playbook.timers_by_word.get(timer.rule)
    if timer.due_at > work.now:
        timer.move(TimerStatus.WARNED)
        _tell(work, "timer.warned", timer)
    elif rule and rule.kind == "at_least":
        _waited(work, timer, rule)
    else:
        timer.move(TimerStatus.EXPIRED)
        timer.ended_at = timer.due_at
        _tell(work, "timer.expired", timer)
    return True


def _waited(work: Work, timer: Timer, rule: TimerRule) -> None:
    """It has waited long enough; the clock that follows (thawed -> open) starts at once."""
    timer.move(TimerStatus.DONE)
    timer.ended_at = timer.due_at
    _tell(work, "timer.ready", timer)
    following = work.playbook.timers_by_word.get(rule.then or "")
    if following:
        found = timers.subject(work, code=timer.code)
        _tell(work, "timer.started", _new(work, following, found, left=following.lasts))


def refuse_expired(work: Work, lot: Lot) -> None:
    """Refuse to use a lot whose time is over, or that must wait; raises TimerOver, TimerNotYet, TimerNeeded.

    What was split off counts with what it was split from.
    """
    rules = {it.code: it for it in work.playbook.timers}
    if not rules:
        return
    made = timers.of(work, kind="lot", refs=timers.ancestors(work, lot))
    refuse_over(work, made, thing=lot.code)
    for rule in rules_for(work, lot):
        if rule.must and rule.code not in {it.rule for it in made}:
            raise TimerNeeded(thing=lot.code, timer=rule.name)


def refuse_over(work: Work, made: Sequence[Timer], *, thing: str) -> None:
    """Refuse what one of these clocks (the newest first) forbids: of each kind the newest counts.

    One that is over no longer counts when something that lets it begin anew was done after it. Raises
    TimerOver, TimerNotYet.
    """
    seen: set[str] = set()
    for timer in made:
        if timer.rule in seen:
            continue
        seen.add(timer.rule)
        rule = work.playbook.timers_by_word.get(timer.rule)
        waits = rule is not None and rule.kind == "at_least"
        if timer.status in timers.LIVE and waits and timer.due_at > work.now:
            raise TimerNotYet(thing=thing, timer=_name(work, timer), until=_at(work, timer.due_at))
        over = timer.status is TimerStatus.EXPIRED or (
            timer.status in timers.LIVE and timer.due_at <= work.now and not waits
        )
        if over:
            raise TimerOver(thing=thing, timer=_name(work, timer), since=_at(work, timer.due_at))
        if timer.status in (TimerStatus.DONE, TimerStatus.WAIVED):
            seen.update(_resets(work, timer))


def _name(work: Work, timer: Timer) -> str:
    rule = work.playbook.timers_by_word.get(timer.rule)
    return rule.name if rule else timer.rule


def _at(work: Work, at: datetime) -> str:
    return f"{at.astimezone(work.playbook.zone):%m-%d %H:%M}"


def _moved(work: Work, timer: Timer, *, waits: str = "") -> TimerMoved:
    return TimerMoved(
        timer=_name(work, timer),
        thing=timer.code,
        kind=timer.kind,
        status=timer.status,
        started_at=timer.started_at,
        due_at=timer.due_at,
        waits=waits,
    )


def _tell(work: Work, event_type: str, timer: Timer, **data: Any) -> TimerMoved:
    moved = _moved(work, timer)
    known = {**moved, "rule": timer.rule, "started_by": timer.started_by}
    table = {"order": "work_order"}.get(timer.kind, timer.kind)
    work.record(event_type, data={**known, **data}, about=[("timer", timer.id), (table, timer.ref)])
    return moved
