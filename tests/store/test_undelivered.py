"""What cannot be delivered is told to the next who should know, once, and the list of doors ends."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from domain.actions import andons as acts
from domain.clock import FixedClock
from domain.models.andon import Andon
from domain.models.journal import Outbox, OutboxState
from domain.queries.outbox import dead, standing, undelivered, unheard_in
from domain.store.office import Office
from domain.work import Work
from notifier import parcels, post, timers
from notifier.act import act
from notifier.card import Card
from notifier.delivery import Delivered, Outcome, Refused, Retry, Unknown
from notifier.post import Address, Parcel

GONE = Refused(reason="群已解散")
QUALITY = "dingtalk:cidDemoQuality=="


def to(chat_key: str, *, direct: bool = False) -> Address:
    platform, _colon, chat_id = chat_key.partition(":")
    return Address(platform=platform, chat_id=chat_id, chat_kind="direct" if direct else "group")


def queue(office: Office, key: str, address: Address, *, kind: str = "notice", **more: Any) -> None:
    card = Card(title=key, key="" if kind == "notice" else "card")
    office.write(partial(post.post, to=address, card=card, kind=kind, dedup_key=key, **more)).result()


def claim(office: Office) -> Sequence[Parcel]:
    job = partial(parcels.claim, lease="n", limit=32, busy_chats=(), reach=["dingtalk:", "wecom:"])
    return office.write(job).result()


def deliver(office: Office, outcome: Callable[[Parcel], Outcome]) -> list[str]:
    """Send whatever waits until nothing does; returns where each attempt went."""
    went = []
    while parcels_ := claim(office):
        for parcel in parcels_:
            went.append(parcel.chat_key)
            office.write(partial(parcels.settle, parcel=parcel, outcome=outcome(parcel))).result()
    return went


def only(*bad: str) -> Callable[[Parcel], Outcome]:
    """Refuse in these chats, deliver in all others."""
    return lambda parcel: GONE if parcel.chat_key in bad else Delivered()


def rows(office: Office) -> dict[str, Outbox]:
    found = office.read(lambda work: list(work.session.scalars(select(Outbox)))).result()
    return {f"{it.chat_key}": it for it in found}


def said(office: Office) -> list[Outbox]:
    return office.read(lambda work: list(work.session.scalars(select(Outbox)))).result()


def call(office: Office, kind: str, *, place: str = "ST-201") -> None:
    office.write(lambda work: act(work, partial(acts.raise_, kind=kind, place=place))).result()


def test_a_group_that_is_gone_is_told_to_the_departments_contact(plant: Office) -> None:
    queue(plant, "n", to(QUALITY))
    assert deliver(plant, only(QUALITY)) == [QUALITY, "dingtalk:sunpeng"]
    told = rows(plant)["dingtalk:sunpeng"]
    assert told.state is OutboxState.SENT
    assert told.card["lines"] == ["没能发到「钉钉 品质异常群」：群已解散"]
    assert rows(plant)[QUALITY].reason == "群已解散 -> dingtalk:sunpeng"


def test_a_telling_that_dies_takes_the_next_door_and_the_last_is_a_trouble(plant: Office) -> None:
    queue(plant, "n", to(QUALITY))
    with capture_logs() as logs:
        went = deliver(plant, lambda _parcel: GONE)
    assert went == [
        QUALITY,
        *("dingtalk:sunpeng", "dingtalk:zhaojun", "wecom:zhaojun"),
        *("dingtalk:zhoujianguo", "wecom:zhoujianguo"),
    ]
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["outbox.nobody_told"]
    since = plant.read(lambda work: standing(work, since=work.now - timedelta(hours=1))).result()
    assert (since.dead, since.nobody, since.waiting) == (6, 1, 0)


def test_an_answer_that_the_group_did_not_take_reaches_its_author(plant: Office) -> None:
    def heard(work: Work) -> int:
        number = work.new_id()
        row = {
            "id": number,
            "platform": "dingtalk",
            "tenant": "t",
            "message_id": "m",
            "chat_key": QUALITY,
            "state": "done",
            "payload": {"sender_id": "zhangwei"},
            "guard": None,
            "received_at": work.now,
            "attempts": 0,
        }
        work.add_row("inbox", row)
        return number

    number = plant.write(heard).result()
    queue(plant, f"reply:{number}", to(QUALITY), kind="reply")
    assert deliver(plant, only(QUALITY)) == [QUALITY, "dingtalk:zhangwei"]


def test_who_is_called_and_cannot_be_reached_does_not_hold_the_ladder_up(plant: Office) -> None:
    call(plant, "设备")
    deliver(plant, only("dingtalk:majun"))
    due = plant.read(timers.due_andons).result()
    assert len(due) == 1, "the ladder climbs now, not in ten minutes"
    assert plant.write(partial(timers.fire_andon, andon_id=due[0])).result()
    assert plant.read(lambda work: work.session.scalars(select(Andon.rung)).one()).result() == 1
    assert plant.read(timers.due_andons).result() == [], "and goes on at its own pace"


def test_calls_that_were_said_as_one_climb_each_where_nobody_heard_them(plant: Office) -> None:
    for place in ("ST-201", "ST-202", "ST-203", "ST-204", "ST-205"):
        call(plant, "品质", place=place)
    own = "dingtalk:sunpeng"
    calls = [it for it in said(plant) if it.chat_key == own]
    assert len(calls) == 5
    assert all(not it.urgent for it in calls), "ordinary ones, so they are merged"
    deliver(plant, only(own))
    ended = {it.reason for it in said(plant) if it.chat_key == own and it.guard_id}
    assert len(ended) == 1
    assert ended.pop().startswith("merged into")
    assert len(plant.read(timers.due_andons).result()) == 5, "every ladder climbs now"


def test_at_the_top_nobody_is_called_at_once_again(plant: Office) -> None:
    call(plant, "设备")
    for _rung in range(4):
        deliver(plant, lambda _parcel: GONE)
        for andon_id in plant.read(timers.due_andons).result():
            plant.write(partial(timers.fire_andon, andon_id=andon_id)).result()
    assert plant.read(timers.due_andons).result() == []
    assert claim(plant) == []


def test_a_call_that_waits_is_said_on_the_other_platform_too_once(plant: Office, clock: FixedClock) -> None:
    queue(plant, "call", to("dingtalk:zhaojun", direct=True), kind="alert", urgent=True)
    assert plant.read(parcels.waiting_calls).result() == []
    clock.advance(timedelta(minutes=6))
    for _turn in range(2):
        for waiting in plant.read(parcels.waiting_calls).result():
            plant.write(partial(parcels.go_round, outbox_id=waiting)).result()
    assert {key: row.state for key, row in rows(plant).items()} == {
        "dingtalk:zhaojun": OutboxState.PENDING,
        "wecom:zhaojun": OutboxState.PENDING,
    }


def test_what_expires_where_no_node_can_speak_is_told_all_the_same(plant: Office, clock: FixedClock) -> None:
    queue(plant, "n", to("wecom:wrDemoWarehouse"))
    clock.advance(timedelta(hours=7))
    for waiting in plant.read(parcels.expired).result():
        plant.write(partial(parcels.bury_expired, outbox_id=waiting)).result()
    found = rows(plant)
    assert found["wecom:wrDemoWarehouse"].state is OutboxState.DEAD
    assert found["wecom:zhengkai"].card["lines"] == ["没能发到「企业微信 仓库群」：一直发不出去，已经过时"]


def test_a_second_doubt_is_told_and_an_unreadable_row_too(plant: Office, clock: FixedClock) -> None:
    queue(plant, "n", to(QUALITY))
    for _time in range(2):
        (parcel,) = claim(plant)
        plant.write(partial(parcels.settle, parcel=parcel, outcome=Unknown(reason="no answer"))).result()
        clock.advance(timedelta(minutes=3))
    assert "dingtalk:sunpeng" in rows(plant)
    deliver(plant, lambda _parcel: Delivered())
    queue(plant, "spoilt", to(QUALITY))
    spoil = rows(plant)[QUALITY].id

    def spoiling(work: Work) -> None:
        work.session.get_one(Outbox, spoil).card = {"what": 1}

    plant.write(spoiling).result()
    with capture_logs():
        assert claim(plant) == []
    assert rows(plant)["dingtalk:sunpeng"].card["title"] == "有一条消息读不出来，没有发"


def test_a_stale_call_that_dies_is_told_to_nobody(plant: Office) -> None:
    call(plant, "设备")
    number = plant.read(lambda work: work.session.scalars(select(Andon.number)).one()).result()
    first = claim(plant)

    def take(work: Work) -> None:
        work.session.get_one(Andon, work.session.scalars(select(Andon.id)).one()).generation += 1
        work.record("andon.acknowledged", data={"andon": f"A-{number}"})

    plant.write(take).result()
    for parcel in first:
        plant.write(partial(parcels.settle, parcel=parcel, outcome=GONE)).result()
    assert {row.reason for row in rows(plant).values()} == {"群已解散"}


def test_the_plant_can_see_what_was_lost(plant: Office, clock: FixedClock) -> None:
    queue(plant, "n", to(QUALITY))
    deliver(plant, only(QUALITY))
    day: dict[str, Any] = {
        "since": clock.now() - timedelta(hours=1),
        "until": clock.now() + timedelta(hours=1),
    }
    assert plant.read(lambda work: undelivered(work, **day)).result() == 1
    assert plant.read(lambda work: undelivered(work, chats=["wecom:a"], **day)).result() == 0
    here = partial(unheard_in, chat_key=QUALITY, since=day["since"], limit=9)
    assert [(it.title, it.merged) for it in plant.read(here).result()] == [("n", False)]
    assert [it.title for it in plant.read(partial(dead, since=day["since"], limit=9)).result()] == ["n"]


@pytest.mark.parametrize("urgent", [True, False])
def test_when_the_month_is_used_up_what_is_urgent_goes_another_way_and_the_rest_waits(
    plant: Office, *, urgent: bool
) -> None:
    queue(plant, "n", to("dingtalk:zhaojun", direct=True), kind="alert", urgent=urgent)
    (parcel,) = claim(plant)
    used_up = Retry(reason="本月接口调用量已用完", after=3600.0, exhausted=True)
    plant.write(partial(parcels.settle, parcel=parcel, outcome=used_up)).result()
    found = rows(plant)
    assert found["dingtalk:zhaojun"].state is (OutboxState.DEAD if urgent else OutboxState.PENDING)
    assert ("wecom:zhaojun" in found) is urgent
    assert found["wecom:zhoujianguo"].card["title"] == "钉钉说本月额度用完了"
