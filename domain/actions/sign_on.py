"""Who works where with what: signed on to a station, moved, signed off; and whether they may do it there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypedDict

from domain.errors import (
    AlreadySignedOn,
    EquipmentElsewhere,
    MissingEquipment,
    NotCertified,
    NotPermitted,
    NotSignedOn,
    SignOnFirst,
    WrongStation,
)
from domain.models.floor import SignOn
from domain.models.work_order import OperationTask, WorkOrder
from domain.permits import may_report, require, who_may
from domain.playbook.plant import Operation, Station
from domain.store import people, routes, sign_ons
from domain.store.routes import Demands
from domain.work import Work

MOST_NAMES: Final = 4
MOVED: Final = "moved"
BY_PERSON: Final = "person"
SHIFT_END: Final = "shift_end"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where and with what the speaker works, empty where they are signed on nowhere.

    `loading`: the route asks for the material of this operation to be loaded.
    """

    station: str = ""
    equipment: str = ""
    loading: bool = False


class SignedOn(TypedDict):
    """Where somebody stands from now on (or stood until now); `left` is the station they came from."""

    name: str
    station: str
    station_name: str
    line: str
    operation: str
    equipment: str
    left: str


def check(work: Work, *, order: WorkOrder, task: OperationTask, asked: Demands | None = None) -> Standing:
    """Check that the actor may do this operation where they stand; returns where that is.

    Who is signed on nowhere passes, but where the route asks for a class of machine; `asked` is what it asks
    for, if that is known already. Raises NotPermitted, NotCertified, WrongStation, SignOnFirst,
    MissingEquipment.
    """
    actor = work.actor
    if not may_report(work, department=task.department):
        raise NotPermitted(permission="work.report", who=who_may(work, "work.report"))
    if actor.person_id is None:
        return Standing()
    asked = asked or routes.demands(work, task)
    known = work.playbook.operations_by_word.get(task.code)
    if asked.certified or (known and known.certified):
        _certified(work, code=task.code, name=task.name)
    if actor.station:
        _can_do(work, _station(work, actor.station), code=task.code, name=task.name, line=order.line)
    if asked.machine:
        _has(work, asked.machine, task=task, line=order.line)
    return Standing(station=actor.station, equipment=actor.equipment, loading=asked.loading)


def _station(work: Work, code: str) -> Station | None:
    """Return the station, None where the playbook has dropped it since."""
    return next((it for it in work.playbook.stations if it.code == code), None)


def _certified(work: Work, *, code: str, name: str) -> None:
    """Refuse who has no certificate for the operation; raises NotCertified with those who have."""
    book = work.playbook
    rule = book.people_by_number.get(work.actor.job_number)
    if rule is None or code not in rule.qualifications:
        able = [it.name for it in book.people if code in it.qualifications]
        raise NotCertified(operation=name, people=_some(able))


def _can_do(work: Work, station: Station | None, *, code: str, name: str, line: str) -> None:
    if station is None or not station.operations or code in station.operations:
        return
    raise WrongStation(
        operation=name,
        station=f"{station.code} {station.name}",
        stations=_some(f"{it.code} {it.name}" for it in stations_for(work, operation=code, line=line)),
    )


def stations_for(work: Work, *, operation: str, line: str = "") -> list[Station]:
    """Return the stations at which an operation (code) can be done, those of the line in front."""
    able = [it for it in work.playbook.stations if operation in it.operations]
    return sorted(able, key=lambda it: it.line != line)


def _has(work: Work, machine: str, *, task: OperationTask, line: str) -> None:
    """Refuse who has no machine of the class that is asked for; raises SignOnFirst, MissingEquipment."""
    of_class = [it for it in work.playbook.equipment if it.kind == machine]
    if work.actor.equipment in {it.code for it in of_class}:
        return
    here = [it for it in of_class if it.station == work.actor.station]
    if not work.actor.station:
        places = {it.station for it in of_class}
        able = [it for it in stations_for(work, operation=task.code, line=line) if it.code in places]
        where = _some(f"{it.code} {it.name}" for it in able)
        raise SignOnFirst(operation=task.name, machine=machine, stations=where)
    raise MissingEquipment(
        operation=task.name,
        machine=machine,
        station=work.actor.station,
        machines=_some(f"{it.code} {it.name}（{it.station or '—'}）" for it in here or of_class),
    )


