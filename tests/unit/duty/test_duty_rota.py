"""Who is on duty: rota, temporary changes, leave, substitutes at second hand."""

from datetime import date
from typing import Any

import pytest

from domain.duty import is_absent, on_duty, stand_in
from tests.plants import local, plant


def duty(at: str, *, department: str = "make", **sections: Any) -> tuple[str, ...]:
    return on_duty(plant(**sections), department=department, at=local(at))


def leave(person: str, since: str, until: str, substitute: str | None = None) -> dict[str, Any]:
    return {"person": person, "since": since, "until": until, "substitute": substitute}


def line(*people: str, shift: str = "day", **more: Any) -> dict[str, Any]:
    return {"department": "make", "shift": shift, "people": list(people), **more}


@pytest.mark.parametrize(
    ("at", "people"),
    [
        ("2026-03-02 09:00", ("5",)),
        ("2026-03-03 02:00", ("6",)),
        ("2026-03-07 12:00", ()),  # Saturday
        ("2026-02-14 12:00", ("5",)),  # make-up Saturday
        ("2026-02-17 12:00", ()),  # spring festival
    ],
)
def test_the_rota_says_who(at: str, people: tuple[str, ...]) -> None:
    assert duty(at) == people


def test_lines_add_up_in_order_and_each_person_counts_once() -> None:
    assert duty("2026-03-02 09:00", rota=[line("5", "7"), line("7", "8")]) == ("5", "7", "8")


def test_lines_hold_on_their_days_and_dates() -> None:
    rota = [
        line("5", days="周一"),
        line("6", days="周二-周五"),
        line("7", since="2026-03-03", until="2026-03-03"),
    ]
    assert duty("2026-03-02 09:00", rota=rota) == ("5",)
    assert duty("2026-03-03 09:00", rota=rota) == ("6", "7")
    assert duty("2026-03-04 09:00", rota=rota) == ("6",)


def test_a_temporary_change_replaces_the_usual_people() -> None:
    rota = [line("5"), line("8", since="2026-03-03", until="2026-03-03", replaces=True)]
    assert duty("2026-03-02 09:00", rota=rota) == ("5",)
    assert duty("2026-03-03 09:00", rota=rota) == ("8",)


def test_a_temporary_change_may_leave_a_shift_empty() -> None:
    rota = [line("5"), line(since="2026-03-03", until="2026-03-03", replaces=True)]
    assert duty("2026-03-03 09:00", rota=rota) == ()


def test_the_substitute_stands_in_and_nobody_where_there_is_none() -> None:
    assert duty("2026-03-02 09:00", leave=[leave("5", "2026-03-02", "2026-03-02", "8")]) == ("8",)
    assert duty("2026-03-02 09:00", leave=[leave("5", "2026-03-02", "2026-03-02")]) == ()
    assert duty("2026-03-03 09:00", leave=[leave("5", "2026-03-02", "2026-03-02", "8")]) == ("5",)


def test_leave_of_a_night_shift_counts_by_the_day_it_starts() -> None:
    away = [leave("6", "2026-03-03", "2026-03-03", "8")]
    assert duty("2026-03-03 02:00", leave=away) == ("6",)  # Monday's night
    assert duty("2026-03-04 02:00", leave=away) == ("8",)  # Tuesday's night


def test_substitutes_at_second_hand_and_circles() -> None:
    day = date(2026, 3, 2)
    chain = [leave("5", "2026-03-02", "2026-03-02", "6"), leave("6", "2026-03-02", "2026-03-02", "7")]
    assert stand_in(plant(leave=chain), person="5", on=day) == "7"
    circle = [*chain, leave("7", "2026-03-02", "2026-03-02", "5")]
    assert stand_in(plant(leave=circle), person="5", on=day) is None
    assert is_absent(plant(leave=circle), person="7", on=day)


def test_two_leaves_of_one_day_try_both_substitutes() -> None:
    away = [
        leave("5", "2026-03-01", "2026-03-05", "6"),
        leave("5", "2026-03-02", "2026-03-02", "7"),
        leave("6", "2026-03-02", "2026-03-02"),
    ]
    assert stand_in(plant(leave=away), person="5", on=date(2026, 3, 2)) == "7"


def test_a_department_without_a_rota_is_kept_by_its_contact_window() -> None:
    assert duty("2026-03-02 09:00", rota=[]) == ("3",)
    assert duty("2026-03-07 12:00", rota=[]) == ()
