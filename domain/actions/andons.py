"""Andons from the first call to the reporter's confirmation; who is called when is `domain/duty`'s to say."""

from datetime import timedelta
from typing import Any, TypedDict, cast

from domain import duty
from domain.errors import NotFound, NotPermitted, Stale
from domain.models.andon import Andon, AndonStatus
from domain.permits import may, not_own, require
from domain.playbook.rules import AndonKind, Severity
from domain.store import andons, people
from domain.work import Work

CALLING = (AndonStatus.OPEN, AndonStatus.REOPENED)
WORKED_ON = (AndonStatus.ACKNOWLEDGED, AndonStatus.CONTAINED)
CONFIRM_WITHIN = timedelta(minutes=30)
RESOLVE_WITHIN = timedelta(hours=1)  # where the playbook no longer has the andon's kind
TEXT = 500


class AndonMoved(TypedDict):
    """What became of an andon."""

    andon: str
    kind: str
    department: str
    status: AndonStatus
    place: str
    text: str
    repeats: int


def raise_(
    work: Work,
    *,
    kind: str,
    text: str = "",
    place: str = "",
    order_id: int | None = None,
    lot_id: int | None = None,
    chat_key: str = "",
) -> AndonMoved:
    """Call for help; a live andon of the same cause gets the repeat added instead. Raises NotFound."""
    about = f"order:{order_id}" if order_id else f"lot:{lot_id}" if lot_id else ""
    cause = f"{work.playbook.andon_kind(kind).code}|{place or work.actor.department}|{about}"
    return _raise(
        work,
        kind=kind,
        cause=cause,
        text=text,
        place=place,
        order_id=order_id,
        lot_id=lot_id,
        chat_key=chat_key,
    )


def raise_by_rule(
    work: Work, *, kind: str, cause: str, text: str, place: str, order_id: int | None = None
) -> AndonMoved:
    """Raise what a limit of the playbook demands, once per cause."""
    return _raise(work, kind=kind, cause=cause, text=text, place=place, order_id=order_id, by_rule=True)


def _raise(work: Work, *, kind: str, cause: str, text: str, place: str, **where: Any) -> AndonMoved:
    rule = work.playbook.andon_kind(kind)
    live = andons.live_by_cause(work, cause_key=cause)
    if live is not None:
        return _repeat(work, live, note=text, by_rule=bool(where.get("by_rule")))
    andon = _new(work, rule, cause=cause, text=text, place=place, **where)
    work.session.add(andon)
    called = call_next(work, andon)
    return tell(work, "andon.raised", andon, called=called)


def _repeat(work: Work, andon: Andon, *, note: str, by_rule: bool) -> AndonMoved:
    """Add a call to the live andon of its cause; what was called mended is not: people are called again."""
    andon.repeats += 1
    if note and note not in andon.text:  # a rule's figures replace the older ones, people's words add up
        andon.text = note if by_rule else "；".join(filter(None, (andon.text, note)))[:TEXT]
    if andon.status is AndonStatus.RESOLVED:
        return start_again(work, andon, note=note)
    news = andon.severity == "safety" or (note and andon.status in WORKED_ON)
    called = _job_numbers(work, andon.holder_id) if news else []
    return tell(work, "andon.repeated", andon, called=called, note=note)


def _new(work: Work, rule: AndonKind, *, cause: str, text: str, place: str, **where: Any) -> Andon:
    return Andon(
        id=work.new_id(),
        site_id=work.site_id,
        number=andons.next_number(work),
        kind=rule.code,
        severity=rule.severity,
        department=work.playbook.department(rule.department).code,
        place=place,
        text=text[:TEXT],
        cause_key=cause[:200],
        repeats=0,
        order_id=where.get("order_id"),
        lot_id=where.get("lot_id"),
        status=AndonStatus.OPEN,
        generation=1,
        raised_by=None if where.get("by_rule") else work.actor.person_id,
        caller="" if where.get("by_rule") or work.actor.person_id else work.actor.name[:80],
        raised_at=work.now,
        raised_in=where.get("chat_key", ""),
        rung=-1,
        called_at=work.now,
        resolution="",
        void=False,
    )


def call_next(work: Work, andon: Andon) -> list[str]:
    """Call the next rung if its time has come, set the timer for the one after; returns who is called."""
    rung = _next(work, andon)
    if rung.due > work.now:
        andon.due_at = rung.due
        andon.holder_id = person_id_of(work, rung.people)
        return []
    andon.rung, andon.called_at = rung.index, rung.due
    andon.holder_id = person_id_of(work, rung.people)
    andon.due_at = _next(work, andon).due
    return list(rung.people)


def _next(work: Work, andon: Andon) -> duty.Rung:
    try:
        return duty.next_rung(
            duty.without(work.playbook, people.leavers(work)),
            kind=andon.kind,
            index=andon.rung,
            previous_due=andon.called_at,
            now=work.now,
            department=andon.department,
            severity=cast("Severity", andon.severity),
        )
    except (
        NotFound
    ):  # the playbook has dropped its kind, ladder or department: the plant manager, until closed
        due = max(andon.called_at if andon.rung < 0 else andon.called_at + RESOLVE_WITHIN, work.now)
        manager = (work.playbook.site.plant_manager,)
        return duty.Rung(
            index=0, who="plant_manager", people=manager, due=due, reason=duty.Reason.LAST_RESORT
        )


