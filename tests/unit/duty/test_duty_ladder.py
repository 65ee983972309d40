"""Ladders: whom to call and when, and that they always end in a person."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.duty import Reason, Rung, ladder, next_rung
from domain.errors import NotFound
from domain.playbook import Playbook
from tests.plants import SMALL, demo, local, plant

Seen = list[tuple[str, str, str]]


def seen(rungs: tuple[Rung, ...], book: Playbook) -> Seen:
    return [
        (",".join(rung.people), f"{rung.due.astimezone(book.zone):%m-%d %H:%M}", rung.reason.value)
        for rung in rungs
    ]


def climb(kind: str, at: str, **sections: Any) -> Seen:
    book = plant(**sections)
    return seen(ladder(book, kind=kind, at=local(at)), book)


def away(*people: str, substitute: str | None = None) -> list[dict[str, Any]]:
    return [
        {"person": person, "since": "2026-03-01", "until": "2026-03-31", "substitute": substitute}
        for person in people
    ]


def test_in_working_hours_everybody_climbs_the_same_three_rungs() -> None:
    steps = [
        ("7", "03-02 09:00", "on_time"),
        ("4", "03-02 09:10", "on_time"),
        ("1", "03-02 09:25", "on_time"),
    ]
    for kind in ("part", "quality", "safety"):
        assert climb(kind, "2026-03-02 09:00") == steps


def test_at_night_urgent_and_safety_climb_at_once() -> None:
    steps = [("4", "03-02 22:00", "climbed"), ("1", "03-02 22:15", "on_time")]
    assert climb("part", "2026-03-02 22:00") == steps
    assert climb("safety", "2026-03-02 22:00") == steps


def test_at_night_the_rest_waits_for_the_next_shift_of_the_responsible_department() -> None:
    assert climb("quality", "2026-03-02 22:00") == [
        ("7", "03-03 08:30", "next_shift"),
        ("4", "03-03 08:40", "on_time"),
        ("1", "03-03 08:55", "on_time"),
    ]


def test_over_the_spring_festival_the_rest_waits_ten_days_and_the_urgent_does_not() -> None:
    assert climb("quality", "2026-02-14 18:00")[0] == ("7", "02-24 08:30", "next_shift")
    assert climb("part", "2026-02-14 18:00")[0] == ("4", "02-14 18:00", "climbed")


def test_a_make_up_saturday_is_a_working_day() -> None:
    assert climb("quality", "2026-02-14 10:00")[0] == ("7", "02-14 10:00", "on_time")


def test_a_rung_that_falls_after_the_end_of_the_shift_waits_too() -> None:
    assert climb("quality", "2026-03-02 17:25") == [
        ("7", "03-02 17:25", "on_time"),
        ("4", "03-03 08:30", "next_shift"),
        ("1", "03-03 08:45", "on_time"),
    ]


def test_who_is_planned_but_away_is_passed_over_when_the_shift_begins_not_waited_for() -> None:
    assert climb("quality", "2026-03-02 22:00", leave=away("7")) == [
        ("4", "03-03 08:30", "next_shift"),
        ("1", "03-03 08:45", "on_time"),
    ]
    assert climb("quality", "2026-03-02 09:00", leave=away("7"))[0] == ("4", "03-02 09:00", "climbed")


def test_a_shift_for_which_nobody_is_planned_is_not_waited_for() -> None:
    rota = [{"department": "buy", "shift": "office", "people": ["7"], "days": "周四"}]
    assert climb("quality", "2026-03-02 09:00", rota=rota)[0] == ("7", "03-05 08:30", "next_shift")


def test_with_everybody_away_the_last_is_called_when_the_shift_begins() -> None:
    book = plant(leave=away("1", "4", "7"))
    rungs = ladder(book, kind="quality", at=local("2026-03-02 22:00"))
    assert seen(rungs, book) == [("1", "03-03 08:30", "last_resort")]
    assert rungs[0].skipped == ("duty", "leader")


def test_with_nobody_ever_on_duty_even_the_rest_climbs() -> None:
    departments = [{**SMALL["departments"][1], "shifts": []}, SMALL["departments"][0]]
    steps = climb("quality", "2026-03-02 09:00", departments=departments)
    assert steps == [("4", "03-02 09:00", "climbed"), ("1", "03-02 09:15", "on_time")]


def test_who_is_away_is_replaced_or_passed_over_at_once() -> None:
    assert climb("part", "2026-03-02 09:00", leave=away("4", substitute="8")) == [
        ("7", "03-02 09:00", "on_time"),
        ("8", "03-02 09:10", "on_time"),
        ("1", "03-02 09:25", "on_time"),
    ]
    assert climb("part", "2026-03-02 09:00", leave=away("4")) == [
        ("7", "03-02 09:00", "on_time"),
        ("1", "03-02 09:10", "climbed"),
    ]


def test_safety_calls_even_who_is_away() -> None:
    assert climb("safety", "2026-03-02 09:00", leave=away("4"))[1] == ("4", "03-02 09:10", "on_time")


def test_the_last_rung_is_called_even_if_away() -> None:
    assert climb("part", "2026-03-02 09:00", leave=away("1", "4"))[-1] == ("1", "03-02 09:10", "last_resort")
    assert climb("quality", "2026-03-02 22:00", leave=away("1"))[-1] == ("1", "03-03 08:55", "last_resort")


def test_what_was_skipped_is_said() -> None:
    rung = ladder(plant(leave=away("4", "7")), kind="part", at=local("2026-03-02 09:00"))[0]
    assert (rung.index, rung.who, rung.skipped) == (2, "plant_manager", ("duty", "leader"))


def test_department_and_severity_may_be_given() -> None:
    book = plant()
    rungs = ladder(book, kind="缺料", at=local("2026-03-02 22:00"), department="生产部", severity="normal")
    assert seen(rungs, book)[0] == ("6", "03-02 22:00", "on_time")
    with pytest.raises(NotFound):
        ladder(book, kind="停电", at=local("2026-03-02 22:00"))


def test_the_steps_one_by_one_are_the_ladder() -> None:
    book, at = plant(), local("2026-03-02 22:00")
    whole = ladder(book, kind="quality", at=at)
    index, due, steps = -1, at, []
    for _ in whole:
        rung = next_rung(book, kind="quality", index=index, previous_due=due, now=due)
        steps.append(rung)
        index, due = rung.index, rung.due
    assert tuple(steps) == whole


def test_at_the_top_the_last_is_called_again() -> None:
    book, due = plant(), local("2026-03-02 09:25")
    rung = next_rung(book, kind="part", index=2, previous_due=due, now=due)
    assert (rung.index, rung.people, rung.reason) == (2, ("1",), Reason.REPEAT)
    assert rung.due - due == timedelta(minutes=30)


def test_after_an_outage_there_is_no_burst_of_calls() -> None:
    book, raised, back = plant(), local("2026-03-02 09:00"), local("2026-03-02 15:00")
    first = next_rung(book, kind="part", index=0, previous_due=raised, now=back)
    second = next_rung(book, kind="part", index=first.index, previous_due=first.due, now=first.due)
    assert first.due == back
    assert second.due == back + timedelta(minutes=15)


@pytest.mark.parametrize("late", [timedelta(minutes=-9), timedelta(seconds=4), timedelta(minutes=10)])
def test_being_late_by_up_to_one_step_does_not_add_up(late: timedelta) -> None:
    book, raised = plant(), local("2026-03-02 09:00")
    due = raised + timedelta(minutes=10)
    assert next_rung(book, kind="part", index=0, previous_due=raised, now=due + late).due == due


def test_the_repeated_last_call_keeps_its_beat_too() -> None:
    book, due = plant(), local("2026-03-02 09:25")
    late, very_late = due + timedelta(minutes=31), due + timedelta(hours=5)
    assert next_rung(book, kind="part", index=2, previous_due=due, now=late).due == due + timedelta(
        minutes=30
    )
    assert next_rung(book, kind="part", index=2, previous_due=due, now=very_late).due == very_late


def test_the_three_rungs_of_the_demo_are_three_people() -> None:
    book = demo()
    for kind in ("缺料", "设备", "品质"):
        rungs = ladder(book, kind=kind, at=local("2026-11-23 08:05"))
        assert len({rung.people for rung in rungs}) == 3
        assert rungs[0].people == (book.department(book.andon_kind(kind).department).contact_window,)


PEOPLE = st.sampled_from([str(number) for number in range(1, 9)])
WHO = st.sampled_from(["duty", "leader", "head", "plant_manager", "person"])
DELAY = st.integers(0, 3 * 24 * 60).map(lambda minutes: f"{minutes}m")
LEAVES = st.lists(
    st.tuples(PEOPLE, st.integers(0, 40), st.integers(0, 20), st.none() | PEOPLE), max_size=12
).map(
    lambda rows: [
        {
            "person": person,
            "since": f"{datetime(2026, 2, 1, tzinfo=UTC) + timedelta(days=first):%Y-%m-%d}",
            "until": f"{datetime(2026, 2, 1, tzinfo=UTC) + timedelta(days=first + length):%Y-%m-%d}",
            "substitute": substitute if substitute != person else None,
        }
        for person, first, length, substitute in rows
    ]
)
MOMENT = st.integers(0, 60 * 24 * 60).map(
    lambda it: datetime(2026, 1, 25, tzinfo=UTC) + timedelta(minutes=it)
)


def _rungs(lower: list[tuple[str, str]], last: str) -> list[dict[str, Any]]:
    people = {"person": "8"}
    rungs = [{"who": who, "after": after, **(people if who == "person" else {})} for who, after in lower]
    return [*rungs, {"who": last, "after": "5m", **(people if last == "person" else {})}]


LADDERS = st.builds(
    _rungs,
    st.lists(st.tuples(WHO, DELAY), max_size=5),
    st.sampled_from(["leader", "head", "plant_manager", "person"]),
)


@given(
    rungs=LADDERS,
    leave=LEAVES,
    at=MOMENT,
    kind=st.sampled_from(["part", "quality", "safety"]),
    manned=st.booleans(),
)
def test_any_ladder_ends_in_a_person_and_never_goes_back_in_time(
    rungs: list[dict[str, Any]], leave: list[dict[str, Any]], at: datetime, kind: str, *, manned: bool
) -> None:
    rota = SMALL["rota"] if manned else SMALL["rota"][:2]
    book = plant(ladders=[{"code": "three", "name": "梯", "rungs": rungs}], leave=leave, rota=rota)
    steps = ladder(book, kind=kind, at=at)
    assert steps[-1].index == len(rungs) - 1
    assert steps[-1].who != "duty"
    assert all(step.people and all(book.person(number) for number in step.people) for step in steps)
    dues = [at, *(step.due for step in steps)]
    assert dues == sorted(dues)
    indexes = [step.index for step in steps]
    assert indexes == sorted(set(indexes))
    missing = {rung["who"] for place, rung in enumerate(rungs) if place not in indexes}
    assert missing <= {who for step in steps for who in step.skipped}


@given(
    LADDERS, LEAVES, MOMENT, st.integers(-1, 6), st.integers(0, 10_000), st.sampled_from(["part", "quality"])
)
def test_the_next_call_is_at_most_one_step_in_the_past(
    rungs: list[dict[str, Any]], leave: list[dict[str, Any]], at: datetime, index: int, late: int, kind: str
) -> None:
    book = plant(ladders=[{"code": "three", "name": "梯", "rungs": rungs}], leave=leave)
    now = at + timedelta(minutes=late)
    rung = next_rung(book, kind=kind, index=index, previous_due=at, now=now)
    assert rung.people
    step = book.ladders[0].rungs[index + 1].after if index + 1 < len(rungs) else book.ladders[0].repeat
    assert rung.due >= max(at, now - step)
    assert rung.index >= min(index + 1, len(rungs) - 1)
