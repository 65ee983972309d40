"""A read directory becomes ours: by number, all or nothing, and never by a bad reading."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bot.rules import Rules
from domain.actions import directory as acts
from domain.actions.directory import Read
from domain.clock import FixedClock
from domain.models.directory import Directory, DirectoryChange, Member, Unit
from domain.models.journal import Event
from domain.models.people import Account, Person
from domain.playbook.rules import DirectoryRule
from domain.queries import verify
from domain.queries.directory import Standing, standings
from domain.queries.people import speaker
from domain.store import directory as store
from domain.store.directory import stamps
from domain.store.office import Office
from domain.work import Actor, Work
from notifier.act import act

UNITS = (
    Unit(id="1", name="晨光电子一厂"),
    Unit(id="2", name="生产部", parent="1"),
    Unit(id="3", name="焊接组", parent="2"),
    Unit(id="4", name="仓库", parent="1"),
)


@pytest.fixture
def plant(plant: Office, rules: Rules) -> Office:
    """The demo plant, which reads both directories and gives nobody a role by them."""
    allow(rules)
    return plant


def allow(rules: Rules, **more: Any) -> None:
    rule = DirectoryRule.model_validate({"platforms": ["dingtalk", "wecom"], **more})
    rules.playbook = rules.playbook.model_copy(update={"directory": rule})


def listed(rules: Rules, *more: Member, without: Iterable[str] = ()) -> Directory:
    """The DingTalk directory of the demo plant: everybody of the playbook with their number."""
    people = [
        Member(user_id=it.dingtalk, name=it.name, employee_no=it.id, departments=("1",))
        for it in rules.playbook.people
        if it.dingtalk and it.dingtalk not in without
    ]
    return Directory(departments=UNITS, people=(*people, *more))


def read(
    office: Office, clock: FixedClock, directory: Directory, *, platform: str = "dingtalk", asked: str = ""
) -> Read:
    began = office.read(partial(stamps, platform=platform)).result()
    job = partial(acts.apply, platform=platform, directory=directory, began=began, asked=asked)
    done = office.write(lambda work: act(work, job)).result()
    clock.advance(timedelta(seconds=1))
    return done


def leaves(office: Office, *user_ids: str, platform: str = "dingtalk") -> None:
    note = partial(
        acts.take_note, platform=platform, change=DirectoryChange(kind="left", user_ids=tuple(user_ids))
    )
    office.write(lambda work: act(work, note)).result()


def who(office: Office, user_id: str, *, platform: str = "dingtalk") -> Actor | None:
    return office.read(partial(speaker, platform=platform, user_id=user_id)).result()


def name_of(office: Office, user_id: str, *, platform: str = "dingtalk") -> str:
    found = who(office, user_id, platform=platform)
    return found.name if found else ""


def events(office: Office) -> list[str]:
    def types(work: Work) -> list[str]:
        kinds = ("person.", "account.", "directory.", "andon.", "binding.")
        return [it.type for it in work.session.query(Event).order_by(Event.id) if it.type.startswith(kinds)]

    return office.read(types).result()


def stands(office: Office) -> Standing:
    return office.read(standings).result()[0]


def new(user_id: str, number: str = "", name: str = "新人", **more: Any) -> Member:
    return Member(user_id=user_id, name=name, employee_no=number, **{"departments": ("3",), **more})


def test_the_same_directory_again_changes_nothing(plant: Office, rules: Rules, clock: FixedClock) -> None:
    read(plant, clock, listed(rules))
    before = events(plant)
    again = read(plant, clock, listed(rules))
    assert events(plant) == before
    assert (again["bound"], again["hired"], again["left"], again["conflicts"]) == (0, 0, [], [])
    assert plant.read(verify.differences).result()[0] == []


def test_an_account_is_bound_by_its_number_and_the_playbook_says_what_it_may(
    plant: Office, rules: Rules, clock: FixedClock
) -> None:
    read(plant, clock, listed(rules, new("wugf", "1008", "吴桂芳")))
    found = who(plant, "wugf")
    assert found is not None
    assert (found.name, set(found.roles)) == ("吴桂芳", {"department_head", "warehouse"})
    assert name_of(plant, "wuguifang", platform="wecom") == "吴桂芳", "one person with two accounts"
    assert "account.bound" in events(plant)


def test_a_name_alone_binds_nobody(plant: Office, rules: Rules, clock: FixedClock) -> None:
    read(plant, clock, listed(rules, new("wugf", "", "吴桂芳")))
    assert who(plant, "wugf") is None
    assert [it["kind"] for it in stands(plant).conflicts] == ["no_number"]


def test_two_accounts_with_one_number_are_both_left_alone(
    plant: Office, rules: Rules, clock: FixedClock
) -> None:
    done = read(plant, clock, listed(rules, new("one", "1009"), new("two", "1009")))
    assert (who(plant, "one"), who(plant, "two")) == (None, None)
    assert [(it["kind"], it["theirs"]) for it in done["conflicts"]] == [("two_accounts", ("one", "two"))]


def test_a_second_account_with_the_number_of_one_who_is_listed_is_not_bound(
    plant: Office, rules: Rules, clock: FixedClock
) -> None:
    done = read(plant, clock, listed(rules, new("impostor", "1004")))
    assert who(plant, "impostor") is None
    assert [it["kind"] for it in done["conflicts"]] == ["second_account"]


def test_a_conflict_is_told_once_and_again_when_it_comes_back(
    plant: Office, rules: Rules, clock: FixedClock
) -> None:
    bad, good = listed(rules, new("impostor", "1004")), listed(rules)
    told = [len(read(plant, clock, it)["conflicts"]) for it in (bad, bad, good, bad)]
    assert told == [1, 0, 0, 1]


def test_what_a_leader_confirmed_is_not_moved_by_a_number(
    plant: Office, rules: Rules, clock: FixedClock
) -> None:
    people = listed(rules)
    swapped = tuple(
        replace(it, employee_no="1009") if it.user_id == "zhangwei" else it for it in people.people
    )
    done = read(plant, clock, replace(people, people=swapped))
    assert name_of(plant, "zhangwei") == "张伟"
    assert [it["kind"] for it in done["conflicts"]] == ["other_number"]


def test_a_corrected_number_moves_what_the_directory_bound_itself(
    plant: Office, rules: Rules, clock: FixedClock
) -> None:
    read(plant, clock, listed(rules, new("typo", "1008")))
    assert name_of(plant, "typo") == "吴桂芳"
    read(plant, clock, listed(rules, new("typo", "1009")))
    assert name_of(plant, "typo") == "郑凯"


def test_a_stranger_stays_one_unless_the_playbook_names_a_role(
    plant: Office, rules: Rules, clock: FixedClock
) -> None:
    read(plant, clock, listed(rules, new("temp", "2001", "小陈")))
    assert who(plant, "temp") is None
    allow(rules, default_role="operator")
    read(plant, clock, listed(rules, new("temp", "2001", "小陈")))
    found = who(plant, "temp")
    assert found is not None
    assert (found.name, found.department, set(found.roles)) == ("小陈", "production", {"operator"})


def test_somebody_whom_only_the_directory_knows_moves_with_it(
    plant: Office, rules: Rules, clock: FixedClock
) -> None:
    allow(rules, default_role="operator")
    read(plant, clock, listed(rules, new("temp", "2001", "小陈")))
    read(plant, clock, listed(rules, new("temp", "2001", "陈明", departments=("4",))))
    found = who(plant, "temp")
    assert found is not None
    assert (found.name, found.department) == ("陈明", "warehouse")
    assert "person.moved" in events(plant)


def test_an_account_read_alone_is_bound_and_the_others_stay(
    plant: Office, rules: Rules, clock: FixedClock
) -> None:
    read(plant, clock, listed(rules))
    for member in (new("wugf", "1008"), new("impostor", "1004")):
        began = plant.read(partial(stamps, platform="dingtalk")).result()
        plant.write(partial(acts.apply_member, platform="dingtalk", member=member, began=began)).result()
    assert name_of(plant, "wugf") == "吴桂芳"
    assert who(plant, "impostor") is None
    assert name_of(plant, "zhangwei") == "张伟"


def test_wecoms_number_stands_where_the_playbook_says(plant: Office, rules: Rules, clock: FixedClock) -> None:
    by_field = Member(user_id="ma", name="马骏", extra={"工号": "1010"})
    by_alias = Member(user_id="liu", name="刘洋", alias="1005")
    by_title = Member(user_id="sun", name="孙鹏", title="1007")
    by_id = Member(user_id="1004", name="张伟")
    for source, expected in (("extattr", by_field), ("alias", by_alias), ("position", by_title)):
        allow(rules, wecom_number=source)
        read(plant, clock, Directory(people=(by_field, by_alias, by_title, by_id)), platform="wecom")
        assert name_of(plant, expected.user_id, platform="wecom") == expected.name
    allow(rules)
    read(plant, clock, Directory(people=(by_field, by_alias, by_title, by_id)), platform="wecom")
    assert name_of(plant, "1004", platform="wecom") == "张伟"


def test_all_or_nothing(plant: Office, rules: Rules) -> None:
    def breaks(work: Work) -> None:
        acts.apply(work, platform="dingtalk", directory=listed(rules, new("wugf", "1008")), began=frozenset())
        raise RuntimeError("the disk is gone")

    with pytest.raises(RuntimeError):
        plant.write(breaks).result()
    assert who(plant, "wugf") is None
    assert plant.read(verify.differences).result()[0] == []


def test_a_note_made_anew_while_it_was_read_stays(plant: Office) -> None:
    change = DirectoryChange(kind="changed", user_ids=("zhangwei",))
    note = partial(acts.take_note, platform="dingtalk", change=change)
    plant.write(note).result()
    ((platform, user_id, first),) = plant.read(store.wanted).result()
    plant.write(note).result()
    seen_to = partial(store.have_read, platform=platform, what=user_id)
    plant.write(partial(seen_to, value=first)).result()
    ((_, _, second),) = plant.read(store.wanted).result()
    plant.write(partial(seen_to, value=second)).result()
    assert plant.read(store.wanted).result() == []


def test_two_thousand_people_are_taken_in_by_a_handful_of_events(
    plant: Office, rules: Rules, clock: FixedClock
) -> None:
    allow(rules, default_role="operator")
    crowd = tuple(new(f"u{number}", f"N{number}") for number in range(2000))
    done = read(plant, clock, listed(rules, *crowd))
    assert done["hired"] == 2000
    assert len(events(plant)) <= 3

    def count(work: Work) -> tuple[int, int]:
        return work.session.query(Person).count(), work.session.query(Account).count()

    assert plant.read(count).result() == (12 + 2000, 16 + 2000)
