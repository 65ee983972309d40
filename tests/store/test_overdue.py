"""What stands still or runs out is found by looking: once each, in the hours that production runs."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import select

from bot.rules import Rules
from domain.actions import production
from domain.clock import FixedClock
from domain.duty import worked
from domain.models.andon import Andon
from domain.models.journal import Outbox
from domain.models.lot import Lot
from domain.queries import overdue
from domain.store.office import Office
from domain.work import Work
from notifier import timers
from notifier.act import act
from tests.plants import demo, local
from tests.plants import plant as small


def report(office: Office, **amounts: int) -> None:
    exact: dict[str, Any] = {name: Decimal(amount) for name, amount in amounts.items()}
    job = partial(production.report, order="WO-1001", operation="焊接", **exact)
    office.write(lambda work: act(work, job)).result()


def stalled(office: Office) -> int:
    fired = 0
    for order_id in office.read(overdue.standing_still).result():
        fired += office.write(partial(timers.call_for_stalled, order_id=order_id)).result()
    return fired


def andons(work: Work) -> list[str]:
    return [f"{it.kind} {it.text}" for it in work.session.scalars(select(Andon).order_by(Andon.number))]


def test_an_order_without_a_report_calls_for_help_once_a_standstill(plant: Office, clock: FixedClock) -> None:
    report(plant, good=10)
    clock.advance(timedelta(hours=3, minutes=59))
    assert stalled(plant) == 0
    clock.advance(timedelta(minutes=1))
    assert stalled(plant) == 1
    clock.advance(timedelta(hours=9))
    assert stalled(plant) == 0, "it was called for"
    report(plant, good=10)
    clock.advance(timedelta(hours=4))
    assert stalled(plant) == 1
    said = "stalled WO-1001 焊接 超过 4 小时没有报工"
    assert plant.read(andons).result() == [said, said]


def test_where_the_plant_has_no_word_for_it_nobody_is_called(
    plant: Office, rules: Rules, clock: FixedClock
) -> None:
    kinds = tuple(it for it in rules.playbook.andon_kinds if it.code != "stalled")
    rules.playbook = rules.playbook.model_copy(update={"andon_kinds": kinds})
    report(plant, good=10)
    clock.advance(timedelta(hours=5))
    assert stalled(plant) == 0


def test_only_the_hours_that_production_runs_count() -> None:
    day_and_night = demo()
    friday, monday = local("2026-03-06 18:00"), local("2026-03-09 10:00")
    assert worked(day_and_night, since=friday, until=friday + timedelta(hours=5)) == timedelta(hours=5)
    office_hours = small(shifts=[SHIFT])
    assert worked(office_hours, since=friday, until=monday) == timedelta(hours=4)
    none = small(shifts=[{**SHIFT, "production": False}])
    assert worked(none, since=friday, until=friday + timedelta(hours=5)) == timedelta(hours=5)


SHIFT: dict[str, Any] = {"code": "day", "name": "白班", "start": "08:00", "end": "20:00", "days": "工作日"}


def test_rework_beyond_the_limit_calls_quality(plant: Office) -> None:
    report(plant, good=50)
    report(plant, good=0, rework=5)
    assert plant.read(andons).result() == []
    report(plant, good=0, rework=2)
    assert plant.read(andons).result() == ["quality WO-1001 焊接 返工 7 / 57，超过 10%"]


def test_a_lot_that_runs_out_is_told_of_once(plant: Office, clock: FixedClock) -> None:
    assert plant.read(overdue.expiring).result() == []
    clock.advance(timedelta(days=14))
    for _look in range(2):
        for lot_id in plant.read(overdue.expiring).result():
            assert plant.write(partial(timers.tell_of_expiring, lot_id=lot_id)).result()
    said = plant.read(lambda work: work.session.scalars(select(Outbox.card)).all()).result()
    assert [card["title"] for card in said] == ["LOT-0008 快到期了"]
    lot = plant.read(lambda work: work.session.scalars(select(Lot.id).where(Lot.code == "LOT-0008")).one())
    assert not plant.write(partial(timers.tell_of_expiring, lot_id=lot.result())).result()
