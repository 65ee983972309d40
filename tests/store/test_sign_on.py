"""Where people stand: one place each, what may be done there, and who forgot to sign off."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import initialize, invariant, rule
from sqlalchemy import func, select

from bot.rules import Rules
from domain.actions import production, sign_on, undo
from domain.clock import FixedClock
from domain.errors import MissingEquipment, NotCertified, SignOnFirst, StoodUpon, WrongStation
from domain.models.floor import SignOn
from domain.models.journal import Event, Outbox
from domain.models.routing import Operation
from domain.queries import sign_ons
from domain.store.office import Office
from domain.work import Work
from notifier import timers
from tests.store.speaking import Chat, says
from tests.store.walking import Walk, walked


def on(station: str) -> Callable[[Work], Any]:
    return partial(sign_on.sign_on, station=station)


def report(operation: str, order: str = "WO-1001") -> Callable[[Work], Any]:
    return partial(production.report, order=order, operation=operation, good=Decimal(1))


def test_events_carry_station_and_machine_of_who_stands_there(plant: Office) -> None:
    says(plant, "zhangwei", on("ST-201"))
    says(plant, "zhangwei", report("焊接"))
    event = plant.read(
        lambda work: work.session.scalars(select(Event).where(Event.type == "work.reported")).one()
    ).result()
    assert (event.place, event.data["equipment"]) == ("ST-201", "EQ-SI-01")


def test_what_is_not_done_there_is_refused_with_where_it_is(plant: Office) -> None:
    says(plant, "zhangwei", on("ST-201"))
    with pytest.raises(WrongStation) as wrong:
        says(plant, "zhangwei", report("组装"))
    assert wrong.value.stations == "ST-202 组装工位"


def test_a_certified_operation_refuses_the_uncertified_signed_on_or_not(plant: Office) -> None:
    with pytest.raises(NotCertified) as refused:
        says(plant, "zhangwei", report("贴片", "WO-1003"))
    assert refused.value.people == "刘洋"
    with pytest.raises(NotCertified):
        says(plant, "zhangwei", on("ST-101"))
    says(plant, "liuyang", report("贴片", "WO-1003"))


def asks_for(office: Office, machine: str) -> None:
    """Let the route of WO-1001 ask for a class of machine at its first operation."""

    def change(work: Work) -> None:
        for step in work.session.scalars(select(Operation).where(Operation.code == "solder")):
            step.equipment_kind = machine
        work.record("master.loaded")

    office.write(change).result()


def test_where_the_route_asks_for_a_machine_who_reports_has_one(plant: Office) -> None:
    asks_for(plant, "焊台")
    with pytest.raises(SignOnFirst) as first:
        says(plant, "zhangwei", report("焊接"))
    assert first.value.stations == "ST-201 手工焊工位"
    says(plant, "zhangwei", on("ST-102"))
    with pytest.raises(MissingEquipment) as missing:
        says(plant, "zhangwei", report("焊接"))
    assert "EQ-SI-01" in missing.value.machines
    says(plant, "zhangwei", on("ST-201"))
    says(plant, "zhangwei", report("焊接"))


def test_a_sign_off_is_not_undone_when_the_person_stands_elsewhere_since(plant: Office) -> None:
    says(plant, "zhangwei", on("ST-201"), answer=1)
    says(plant, "zhangwei", sign_on.sign_off, answer=2)
    says(plant, "zhangwei", on("ST-202"), answer=3)
    with pytest.raises(StoodUpon):
        says(plant, "zhangwei", partial(undo.undo, chat_key="c", number=2), answer=4)
    says(plant, "zhangwei", partial(undo.undo, chat_key="c", number=3), answer=5)
    says(plant, "zhangwei", partial(undo.undo, chat_key="c", number=2), answer=6)
    assert [it.station for it in plant.read(sign_ons.who_stands).result()] == ["ST-201"]


def test_who_forgets_is_signed_off_by_the_clock_once_and_told(plant: Office, clock: FixedClock) -> None:
    says(plant, "zhangwei", on("ST-201"))
    ends = plant.read(_ends).result()
    clock.advance(ends - clock.now() + timedelta(minutes=29))
    assert plant.read(sign_ons.forgotten).result() == []
    clock.advance(timedelta(minutes=1))
    (forgotten,) = plant.read(sign_ons.forgotten).result()
    assert plant.write(partial(timers.sign_off, sign_on_id=forgotten)).result()
    assert not plant.write(partial(timers.sign_off, sign_on_id=forgotten)).result()
    event, said = plant.read(_last).result()
    assert (event.type, event.actor_id, event.data["why"]) == ("person.signed_off", None, "shift_end")
    assert said["buttons"][0]["say"] == "上岗 ST-201 焊接 EQ-SI-01"


def _ends(work: Work) -> Any:
    found = work.session.scalars(select(SignOn)).one()
    return sign_ons.ends_at(work, found, department="production")


def _last(work: Work) -> tuple[Event, dict[str, Any]]:
    event = work.session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
    return event, work.session.scalars(select(Outbox.card).order_by(Outbox.id.desc()).limit(1)).one()


def test_who_comes_early_has_come_for_the_shift_that_starts(plant: Office, rules: Rules) -> None:
    def ends(work: Work, hour: str) -> str:
        since = (
            rules.clock.now().astimezone(work.playbook.zone).replace(hour=int(hour[:2]), minute=int(hour[3:]))
        )
        found = SignOn(since=since)
        end = sign_ons.ends_at(work, found, department="production")
        return f"{end.astimezone(work.playbook.zone):%H:%M}"

    for since, until in (("07:40", "20:00"), ("19:30", "20:00"), ("19:45", "08:00"), ("03:00", "08:00")):
        assert plant.read(partial(ends, hour=since)).result() == until, since


STATIONS = st.sampled_from(["ST-201", "ST-202", "ST-203", "ST-204", "ST-102"])
WORKERS = ("zhangwei", "liuyang", "wangxiulan")
PEOPLE = st.sampled_from(WORKERS)


class Places(Walk):
    """Three people come and go, take back what they did, and forget to sign off."""

    takers = WORKERS

    def __init__(self, office: Office, clock: FixedClock) -> None:
        super().__init__(Chat(office, announced=True))
        self.clock = clock

    @initialize(who=PEOPLE, station=STATIONS)
    def a_day_has_begun(self, who: str, station: str) -> None:
        self.comes(who=who, station=station)
        self.goes(who=who)
        self.chat.takes_back(who=who)

    @rule(who=PEOPLE, station=STATIONS)
    def comes(self, who: str, station: str) -> None:
        self.tries(on(station), who=who)

    @rule(who=PEOPLE)
    def goes(self, who: str) -> None:
        self.tries(sign_on.sign_off, who=who)

    @rule(hours=st.integers(1, 14))
    def waits(self, hours: int) -> None:
        self.clock.advance(timedelta(hours=hours))
        for one in self.office.read(sign_ons.forgotten).result():
            self.office.write(partial(timers.sign_off, sign_on_id=one)).result()

    @invariant()
    def everybody_stands_in_one_place_at_most(self) -> None:
        def most(work: Work) -> int:
            open_ = (
                select(func.count()).where(SignOn.until.is_(None), ~SignOn.void).group_by(SignOn.person_id)
            )
            return max(work.session.scalars(open_).all(), default=0)

        assert self.office.read(most).result() <= 1


@pytest.mark.slow
def test_in_any_order_nobody_stands_in_two_places(plant: Office, clock: FixedClock) -> None:
    done = walked(partial(Places, plant, clock), plant, walks=10, steps=25)
    assert done >= {"person.signed_on", "person.signed_off", "act.voided"}, "it went nowhere"
