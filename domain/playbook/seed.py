"""A year's days off and make-up days from the `holidays` package, as a table for the plant to correct."""

from collections import Counter
from datetime import date, timedelta
from itertools import groupby

import holidays

from domain.playbook.shifts import CalendarYear, Holiday, MakeUpDay

SATURDAY = 5
IN_LIEU = "休息日"


def seed_year(year: int, *, country: str = "CN") -> CalendarYear:
    """Return the year as `holidays` knows it; unconfirmed while it knows no make-up day of it.

    Weekends that join a holiday belong to it, as in the State Council's notices (春节 2026: 15–23 February).
    """
    table = holidays.country_holidays(country, years=[year], language="zh_CN")
    work = sorted(day for day in table.weekend_workdays if day.year == year)
    off = {day: str(name) for day, name in table.items() if day.year == year}
    rest = [_holiday(run, off) for run in _runs(_with_weekends(set(off), set(work), year))]
    return CalendarYear(
        year=year,
        confirmed=bool(work),
        rest=tuple(rest),
        work=tuple(MakeUpDay(day=day, name=f"{_nearest(day, rest).name}调休") for day in work),
    )


def seed_yaml(years: list[int], *, country: str = "CN") -> str:
    """Return the `calendar:` section of a playbook for these years."""
    lines = ["calendar:"]
    for year in (seed_year(number, country=country) for number in years):
        lines += [
            f"  - year: {year.year}",
            f"    confirmed: {'true' if year.confirmed else 'false'}",
            "    rest:",
        ]
        lines += [f"      - {_span(it)}" for it in year.rest]
        lines += ["    work:"] if year.work else []
        lines += [f"      - {{day: {it.day}, name: {it.name}}}" for it in year.work]
    return "\n".join(lines) + "\n"


def _span(holiday: Holiday) -> str:
    until = f"until: {holiday.until}, " if holiday.until else ""
    return f"{{since: {holiday.since}, {until}name: {holiday.name}}}"


def _with_weekends(off: set[date], work: set[date], year: int) -> list[date]:
    days = set(off)
    for direction in (timedelta(days=1), timedelta(days=-1)):
        for day in sorted(off):
            beside = day + direction
            while beside.weekday() >= SATURDAY and beside not in work and beside.year == year:
                days.add(beside)
                beside += direction
    return sorted(days)


def _runs(days: list[date]) -> list[list[date]]:
    numbered = groupby(enumerate(days), key=lambda pair: pair[1].toordinal() - pair[0])
    return [[day for _, day in run] for _, run in numbered]


def _holiday(run: list[date], names: dict[date, str]) -> Holiday:
    words = [names[day].split("（")[0] for day in run if day in names]
    proper = Counter(word for word in words if word != IN_LIEU)
    name = proper.most_common(1)[0][0] if proper else IN_LIEU
    return Holiday(since=run[0], until=run[-1] if len(run) > 1 else None, name=name)


def _nearest(day: date, rest: list[Holiday]) -> Holiday:
    return min(rest, key=lambda it: min(abs((other - day).days) for other in it.dates()))
