"""Clocks on material: what must wait, what must hurry, what adds up, and what begins anew."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from bot.rules import Rules
from domain.actions import lot_moves, timers
from domain.clock import FixedClock
from domain.errors import TimerNeeded, TimerNotYet, TimerOver, TimerRuns, WhichTimer
from domain.models.floor import Timer, TimerStatus
from domain.playbook.floor import TimerRule
from domain.store import lots
from domain.store import timers as store
from domain.store.office import Office
from domain.work import Work
from notifier import timers as due
from tests.store.speaking import says

HOUR = timedelta(hours=1)
SPLIT = partial(lot_moves.split, lot="LOT-0006", quantity=Decimal(100))


def rule(code: str, **more: Any) -> TimerRule:
    return TimerRule.model_validate({"code": code, "name": code, "materials": ["IC-MCU32"], **more})


def has(rules: Rules, *clocks: TimerRule) -> None:
    rules.playbook = rules.playbook.model_copy(update={"timers": clocks})


def start(office: Office, word: str = "") -> Any:
    return says(office, "zhengkai", partial(timers.start, thing="LOT-0006", word=word))


def end(office: Office, word: str = "") -> Any:
    return says(office, "zhengkai", partial(timers.end, thing="LOT-0006", word=word))


def use(office: Office, lot: str = "LOT-0006") -> None:
    def look(work: Work) -> None:
        found = lots.find(work, code=lot)
        assert found is not None
        timers.refuse_expired(work, found)

    office.read(look).result()


def fire(office: Office) -> int:
    found = office.read(store.due).result()
    return sum(office.write(partial(due.fire_timer, timer_id=one)).result() for one in found)


def statuses(office: Office) -> list[tuple[str, TimerStatus]]:
    def look(work: Work) -> list[tuple[str, TimerStatus]]:
        return [(it.rule, it.status) for it in work.session.scalars(select(Timer).order_by(Timer.id))]

    return office.read(look).result()


def test_what_thaws_is_used_after_it_and_then_the_next_clock_runs(
    plant: Office, rules: Rules, clock: FixedClock
) -> None:
    thaw = rule("thaw", kind="at_least", lasts="4h", must=True, then="open")
    has(rules, thaw, rule("open", lasts="24h", warn="1h"))
    with pytest.raises(TimerNeeded):
        use(plant)
    with pytest.raises(WhichTimer):
        start(plant)
    start(plant, "thaw")
    with pytest.raises(TimerRuns):
        start(plant, "thaw")
    with pytest.raises(TimerNotYet):
        use(plant)
    with pytest.raises(TimerNotYet):
        end(plant)
    clock.advance(4 * HOUR)
    assert fire(plant) == 1
    assert statuses(plant) == [("thaw", TimerStatus.DONE), ("open", TimerStatus.ACTIVE)]
    use(plant)
    clock.advance(23 * HOUR)
    assert fire(plant) == 1
    assert fire(plant) == 0, "warned once"
    clock.advance(HOUR)
    with pytest.raises(TimerOver):
        use(plant)
    assert fire(plant) == 1
    assert statuses(plant)[1] == ("open", TimerStatus.EXPIRED)


def test_floor_life_adds_up_until_it_is_baked(plant: Office, rules: Rules, clock: FixedClock) -> None:
    bake = rule("bake", kind="at_least", lasts="8h", resets=["floor"])
    has(rules, rule("floor", lasts="168h", adds_up=True), bake)
    start(plant, "floor")
    clock.advance(100 * HOUR)
    end(plant)
    again = start(plant, "floor")
    assert again["due_at"] - again["started_at"] == 68 * HOUR
    clock.advance(68 * HOUR)
    fire(plant)
    with pytest.raises(TimerOver):
        use(plant)
    with pytest.raises(TimerOver):
        start(plant, "floor")
    start(plant, "bake")
    clock.advance(8 * HOUR)
    fire(plant)
    use(plant)
    fresh = start(plant, "floor")
    assert fresh["due_at"] - fresh["started_at"] == 168 * HOUR


def test_what_is_split_off_counts_with_what_it_was_split_from(
    plant: Office, rules: Rules, clock: FixedClock
) -> None:
    has(rules, rule("floor", lasts="10h"))
    start(plant)
    clock.advance(HOUR)
    part = says(plant, "zhengkai", SPLIT)
    clock.advance(9 * HOUR)
    with pytest.raises(TimerOver):
        use(plant, part["lot"])