def _rule(work: Work, andon: Andon) -> AndonKind | None:
    return work.playbook.andon_kinds_by_word.get(andon.kind)


def _resolve_within(work: Work, andon: Andon) -> timedelta:
    rule = _rule(work, andon)
    return rule.resolve_within if rule else RESOLVE_WITHIN


def _job_numbers(work: Work, person_id: int | None) -> list[str]:
    return [person.job_number for person in people.by_ids(work, [person_id] if person_id else [])]


def person_id_of(work: Work, job_numbers: tuple[str, ...]) -> int | None:
    """Return our id of the first of these people."""
    found = people.by_job_numbers(work, job_numbers[:1])
    return found[0].id if found else None


def acknowledge(work: Work, *, number: int, generation: int | None = None) -> AndonMoved:
    """Take the ball (接): the actor is the holder from now on. Raises NotFound, WrongState, Stale."""
    require(work, "andon.take")
    andon = _locked(work, number, generation)
    andon.advance(AndonStatus.ACKNOWLEDGED)
    andon.holder_id = work.actor.person_id
    andon.acknowledged_at = andon.acknowledged_at or work.now  # how long the first answer took
    andon.due_at = work.now + _resolve_within(work, andon)
    return tell(work, "andon.acknowledged", andon)


def contain(work: Work, *, number: int, note: str = "") -> AndonMoved:
    """Say that the damage is contained (围堵), the cause not yet removed."""
    require(work, "andon.resolve")
    andon = _locked(work, number, None)
    andon.advance(AndonStatus.CONTAINED)
    andon.resolution = note[:500] or andon.resolution
    andon.due_at = work.now + _resolve_within(work, andon)
    return tell(work, "andon.contained", andon, note=note)


def resolve(work: Work, *, number: int, note: str = "", generation: int | None = None) -> AndonMoved:
    """Say that it is mended (解决); the reporter has the ball until they confirm."""
    require(work, "andon.resolve")
    andon = _locked(work, number, generation)
    andon.advance(AndonStatus.RESOLVED)
    andon.resolution = note[:500] or andon.resolution
    andon.resolved_at = work.now
    andon.rung, andon.due_at = -1, work.now + CONFIRM_WITHIN
    work_holder, andon.holder_id = andon.holder_id, andon.raised_by or andon.holder_id
    return tell(work, "andon.resolved", andon, note=note, resolved_by=work_holder)


def confirm(work: Work, *, number: int, generation: int | None = None) -> AndonMoved:
    """Close it: the reporter confirms; nobody confirms what they resolved themselves."""
    require(work, "andon.confirm")
    andon = _locked(work, number, generation)
    if andon.raised_by != work.actor.person_id:
        not_own(work, person_id=_resolver(work, andon), thing=andon.code)
        _may_confirm_for(work, andon)
    andon.advance(AndonStatus.CLOSED)
    andon.closed_at, andon.due_at = work.now, None
    return tell(work, "andon.closed", andon)


def _may_confirm_for(work: Work, andon: Andon) -> None:
    """Let leaders confirm for the reporter; raises NotPermitted with the reporter's name in front."""
    if may(work.actor, "andon.silence", playbook=work.playbook):
        return
    reporter = [person.name for person in people.by_ids(work, [andon.raised_by] if andon.raised_by else [])]
    leaders = [role.name for role in work.playbook.roles_with("andon.silence")]
    raise NotPermitted(permission="andon.confirm", who="、".join([*reporter, *leaders]))


def reopen(work: Work, *, number: int, note: str = "", generation: int | None = None) -> AndonMoved:
    """Say that it is not mended (没好): the ladder starts again."""
    require(work, "andon.raise")
    andon = _locked(work, number, generation)
    return start_again(work, andon, note=note)


def start_again(
    work: Work, andon: Andon, *, note: str, event_type: str = "andon.reopened", **data: Any
) -> AndonMoved:
    """Reopen it and start its ladder at the bottom; whoever had taken it is named in the event."""
    andon.advance(AndonStatus.REOPENED)
    held_by = _held_by(work, andon)
    andon.rung, andon.called_at = -1, work.now
    called = call_next(work, andon)
    return tell(work, event_type, andon, called=called, note=note, held_by=held_by, **data)


def _held_by(work: Work, andon: Andon) -> list[str]:
    """Return who has lost the ball (job number): whoever took it last, not the reporter who must confirm."""
    return _job_numbers(work, andons.last_actor(work, andon_id=andon.id, event_type="andon.acknowledged"))


def _locked(work: Work, number: int, generation: int | None) -> Andon:
    andon = andons.lock(work, number=number)
    if generation is not None and generation != andon.generation:
        raise Stale(thing=andon.code, status=andon.standing)
    return andon


def _resolver(work: Work, andon: Andon) -> int | None:
    return andons.last_actor(work, andon_id=andon.id, event_type="andon.resolved")


def tell(work: Work, event_type: str, andon: Andon, **data: Any) -> AndonMoved:
    """Record what happened to it."""
    moved = AndonMoved(
        andon=andon.code,
        kind=rule.name if (rule := _rule(work, andon)) else andon.kind,
        department=andon.department,
        status=andon.status,
        place=andon.place,
        text=andon.text,
        repeats=andon.repeats,
    )
    about = [("andon", andon.id)]
    if andon.order_id is not None:
        about.append(("work_order", andon.order_id))
    work.record(event_type, data={**moved, "rung": andon.rung, **data}, about=about)
    return moved
