"""Our DingTalk rings by DING, falls through to the milder way, and says on the outcome what did not ring."""

from dataclasses import replace
from typing import Any

import pytest

from bot.sandbox.faults import Faults
from notifier.card import Button, Card, Ring
from notifier.delivery import Delivered, Outgoing, Refused
from tests.wire.dingtalk_house import House, a_house

ALERT = Card(
    title="异常 A-1 设备", lines=("3 号线停机",), buttons=(Button(text="接", say="接 A-1"),), ring="phone"
)


def to(user: str, card: Card = ALERT, **changes: Any) -> Outgoing:
    fields: dict[str, Any] = {"id": 1, "key": "k1", "chat_id": user, "chat_kind": "direct", "card": card}
    return Outgoing(**(fields | changes))


def rung(house: House) -> list[tuple[int, list[str]]]:
    """How and whom we asked to be rung, in order."""
    asked = house.cloud.recorder.payloads("dingtalk.ding")
    return [(one["remindType"], one["receiverUserIdList"]) for one in asked]


@pytest.mark.parametrize(("ring", "kind"), [("app", 1), ("sms", 2), ("phone", 3)])
async def test_the_person_is_sent_the_card_and_rung(ring: Ring, kind: int) -> None:
    async with a_house() as house:
        outcome = await house.platform.send(to("0147", replace(ALERT, ring=ring)))
        assert isinstance(outcome, Delivered)
        assert outcome.note == ""
        assert rung(house) == [(kind, ["0147"])]
        direct = house.world.direct_room("dingtalk", "li")
        card, ding = house.shown(direct.id)
        assert (card.kind, ding.body["ding"]) == ("card", ring)
        assert ding.body["text"] == "异常 A-1 设备\n3 号线停机"
        assert house.cloud.recorder.rules_broken() == []


async def test_a_card_without_a_ring_rings_nobody() -> None:
    async with a_house() as house:
        await house.platform.send(to("0147", replace(ALERT, ring="")))
        assert rung(house) == []


async def test_in_a_group_those_are_rung_who_are_mentioned() -> None:
    async with a_house() as house:
        house.world.say("li", "line3", text="x", mention_bot=True)
        group = (await house.ears.next()).chat_id
        await house.platform.send(to(group, chat_kind="group", mentions=("0147", "0258", "0147")))
        await house.platform.send(to(group, chat_kind="group", key="k2"))
        assert rung(house) == [(3, ["0147", "0258"])]


async def test_without_quota_the_milder_way_rings_and_the_outcome_says_so() -> None:
    faults = Faults()
    used_up = {"status": 400, "code": "ding.serverquota.insufficient"}
    faults.add("status", "dingtalk.ding", times=2, **used_up)
    async with a_house(faults=faults) as house:
        outcome = await house.platform.send(to("0147"))
        assert isinstance(outcome, Delivered)
        assert "电话 DING没有响：DING 次数已用完" in outcome.note
        assert "短信 DING没有响" in outcome.note
        assert [kind for kind, _ in rung(house)] == [3, 2, 1]
        again = await house.platform.send(
            to("0258", key="k2")
        )  # what is used up is not asked for again at once
        assert isinstance(again, Delivered)
        assert "电话 DING没有响" in again.note
        assert [kind for kind, _ in rung(house)] == [3, 2, 1, 1]


async def test_a_person_whom_the_ding_did_not_reach_is_said() -> None:
    async with a_house() as house:
        outcome = await house.platform.send(to("nobody"))
        assert isinstance(outcome, Refused)
        assert "没有全部成功" in outcome.reason


async def test_an_unknown_outcome_is_not_rung_twice() -> None:
    faults = Faults()
    faults.add("lost", "dingtalk.ding", times=1)
    async with a_house(faults=faults) as house:
        outcome = await house.platform.send(to("0147"))
        assert isinstance(outcome, Delivered)
        assert "电话 DING没有响：请求已发出，没有等到回答" in outcome.note
        assert len(rung(house)) == 1


async def test_where_no_card_can_go_the_ding_is_the_message() -> None:
    faults = Faults()
    faults.add("status", "dingtalk.card.create", status=400, code="param.invalid")
    faults.add("status", "dingtalk.oto", status=400, code="chatbotId.notAllow.sendOTO")
    async with a_house(faults=faults) as house:
        outcome = await house.platform.send(to("0147"))
        assert isinstance(outcome, Delivered)
        assert "消息没有送达：机器人不允许发单聊" in outcome.note
        assert len(house.shown(house.world.direct_room("dingtalk", "li").id)) == 1


async def test_a_message_that_is_tried_again_rings_when_it_has_arrived() -> None:
    faults = Faults()
    faults.add("throttle", "dingtalk.card.create", times=1, seconds=0)
    async with a_house(faults=faults) as house:
        await house.platform.send(to("0147"))
        assert rung(house) == []
        await house.platform.send(to("0147"))
        assert len(rung(house)) == 1


async def test_somebody_from_outside_is_not_rung() -> None:
    async with a_house() as house:
        assert isinstance(await house.platform.send(to("external:$:LWCP_v1:$C")), Refused)
        assert rung(house) == []