def _some(names: Iterable[str]) -> str:
    return "、".join(list(names)[:MOST_NAMES]) or "—"


def sign_on(work: Work, *, station: str, operation: str = "", equipment: str = "") -> SignedOn:
    """Sign the actor on to a station with its machine and operation; whoever stood elsewhere moves.

    What is not said is taken where the station has but one. Raises NotFound, WrongStation, NotCertified,
    EquipmentElsewhere, AlreadySignedOn.
    """
    require(work, "work.sign_on")
    place = work.playbook.station(station)
    doing = _operation(work, place, said=operation)
    machine = _equipment(work, place, said=equipment)
    person_id = work.actor.person_id or 0
    before = sign_ons.lock_of(work, person_id=person_id)
    if before and (before.station, before.operation, before.equipment) == (place.code, doing, machine):
        raise AlreadySignedOn(station=f"{place.code} {place.name}")
    left = before.station if before else ""
    if before:
        _end(work, before, why=MOVED)
    now = SignOn(
        id=work.new_id(),
        site_id=work.site_id,
        person_id=person_id,
        line=place.line,
        station=place.code,
        equipment=machine,
        operation=doing,
        since=work.now,
        void=False,
    )
    work.session.add(now)
    signed = _signed(work, now, name=work.actor.name, left=left)
    work.record("person.signed_on", data={**signed}, about=[("person", person_id)])
    return signed


def _operation(work: Work, place: Station, *, said: str) -> str:
    """Return the code of the operation that is bound; raises NotFound, WrongStation, NotCertified."""
    book = work.playbook
    able = [book.operation(code) for code in place.operations]
    if said:
        wanted = book.operation(said)
        _can_do(work, place, code=wanted.code, name=wanted.name, line=place.line)
        able = [wanted]
    if able and all(it.certified for it in able):
        mine = [it for it in able if _has_certificate(work, it)]
        if not mine:
            _certified(work, code=able[0].code, name=able[0].name)
        able = mine
    return able[0].code if len(able) == 1 else ""


def _has_certificate(work: Work, operation: Operation) -> bool:
    rule = work.playbook.people_by_number.get(work.actor.job_number)
    return rule is not None and operation.code in rule.qualifications


def _equipment(work: Work, place: Station, *, said: str) -> str:
    """Return the code of the machine that is bound; raises EquipmentElsewhere."""
    here = [it for it in work.playbook.equipment if it.station == place.code]
    movable = [it for it in work.playbook.equipment if it.station is None]
    if said and said not in {it.code for it in (*here, *movable)}:
        machines = _some(f"{it.code} {it.name}" for it in here)
        raise EquipmentElsewhere(equipment=said, station=f"{place.code} {place.name}", machines=machines)
    return said or (here[0].code if len(here) == 1 else "")


def sign_off(work: Work) -> SignedOn:
    """Sign the actor off; raises NotSignedOn."""
    require(work, "work.sign_on")
    found = sign_ons.lock_of(work, person_id=work.actor.person_id or 0)
    if found is None:
        raise NotSignedOn(name=work.actor.name)
    return _end(work, found, why=BY_PERSON)


def end_forgotten(work: Work, *, sign_on_id: int) -> bool:
    """Sign off who forgot to at the end of their shift; False if they have done so meanwhile."""
    found = sign_ons.lock(work, sign_on_id=sign_on_id)
    if found is None:
        return False
    _end(work, found, why=SHIFT_END)
    return True


def _end(work: Work, found: SignOn, *, why: str) -> SignedOn:
    found.until = work.now
    person = people.by_ids(work, [found.person_id])[0]
    signed = _signed(work, found, name=person.name, left=found.station)
    data = {**signed, "why": why, "since": found.since, "job_number": person.job_number}
    work.record("person.signed_off", data=data, about=[("person", found.person_id)])
    return signed


def _signed(work: Work, found: SignOn, *, name: str, left: str) -> SignedOn:
    place = _station(work, found.station)
    doing = work.playbook.operations_by_word.get(found.operation)
    return SignedOn(
        name=name,
        station=found.station,
        station_name=place.name if place else "",
        line=found.line,
        operation=doing.name if doing else found.operation,
        equipment=found.equipment,
        left=left,
    )
