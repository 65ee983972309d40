"""What must hold between the parts of a playbook: references, names, shifts, ladders, calendar."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations

from domain.playbook.draft import Draft, guess, label, references
from domain.playbook.kinds import Ref, Rule
from domain.playbook.permissions import DEFAULT_ROLES, PERMISSIONS, covers, granted
from domain.playbook.problems import Loc
from domain.playbook.shifts import CalendarYear, Shift

MINUTES_A_DAY = 1440
MINUTES_A_WEEK = 7 * MINUTES_A_DAY


SPOKEN = (
    ("departments", "aliases"),
    ("operations", "aliases"),
    ("andon_kinds", "words"),
    ("timers", "aliases"),
)
"""Sections whose things people name, and the field of their other names."""


def check_playbook(draft: Draft) -> None:
    """Note everything that does not fit together; only items that could be read are looked at."""
    draft.declared["roles"] = {role.code: ("roles",) for role in DEFAULT_ROLES} | draft.declared["roles"]
    check_references(draft)
    for check in (
        _names_are_unique,
        _accounts_are_unique,
        _ladders_end_in_a_person,
        _shifts_do_not_overlap,
        _rota_is_worked,
        _permissions_exist,
        _called_people_can_take,
        _calendar_is_sound,
    ):
        check(draft)


def check_references(draft: Draft, *, known: Mapping[str, Iterable[str]] | None = None) -> None:
    """Note every reference to what is not declared, here or in `known`; unknown sections are left alone."""
    there = {section: set(codes) for section, codes in (known or {}).items()}
    there |= {section: set(codes) | there.get(section, set()) for section, codes in draft.declared.items()}
    for loc, text, ref in [found for items in draft.items.values() for found in _all_references(items)]:
        sections = [section for section in ref.sections if section in there and not _hidden(draft, section)]
        codes = set().union(*(there[section] for section in sections))
        if sections and text not in codes:
            chinese, english = label(sections[0])
            near = guess(text, sorted(codes))
            draft.blame(loc, "unknown_ref", kind=chinese, kind_en=english, given=text, near=near)


def _hidden(draft: Draft, section: str) -> bool:
    """Whether the section may stand in a file that could not be read."""
    return draft.source.broken and section not in draft.source.data


def _all_references(items: list[tuple[Loc, Rule]]) -> Iterator[tuple[Loc, str, Ref]]:
    for loc, item in items:
        yield from references(item, loc)


def check_words(draft: Draft, words: Iterable[tuple[Loc, str, str]]) -> None:
    """Note every word (place, word, owner) that already means somebody else."""
    owners: dict[str, str] = {}
    for loc, word, owner in words:
        if owners.setdefault(word, owner) != owner:
            draft.blame(loc, "name_taken", given=word, owner=owners[word])


def _names_are_unique(draft: Draft) -> None:
    for section, other in SPOKEN:
        check_words(draft, _words(draft, section, other))
    for kind in sorted({term.kind for _, term in draft.of("glossary")}):
        check_words(
            draft,
            (
                ((*loc, "aliases", place), alias, term.name)
                for loc, term in draft.of("glossary")
                if term.kind == kind
                for place, alias in enumerate(term.aliases)
            ),
        )


def _words(draft: Draft, section: str, other: str) -> Iterator[tuple[Loc, str, str]]:
    for loc, item in draft.of(section):
        yield (*loc, "code"), item.code, item.code
        yield (*loc, "name"), item.name, item.code
        for place, alias in enumerate(getattr(item, other)):
            yield (*loc, other, place), alias, item.code


def _accounts_are_unique(draft: Draft) -> None:
    owners: dict[tuple[str, str], str] = {}
    places = [
        (platform, account, (*loc, platform), f"{person.id} {person.name}")
        for loc, person in draft.of("people")
        for platform in ("dingtalk", "wecom")
        if (account := person.account(platform))
    ]
    places += [(f"{it.platform} chat", it.id, (*loc, "id"), it.code) for loc, it in draft.of("chats")]
    for platform, account, place, owner in places:
        first = owners.setdefault((platform, account), owner)
        if first != owner:
            draft.blame(place, "account_taken", owner=first)


def _ladders_end_in_a_person(draft: Draft) -> None:
    for loc, ladder in draft.of("ladders"):
        if ladder.rungs[-1].who == "duty":
            place = (*loc, "rungs", len(ladder.rungs) - 1, "who")
            draft.blame(place, "last_rung", who="duty")


def _shifts_do_not_overlap(draft: Draft) -> None:
    shifts = {shift.code: (loc, shift) for loc, shift in draft.of("shifts")}
    production = [shift for _, shift in shifts.values() if shift.production]
    for first, second in combinations(production, 2):
        if overlap(first, second):
            draft.blame(shifts[second.code][0], "shifts_overlap", first=first.name, second=second.name)
    for loc, department in draft.of("departments"):
        worked = [shifts[code][1] for code in dict.fromkeys(department.shifts) if code in shifts]
        for first, second in combinations(worked, 2):
            if overlap(first, second) and not (first.production and second.production):
                draft.blame((*loc, "shifts"), "shifts_overlap", first=first.name, second=second.name)


def overlap(first: Shift, second: Shift) -> bool:
    """Whether two shifts are ever on at once (by wall clock, over a week)."""
    return any(a < d and c < b for a, b in _week(first) for c, d in _week(second))


def _week(shift: Shift) -> Iterator[tuple[int, int]]:
    """Minutes of the week in which a shift is on; by the calendar any day may be a make-up day."""
    begins = shift.start.hour * 60 + shift.start.minute
    ends = shift.end.hour * 60 + shift.end.minute + (MINUTES_A_DAY if shift.crosses_midnight else 0)
    for day in shift.days if shift.holidays else range(7):
        for week in (-MINUTES_A_WEEK, 0, MINUTES_A_WEEK):
            yield week + day * MINUTES_A_DAY + begins, week + day * MINUTES_A_DAY + ends


def _rota_is_worked(draft: Draft) -> None:
    departments = {department.code: department for _, department in draft.of("departments")}
    for loc, line in draft.of("rota"):
        department = departments.get(line.department)
        if department and line.shift in draft.declared["shifts"] and line.shift not in department.shifts:
            draft.blame((*loc, "shift"), "shift_not_worked", department=department.name, shift=line.shift)


def _permissions_exist(draft: Draft) -> None:
    for loc, role in draft.of("roles"):
        for place, pattern in enumerate(role.permissions):
            if not any(covers(pattern, name) for name in PERMISSIONS):
                near = guess(pattern, list(PERMISSIONS))
                draft.blame((*loc, "permissions", place), "unknown_permission", given=pattern, near=near)


def _called_people_can_take(draft: Draft) -> None:
    roles = {role.code: role for role in (*DEFAULT_ROLES, *(role for _, role in draft.of("roles")))}
    unable = {
        person.id
        for _, person in draft.of("people")
        if all(code in roles for code in person.roles)
        if not any("andon.take" in granted(roles[code].permissions) for code in person.roles)
    }
    for loc, person in _called(draft):
        if person in unable:
            draft.blame(loc, "cannot_take", given=person)


def _called(draft: Draft) -> Iterator[tuple[Loc, str]]:
    """Everybody whom a ladder may call, with the place that says so."""
    for loc, site in draft.of("site"):
        yield (*loc, "plant_manager"), site.plant_manager
    for loc, department in draft.of("departments"):
        yield (*loc, "head"), department.head
        yield from (
            ((*loc, name), person) for name in ("leader", "contact") if (person := getattr(department, name))
        )
    for loc, line in draft.of("rota"):
        yield from (((*loc, "people", place), person) for place, person in enumerate(line.people))
    for loc, leave in draft.of("leave"):
        yield from [((*loc, "substitute"), leave.substitute)] if leave.substitute else []
    for loc, ladder in draft.of("ladders"):
        for place, rung in enumerate(ladder.rungs):
            yield from [((*loc, "rungs", place, "person"), rung.person)] if rung.person else []


def _calendar_is_sound(draft: Draft) -> None:
    for loc, year in draft.of("calendar"):
        seen: set[date] = set()
        for place, day in _days(year, loc):
            if day.year != year.year:
                draft.blame(place, "outside_year", day=day, year=year.year)
            elif day in seen:
                both = day in year.rest_days() and day in year.work_days()
                draft.blame(place, "rest_and_work" if both else "twice_in_year", day=day)
            seen.add(day)


def _days(year: CalendarYear, loc: Loc) -> Iterator[tuple[Loc, date]]:
    for place, holiday in enumerate(year.rest):
        yield from (((*loc, "rest", place), day) for day in holiday.dates())
    for place, work in enumerate(year.work):
        yield (*loc, "work", place), work.day
