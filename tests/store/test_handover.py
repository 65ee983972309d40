"""A shift hands over what is open: drafted in time, taken by another, reminded of; the ball goes along."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from bot.rules import Rules
from domain.actions import andons, handover
from domain.clock import FixedClock
from domain.duty import shift_at
from domain.errors import NotYourOwn, WrongState
from domain.models.andon import Andon
from domain.models.floor import Handover
from domain.models.people import Person
from domain.queries import handovers
from domain.store.office import Office
from domain.work import Work
from notifier import timers
from tests.store.speaking import says


def give(office: Office, note: str = "", who: str = "wangxiulan") -> Any:
    return says(office, who, partial(handover.give, note=note))


def lines(office: Office) -> list[str]:
    return [
        it["kind"]
        for it in office.read(lambda work: work.session.scalars(select(Handover)).one()).result().lines
    ]


def remind(office: Office) -> int:
    due = office.read(timers.late_handovers).result()
    return sum(office.write(partial(timers.remind_of_handover, handover_id=one)).result() for one in due)


def end_of_shift(office: Office, clock: FixedClock, *, before: timedelta) -> None:
    def ends(work: Work) -> Any:
        run = shift_at(work.playbook, at=work.now, department="production")
        assert run is not None
        return run.end

    clock.advance(office.read(ends).result() - before - clock.now())


def test_notes_are_added_to_the_one_that_is_open_and_facts_are_of_now(plant: Office) -> None:
    give(plant)
    assert "andon" not in lines(plant)
    says(plant, "zhangwei", partial(andons.raise_, kind="品质", text="引脚发黑", place="L2"))
    give(plant, "盯一下二号炉")
    assert lines(plant)[-1] == "note"
    assert "andon" in lines(plant)


def test_nobody_takes_their_own_and_it_is_taken_once(plant: Office) -> None:
    give(plant)
    with pytest.raises(NotYourOwn):
        says(plant, "wangxiulan", handover.take)
    says(plant, "liuyang", handover.take)
    with pytest.raises(WrongState):
        says(plant, "liuyang", partial(handover.take, number=1))


def test_what_the_giver_worked_on_is_the_takers_now(plant: Office) -> None:
    says(plant, "zhangwei", partial(andons.raise_, kind="人员", text="缺人", place="L2"))
    says(plant, "wangxiulan", partial(andons.acknowledge, number=1))
    give(plant)
    assert says(plant, "liuyang", handover.take)["taken"] == ["A-1"]
    assert plant.read(_holder).result() == "刘洋"


def _holder(work: Work) -> str:
    andon = work.session.scalars(select(Andon)).one()
    return work.session.get_one(Person, andon.holder_id).name


def test_the_next_shift_is_reminded_three_times_and_no_more(plant: Office, clock: FixedClock) -> None:
    end_of_shift(plant, clock, before=timedelta(minutes=10))
    give(plant)
    assert remind(plant) == 0, "the one on duty has given it"
    clock.advance(timedelta(minutes=20))
    assert remind(plant) == 1
    assert remind(plant) == 0
    for _again in range(5):
        clock.advance(timedelta(minutes=20))
        remind(plant)
    found = plant.read(handovers.open_ones).result()
    assert len(found) == 1
    clock.advance(timedelta(minutes=20))
    assert remind(plant) == 0


def test_where_the_plant_wants_it_the_house_drafts_before_the_shift_ends(
    plant: Office, rules: Rules, clock: FixedClock
) -> None:
    floor = rules.playbook.floor.model_copy(update={"handover": ("production",)})
    rules.playbook = rules.playbook.model_copy(update={"floor": floor})
    end_of_shift(plant, clock, before=timedelta(minutes=16))
    assert plant.read(timers.handovers_to_draft).result() == []
    clock.advance(timedelta(minutes=1))
    (place,) = plant.read(timers.handovers_to_draft).result()
    assert plant.write(partial(timers.draft_handover, place=place)).result()
    assert plant.read(timers.handovers_to_draft).result() == []
    assert not plant.write(partial(timers.draft_handover, place=place)).result()
    assert says(plant, "liuyang", handover.take)["handover"] == "JB-1"
