"""Any JSON is answered: no field of any shape breaks the pretend DingTalk, whatever the bot sends."""

import json
from typing import Any

import pytest

from bot.sandbox.dingtalk import DingTalkCloud
from bot.sandbox.dingtalk.names import conversation_id
from bot.sandbox.dingtalk.templates import MARKDOWN_BUTTONS
from tests.wire.dingtalk_probe import LINE, Probe, a_cloud, eventually

NASTY: list[Any] = [None, 0, -1, 1.5, True, "", "x", "@lADP!", "[]", [], [None], [[]], {}, {"x": None}]
CARD = {
    "cardTemplateId": MARKDOWN_BUTTONS,
    "outTrackId": "t1",
    "callbackType": "STREAM",
    "cardData": {"cardParamMap": {"markdown": "x"}},
    "openSpaceId": f"dtv1.card//IM_GROUP.{conversation_id(LINE)};IM_ROBOT.0147",
    "imGroupOpenDeliverModel": {"robotCode": "dingsandboxrobot", "atUserIds": {}},
    "imRobotOpenDeliverModel": {"robotCode": "dingsandboxrobot"},
}
PUSH = {"robotCode": "dingsandboxrobot", "msgKey": "sampleMarkdown", "msgParam": '{"title":"t","text":"x"}'}
BODIES: dict[str, dict[str, Any]] = {
    "/v1.0/gateway/connections/open": {"clientId": "a", "clientSecret": "b", "subscriptions": []},
    "/v1.0/oauth2/accessToken": {"appKey": "a", "appSecret": "b"},
    "/v1.0/robot/groupMessages/send": PUSH | {"openConversationId": conversation_id(LINE)},
    "/v1.0/robot/oToMessages/batchSend": PUSH | {"userIds": ["0147"]},
    "/v1.0/robot/ding/send": {
        "robotCode": "dingsandboxrobot", "remindType": 1, "receiverUserIdList": ["0147"], "content": "x",
    },
    "/v1.0/robot/messageFiles/download": {"downloadCode": "x", "robotCode": "x"},
    "/v1.0/card/instances/createAndDeliver": CARD,
    "webhook": {"msgtype": "text", "text": {"content": "x"}, "at": {"atUserIds": []}},
    "webhook ": {"msgtype": "actionCard", "actionCard": {"title": "t", "text": "x", "btns": []}},
    "webhook  ": {"msgtype": "feedCard", "feedCard": {"links": []}},
}  # fmt: skip


def bent(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the body with each field, and each field within a field, replaced by every nasty value."""
    found = [body | {name: nasty} for name in body for nasty in NASTY]
    for name, value in body.items():
        if isinstance(value, dict):
            found += [body | {name: inner} for inner in bent(value)]
    return found


@pytest.mark.parametrize("path", BODIES)
async def test_no_shape_of_a_field_breaks_a_door(path: str) -> None:
    async with a_cloud(qps=None, webhook_per_minute=None) as cloud, Probe(cloud) as probe:
        await probe.sign_in()
        url = await probe.webhook() if path.startswith("webhook") else path
        for body in bent(BODIES[path]):
            status, answer = await probe.post(url, body)
            assert status < 500, (body, answer)


@pytest.mark.parametrize("field", ["sys_full_json_obj", "msgParam"])
async def test_no_shape_of_json_within_json_breaks_a_door(field: str) -> None:
    async with a_cloud(qps=None) as cloud, Probe(cloud) as probe:
        await probe.sign_in()
        buttons = [{"text": nasty, "params": nasty, "request": True} for nasty in NASTY]
        texts = [*NASTY, {"msgButtons": buttons}, *({"msgButtons": [one]} for one in [*NASTY, *buttons])]
        texts += [{"title": nasty, "text": nasty, "photoURL": nasty} for nasty in NASTY]
        for number, text in enumerate(texts):
            path = "/v1.0/robot/groupMessages/send"
            body: dict[str, Any] = PUSH | {"msgParam": json.dumps(text)}
            body |= {"openConversationId": conversation_id(LINE)}
            if field != "msgParam":
                path = "/v1.0/card/instances/createAndDeliver"
                param = {"markdown": "x", field: json.dumps(text)}
                body = CARD | {"outTrackId": f"t{number}", "cardData": {"cardParamMap": param}}
            assert (await probe.post(path, body))[0] < 500, text


async def an_update(cloud: DingTalkCloud, probe: Probe) -> None:
    for body in bent(
        {"outTrackId": "t1", "cardData": {"cardParamMap": {"markdown": "x"}}, "cardUpdateOptions": {}}
    ):
        assert (await probe.call("PUT", "/v1.0/card/instances", body))[0] < 500, body
    assert cloud.world.tagged("dingtalk", "t1") is not None


async def test_no_shape_of_an_acknowledgement_breaks_the_stream() -> None:
    async with a_cloud(qps=None) as cloud, Probe(cloud) as probe:
        await probe.sign_in()
        shown = {"msgButtons": [{"text": "接", "request": True}]}
        param = {"markdown": "x", "sys_full_json_obj": json.dumps(shown)}
        await probe.post(
            "/v1.0/card/instances/createAndDeliver", CARD | {"cardData": {"cardParamMap": param}}
        )
        await an_update(cloud, probe)
        await probe.post(
            "/v1.0/card/instances/createAndDeliver",
            CARD | {"outTrackId": "t2", "cardData": {"cardParamMap": param}},
        )
        post = cloud.world.tagged("dingtalk", "t2")
        assert post is not None
        stream = await probe.connect()
        options = {"updateCardDataByKey": True}
        answer = {"cardUpdateOptions": options, "cardData": {"cardParamMap": {"markdown": "y"}}}
        for response in [*NASTY, *bent(answer)]:
            cloud.world.click("li", post.id, "1")
            await stream.ack(await stream.frame(), {"response": response})
            cloud.world.update_post(post.id, post.body)
        for ack in NASTY:
            await stream.ws.send_json({"code": ack, "message": ack, "headers": ack, "data": ack})
            await stream.ws.send_json(ack)
        assert await eventually(lambda: cloud.connected)
        cloud.world.say("li", "line3", text="x", mention_bot=True)
        assert (await stream.frame())["data"]["msgtype"] == "text"
