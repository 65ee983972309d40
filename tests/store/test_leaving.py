"""Who leaves loses their access at once: accounts, questions, requests, and the balls they hold."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Event
from typing import Any

import pytest

from bot.rules import Rules, furnish
from domain.actions import andons, bindings, directory
from domain.actions.leaving import leave
from domain.clock import FixedClock
from domain.errors import AlreadyBound, HasLeft, NotFound
from domain.models.andon import AndonStatus
from domain.models.journal import Outbox
from domain.queries import verify
from domain.queries.andons import AndonView, numbered
from domain.queries.people import leaver, speaker
from domain.store import claims
from domain.store import directory as store
from domain.store.office import Office
from domain.work import Work
from notifier.act import act
from tests.plants import DEMO
from tests.store.test_bindings import ask, confirm
from tests.store.test_directory import allow, events, leaves, listed, name_of, new, read, who


def as_(office: Office, user_id: str, job: Callable[[Work], object], *, platform: str = "dingtalk") -> None:
    def do(work: Work) -> None:
        work.actor = speaker(work, platform=platform, user_id=user_id) or work.actor
        act(work, job)

    office.write(do).result()


def andon(office: Office, number: int) -> AndonView:
    return office.read(partial(numbered, number=number)).result()


def said_to(office: Office, chat: str) -> list[str]:
    def cards(work: Work) -> list[str]:
        return [
            it.card["title"] for it in work.session.query(Outbox).order_by(Outbox.id) if it.chat_id == chat
        ]

    return office.read(cards).result()


def test_a_leaver_is_known_by_name_and_may_nothing(plant: Office) -> None:
    leaves(plant, "zhangwei")
    assert who(plant, "zhangwei") is None
    assert plant.read(partial(leaver, platform="dingtalk", user_id="zhangwei")).result() == "张伟"
    assert plant.read(partial(leaver, platform="dingtalk", user_id="lizhe")).result() is None
    assert plant.read(partial(leaver, platform="dingtalk", user_id="nobody")).result() is None
    assert events(plant) == ["person.left"]
    assert plant.read(verify.differences).result()[0] == []


def test_the_same_event_again_does_nothing(plant: Office) -> None:
    leaves(plant, "zhangwei")
    leaves(plant, "zhangwei", "nobody")
    assert events(plant) == ["person.left"]


def test_who_is_still_listed_on_the_other_platform_is_still_here(
    plant: Office, rules: Rules, clock: FixedClock
) -> None:
    allow(rules)
    read(plant, clock, listed(rules))
    read(plant, clock, listed(rules, new("lizhe", "1002")), platform="wecom")
    leaves(plant, "lizhe")
    assert (name_of(plant, "lizhe"), name_of(plant, "lizhe", platform="wecom")) == ("", "李喆")
    leaves(plant, "lizhe", platform="wecom")
    assert name_of(plant, "lizhe", platform="wecom") == ""
    assert events(plant)[-2:] == ["account.left", "person.left"]


def test_an_account_that_no_directory_lists_goes_with_the_last_one_that_is(plant: Office) -> None:
    confirm(plant, "wangxiulan", ask(plant, "wobound", "1004")["code"])
    assert name_of(plant, "wobound", platform="wecom") == "张伟"
    leaves(plant, "zhangwei")
    assert name_of(plant, "wobound", platform="wecom") == ""


def test_what_a_leaver_was_asked_is_forgotten(plant: Office) -> None:
    keep = partial(
        claims.put_dialogue, chat_key="dingtalk:zhangwei", sender="zhangwei", lasts=timedelta(minutes=5)
    )
    plant.write(partial(keep, new=claims.Question({"a": 1}))).result()
    leaves(plant, "zhangwei")
    still = partial(claims.dialogue, chat_key="dingtalk:zhangwei", sender="zhangwei")
    assert plant.read(still).result() is None


def test_the_ball_of_a_leaver_goes_back_to_the_ladder(plant: Office) -> None:
    as_(plant, "zhangwei", partial(andons.raise_, kind="设备", place="ST-201"))
    as_(plant, "majun", partial(andons.acknowledge, number=1))
    leaves(plant, "majun")
    found = andon(plant, 1)
    assert (found.status, found.holder) == (AndonStatus.REOPENED, "林晓雯"), "马骏 is called no more"
    assert any("已离职" in title for title in said_to(plant, "linxiaowen"))
    assert plant.read(verify.differences).result()[0] == []


def test_who_was_called_and_has_left_is_replaced(plant: Office) -> None:
    as_(plant, "zhangwei", partial(andons.raise_, kind="设备", place="ST-201"))
    assert andon(plant, 1).holder == "马骏"
    leaves(plant, "majun")
    found = andon(plant, 1)
    assert (found.status, found.holder) == (AndonStatus.OPEN, "林晓雯")
    assert found.due_at is not None


def test_what_a_leaver_should_confirm_is_the_leaders(plant: Office) -> None:
    as_(plant, "zhangwei", partial(andons.raise_, kind="设备", place="ST-201"))
    as_(plant, "majun", partial(andons.acknowledge, number=1))
    as_(plant, "majun", partial(andons.resolve, number=1))
    leaves(plant, "zhangwei")
    assert andon(plant, 1).holder == "王秀兰"


def test_a_restart_does_not_bring_back_whom_the_playbook_still_names(plant: Office, rules: Rules) -> None:
    leaves(plant, "zhangwei")
    furnish(plant, folder=DEMO, playbook=rules.playbook, starting=True)
    assert who(plant, "zhangwei") is None


def test_nothing_is_bound_to_a_leaver(plant: Office) -> None:
    leaves(plant, "zhangwei")
    with pytest.raises(HasLeft):
        ask(plant, "wonew", "1004")


def test_a_request_about_a_leaver_is_void(plant: Office) -> None:
    code = ask(plant, "wonew", "1004")["code"]
    leaves(plant, "zhangwei")
    with pytest.raises(NotFound):
        confirm(plant, "wangxiulan", code)
    assert name_of(plant, "wonew", platform="wecom") == ""


def test_instead_of_a_leader_who_has_left_the_head_confirms(plant: Office) -> None:
    leaves(plant, "wangxiulan")
    asked = ask(plant, "wonew", "1004")
    assert asked["approver"] == "李喆"
    confirm(plant, "lizhe", asked["code"])
    assert name_of(plant, "wonew", platform="wecom") == "张伟"


def test_of_two_who_claim_one_number_the_leader_chooses_one(plant: Office) -> None:
    first, second = ask(plant, "woOne", "1004"), ask(plant, "woTwo", "1004")
    assert (first["rivals"], second["rivals"]) == ([], ["woOne"])
    confirm(plant, "wangxiulan", second["code"])
    assert name_of(plant, "woTwo", platform="wecom") == "张伟"
    with pytest.raises(NotFound):
        confirm(plant, "wangxiulan", first["code"])
    assert name_of(plant, "woOne", platform="wecom") == ""
    assert events(plant)[-2:] == ["binding.confirmed", "binding.refused"]


def test_a_second_phone_is_bound_beside_the_first_with_a_warning(plant: Office) -> None:
    confirm(plant, "wangxiulan", ask(plant, "woOld", "1004")["code"])
    asked = ask(plant, "woNew", "1004")
    assert sorted(asked["platforms"]) == ["dingtalk", "wecom"]
    confirm(plant, "wangxiulan", asked["code"])
    assert {name_of(plant, it, platform="wecom") for it in ("woOld", "woNew")} == {"张伟"}


def test_somebody_whom_only_the_directory_knows_is_confirmed_by_the_leader_of_their_department(
    plant: Office, rules: Rules, clock: FixedClock
) -> None:
    allow(rules, default_role="operator")
    read(plant, clock, listed(rules, new("temp", "2001", "小陈")))
    asked = ask(plant, "woTemp", "2001")
    assert asked["approver"] == "王秀兰"
    confirm(plant, "wangxiulan", asked["code"])
    assert name_of(plant, "woTemp", platform="wecom") == "小陈"


@pytest.mark.parametrize(
    ("platform", "user_id"),
    [("dingtalk", "external:$:LWCP_v1:$v7bQ0eX2zR1kPq=="), ("wecom", "wohR_KCgAAx0Wq-Zz9LmNoPqRsTuVwXy")],
)
def test_an_opaque_id_is_bound_exactly_as_it_stands(plant: Office, platform: str, user_id: str) -> None:
    given: Any = {"platform": platform, "user_id": user_id, "sender_name": "老李", "chat_key": "x"}
    asked = plant.write(partial(bindings.request, job_number="1004", **given)).result()
    confirm(plant, "wangxiulan", asked["code"])
    assert name_of(plant, user_id, platform=platform) == "张伟"
    assert name_of(plant, user_id.lower(), platform=platform) == ""
    with pytest.raises(AlreadyBound):
        plant.write(partial(bindings.request, job_number="1005", **given)).result()


def test_who_leaves_while_a_directory_is_applied_that_still_lists_them_has_left(
    plant: Office, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reading has been compared already; the event comes before it is taken in."""
    compared, left, take_in = Event(), Event(), directory._take_in

    def late(*given: Any, **more: Any) -> None:
        compared.set()
        left.wait(0.5)  # it is done before us only if nothing keeps it waiting
        take_in(*given, **more)

    monkeypatch.setattr(directory, "_take_in", late)
    began = plant.read(partial(store.stamps, platform="dingtalk")).result()
    apply = partial(directory.apply, platform="dingtalk", directory=listed(rules), began=began)
    applying = plant.write(lambda work: act(work, apply))
    assert compared.wait(5)
    leaving = plant.write(
        lambda work: act(work, lambda it: leave(it, platform="dingtalk", user_ids=["zhangwei"]))
    )
    leaving.add_done_callback(lambda _done: left.set())
    assert (applying.result()["people"] > 0, leaving.result()) == (True, ["张伟"])
    account = partial(store.accounts_called, platform="dingtalk", user_ids=["zhangwei"])
    assert plant.write(lambda work: len(account(work))).result() == 0, "whoever else they are, not this one"
