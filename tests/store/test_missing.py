"""Who is missing from a reading has left, unless the reading is not to be believed."""

from datetime import timedelta
from functools import partial

import pytest

from bot.rules import Rules
from domain.actions import directory as acts
from domain.clock import FixedClock
from domain.errors import EmptyDirectory, NotFound, NotPermitted
from domain.models.directory import Directory
from domain.queries import verify
from domain.queries.people import speaker
from domain.store.directory import stamps
from domain.store.office import Office
from domain.work import Work
from tests.store.test_directory import UNITS, allow, events, leaves, listed, name_of, read, who


@pytest.fixture
def plant(plant: Office, rules: Rules) -> Office:
    """The demo plant, which reads both directories and gives nobody a role by them."""
    allow(rules)
    return plant


def test_who_is_missing_from_a_whole_reading_has_left(plant: Office, rules: Rules, clock: FixedClock) -> None:
    read(plant, clock, listed(rules))
    done = read(plant, clock, listed(rules, without=["zhangwei"]))
    assert done["left"] == ["张伟"]
    assert who(plant, "zhangwei") is None
    assert plant.read(verify.differences).result()[0] == []


def test_who_was_never_listed_does_not_leave(plant: Office, rules: Rules, clock: FixedClock) -> None:
    done = read(plant, clock, listed(rules, without=["zhangwei"]))
    assert done["left"] == []
    assert name_of(plant, "zhangwei") == "张伟"
    assert [it["kind"] for it in done["conflicts"]] == ["not_listed"]


def test_an_empty_directory_is_refused(plant: Office, rules: Rules, clock: FixedClock) -> None:
    read(plant, clock, listed(rules))
    with pytest.raises(EmptyDirectory):
        read(plant, clock, Directory(departments=UNITS))
    assert name_of(plant, "zhangwei") == "张伟"


def test_many_leavers_at_once_wait_to_be_confirmed(plant: Office, rules: Rules, clock: FixedClock) -> None:
    read(plant, clock, listed(rules))
    few = listed(rules, without=["zhangwei", "sunpeng"])
    done = read(plant, clock, few)
    assert (done["left"], sorted(done["pending"])) == ([], ["sunpeng", "zhangwei"])
    assert name_of(plant, "zhangwei") == "张伟"
    again = read(plant, clock, few)
    assert again["code"] == done["code"]
    assert events(plant).count("directory.read") == 1, "told once"

    with pytest.raises(NotPermitted):
        plant.write(partial(_confirm, code=done["code"], user_id="majun")).result()
    with pytest.raises(NotFound):
        plant.write(partial(_confirm, code="L-000000x", user_id="linxiaowen")).result()
    left = plant.write(partial(_confirm, code=done["code"], user_id="linxiaowen")).result()
    assert sorted(left) == ["孙鹏", "张伟"]
    assert who(plant, "zhangwei") is None


def _confirm(work: Work, *, code: str, user_id: str) -> list[str]:
    actor = speaker(work, platform="dingtalk", user_id=user_id)
    assert actor is not None
    work.actor = actor
    return acts.confirm_leavers(work, code=code)


def test_those_who_come_back_before_anybody_confirms_never_left(
    plant: Office, rules: Rules, clock: FixedClock
) -> None:
    read(plant, clock, listed(rules))
    code = read(plant, clock, listed(rules, without=["zhangwei", "sunpeng"]))["code"]
    read(plant, clock, listed(rules))
    with pytest.raises(NotFound):
        plant.write(partial(_confirm, code=code, user_id="linxiaowen")).result()
    assert name_of(plant, "zhangwei") == "张伟"


def test_a_reading_that_began_before_somebody_left_does_not_bring_them_back(
    plant: Office, rules: Rules, clock: FixedClock
) -> None:
    read(plant, clock, listed(rules))
    began = plant.read(partial(stamps, platform="dingtalk")).result()
    clock.advance(timedelta(seconds=-40))  # who hears of it is a node whose clock is behind
    leaves(plant, "zhangwei")
    plant.write(partial(acts.apply, platform="dingtalk", directory=listed(rules), began=began)).result()
    assert who(plant, "zhangwei") is None


def test_who_is_hired_again_is_back_at_the_next_reading(
    plant: Office, rules: Rules, clock: FixedClock
) -> None:
    read(plant, clock, listed(rules))
    leaves(plant, "zhangwei")
    clock.advance(timedelta(days=1))
    done = read(plant, clock, listed(rules))
    assert done["back"] == 1
    assert name_of(plant, "zhangwei") == "张伟"


def test_who_is_read_alone_and_is_here_does_not_leave_with_the_others(
    plant: Office, rules: Rules, clock: FixedClock
) -> None:
    read(plant, clock, listed(rules))
    code = read(plant, clock, listed(rules, without=["zhangwei", "sunpeng"]))["code"]
    (back,) = [it for it in listed(rules).people if it.user_id == "zhangwei"]
    began = plant.read(partial(stamps, platform="dingtalk")).result()
    plant.write(partial(acts.apply_member, platform="dingtalk", member=back, began=began)).result()
    assert plant.write(partial(_confirm, code=code, user_id="linxiaowen")).result() == ["孙鹏"]
    assert name_of(plant, "zhangwei") == "张伟"
