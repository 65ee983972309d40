"""The pretend DingTalk's cards: create, update, and the callback of a pressed button."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.dingtalk import DingTalkCloud
from bot.sandbox.dingtalk.names import conversation_id
from bot.sandbox.dingtalk.templates import MARKDOWN_BUTTONS
from bot.sandbox.town import Post
from tests.wire.dingtalk_probe import CARD, LINE, Probe, a_cloud, eventually

CREATE = "/v1.0/card/instances/createAndDeliver"
UPDATE = "/v1.0/card/instances"
BUTTONS = {"msgButtons": [{"text": "我来处理", "color": "blue", "request": True, "params": {"id": "ack"}}]}


@pytest.fixture
async def cloud() -> AsyncIterator[DingTalkCloud]:
    async with a_cloud() as cloud:
        yield cloud


@pytest.fixture
async def probe(cloud: DingTalkCloud) -> AsyncIterator[Probe]:
    async with Probe(cloud) as probe:
        await probe.sign_in()
        yield probe


def a_card(cloud: DingTalkCloud, param: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """Return the body that creates the card and delivers it to the group."""
    shown = {
        "title": "3号线停机",
        "markdown": "**WO-1001** 停机",
        "tips": "",
        "sys_full_json_obj": json.dumps(BUTTONS),
    }
    body = {
        "cardTemplateId": MARKDOWN_BUTTONS,
        "outTrackId": "esc-1",
        "callbackType": "STREAM",
        "cardData": {"cardParamMap": shown | (param or {})},
        "openSpaceId": f"dtv1.card//IM_GROUP.{conversation_id(LINE)}",
        "userIdType": 1,
        "imGroupOpenSpaceModel": {"supportForward": False},
        "imGroupOpenDeliverModel": {"robotCode": cloud.robot_code, "atUserIds": {"0147": "李雷"}},
    }
    return body | changes


def the_card(cloud: DingTalkCloud) -> Post:
    (post,) = cloud.world.posts("line3", author="bot")
    return post


async def test_a_card_is_shown_with_its_buttons(cloud: DingTalkCloud, probe: Probe) -> None:
    status, answer = await probe.post(CREATE, a_card(cloud))
    result = answer["result"]["deliverResults"][0]
    assert (status, result["success"], result["spaceType"]) == (200, True, "IM_GROUP")
    post = the_card(cloud)
    assert (post.kind, post.tag, post.mentions) == ("card", "esc-1", ("li",))
    assert (post.body["title"], post.body["text"]) == ("3号线停机", "**WO-1001** 停机")
    assert [(button["text"], button["style"]) for button in post.body["buttons"]] == [("我来处理", "primary")]
    assert cloud.recorder.rules_broken() == []


async def test_a_card_goes_to_a_person(cloud: DingTalkCloud, probe: Probe) -> None:
    body = a_card(
        cloud, openSpaceId="dtv1.card//IM_ROBOT.0147", imRobotOpenSpaceModel={"supportForward": False}
    )
    del body["imGroupOpenDeliverModel"]
    model = {"spaceType": "IM_ROBOT", "robotCode": cloud.robot_code}
    assert (await probe.post(CREATE, body | {"imRobotOpenDeliverModel": model}))[0] == 200
    assert [post.kind for post in cloud.world.posts("dingtalk-li")] == ["card"]


async def test_the_same_track_id_makes_no_second_card(cloud: DingTalkCloud, probe: Probe) -> None:
    await probe.post(CREATE, a_card(cloud))
    status, answer = await probe.post(CREATE, a_card(cloud))
    assert (status, answer["code"]) == (400, "param.cardAlreadyExist")
    assert the_card(cloud).version == 1


@pytest.mark.parametrize(
    ("param", "change", "code", "rule"),
    [
        ({"good": 5}, {}, "MissingStringValue", "card.param.string"),
        ({"sys_full_json_obj": "{"}, {}, "param.invalid", "card.param.content"),
        ({"markdown": "长" * 40_000}, {}, "param.invalid", "card.bytes"),
        ({}, {"cardTemplateId": "unknown"}, "param.templateNotExist", None),
        ({}, {"outTrackId": ""}, "param.outTrackIdEmpty", None),
        ({}, {"outTrackId": "x" * 101}, "param.invalid", "card.track"),
        ({}, {"openSpaceId": ""}, "param.openSpaceIdEmpty", None),
        ({}, {"openSpaceId": "IM_GROUP.x"}, "param.openSpaceIdInvalid", None),
        ({}, {"imGroupOpenDeliverModel": None}, "param.openDeliverModelEmpty", "field.type"),
        ({}, {"cardData": {}}, "param.cardPublicDataEmpty", None),
    ],
)  # fmt: skip
async def test_a_wrong_card_is_refused(
    cloud: DingTalkCloud,
    probe: Probe,
    param: dict[str, Any],
    change: dict[str, Any],
    code: str,
    rule: str | None,
) -> None:
    status, answer = await probe.post(CREATE, a_card(cloud, param, **change))
    assert (status, answer["code"]) == (400, code)
    assert cloud.recorder.rules_broken() == ([rule] if rule else [])
    assert cloud.world.posts(author="bot") == []


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"openSpaceId": "dtv1.card//IM_GROUP.cidNo"}, "SPACE_NOT_EXIST"),
        ({"imGroupOpenDeliverModel": {"robotCode": "other"}}, "ROBOT_NOT_EXIST"),
    ],
)
async def test_http_200_may_hide_a_failed_delivery(
    cloud: DingTalkCloud, probe: Probe, change: dict[str, Any], error: str
) -> None:
    status, answer = await probe.post(CREATE, a_card(cloud, **change))
    result = answer["result"]["deliverResults"][0]
    assert (status, result["success"], result["errorMsg"]) == (200, False, error)


async def test_an_update_overwrites_unless_it_goes_by_key(cloud: DingTalkCloud, probe: Probe) -> None:
    await probe.post(CREATE, a_card(cloud))
    update = {"outTrackId": "esc-1", "cardData": {"cardParamMap": {"markdown": "已接手"}}}
    by_key = {"cardUpdateOptions": {"updateCardDataByKey": True}}
    assert await probe.call("PUT", UPDATE, update | by_key) == (200, {"success": True, "result": True})
    body = the_card(cloud).body
    assert (body["title"], body["text"], len(body["buttons"])) == ("3号线停机", "已接手", 1)
    await probe.call("PUT", UPDATE, update)
    body = the_card(cloud).body
    assert (body["title"], body["text"], body["buttons"]) == ("", "已接手", [])
    assert the_card(cloud).version == 3


async def test_an_update_needs_a_card_and_data(cloud: DingTalkCloud, probe: Probe) -> None:
    update = {"outTrackId": "esc-1", "cardData": {"cardParamMap": {"markdown": "x"}}}
    assert (await probe.call("PUT", UPDATE, update))[1]["code"] == "param.cardNotExist"
    await probe.post(CREATE, a_card(cloud))
    _, answer = await probe.call("PUT", UPDATE, {"outTrackId": "esc-1"})
    assert answer["code"] == "param.cardDataAndPrivateDataBothEmpty"


async def test_a_pressed_button_calls_back_and_the_answer_changes_the_card(
    cloud: DingTalkCloud, probe: Probe
) -> None:
    stream = await probe.connect()
    await probe.post(CREATE, a_card(cloud))
    cloud.world.click("li", the_card(cloud).id, "1")
    frame = await stream.frame()
    data = frame["data"]
    assert (frame["type"], frame["headers"]["topic"]) == ("CALLBACK", CARD["topic"])
    assert (data["type"], data["outTrackId"], data["userId"]) == ("actionCallback", "esc-1", "0147")
    assert data["spaceId"] == conversation_id(LINE)
    assert json.loads(data["content"]) == {"cardPrivateData": {"actionIds": ["1"], "params": {"id": "ack"}}}
    param = {"markdown": "已由李雷接手", "sys_full_json_obj": '{"msgButtons":[]}'}
    options = {"updateCardDataByKey": True, "updatePrivateDataByKey": True}
    await stream.ack(frame, {"response": {"cardUpdateOptions": options, "cardData": {"cardParamMap": param}}})
    await eventually(lambda: the_card(cloud).version == 2)
    body = the_card(cloud).body
    assert (body["title"], body["text"], body["buttons"]) == ("3号线停机", "已由李雷接手", [])
    assert cloud.recorder.rules_broken() == []


async def test_an_answer_after_two_seconds_changes_nothing_and_the_person_is_told(
    cloud: DingTalkCloud, probe: Probe
) -> None:
    stream = await probe.connect()
    await probe.post(CREATE, a_card(cloud))
    with cloud.world.subscribe() as changes:
        cloud.world.click("li", the_card(cloud).id, "1")
        frame = await stream.frame()
        cloud.world.clock.advance(timedelta(seconds=2))
        notice = await asyncio.wait_for(changes.next(), 5)
    assert (notice.resident, notice.text) == ("li", "操作超时，请稍后再试")
    await stream.ack(frame, {"response": {"cardData": {"cardParamMap": {"markdown": "late"}}}})
    await eventually(lambda: cloud.recorder.payloads("dingtalk.stream"))
    assert the_card(cloud).version == 1


@pytest.mark.parametrize(
    ("response", "rule"),
    [
        ({"privateData": {}}, "field.unknown"),
        ({"cardData": {"cardParamMap": {"good": 5}}}, "card.param.string"),
        ({"cardData": {"cardParamMap": {"sys_full_json_obj": "{"}}}, "card.param.content"),
    ],
)
async def test_a_wrong_answer_to_a_press_is_noted(
    cloud: DingTalkCloud, probe: Probe, response: dict[str, Any], rule: str
) -> None:
    stream = await probe.connect()
    await probe.post(CREATE, a_card(cloud))
    cloud.world.click("li", the_card(cloud).id, "1")
    await stream.ack(await stream.frame(), {"response": response})
    await eventually(lambda: cloud.recorder.rules_broken() == [rule])
    assert the_card(cloud).version == 1


async def test_a_button_with_an_address_calls_nobody(cloud: DingTalkCloud, probe: Probe) -> None:
    stream = await probe.connect()
    link = {"msgButtons": [{"text": "打开", "url": "https://example.org"}]}
    await probe.post(CREATE, a_card(cloud, {"sys_full_json_obj": json.dumps(link)}))
    cloud.world.click("li", the_card(cloud).id, "1")
    assert await stream.silence()
