"""The pretend DingTalk takes messages, cards and DINGs back, and says why it does not."""

import json
from datetime import timedelta
from typing import Any

from bot.sandbox.dingtalk import DingTalkCloud, names
from bot.sandbox.dingtalk.templates import MARKDOWN_BUTTONS
from tests.wire.dingtalk_probe import LINE, Probe, a_cloud

TEXT = {"msgKey": "sampleText", "msgParam": json.dumps({"content": "错了"})}
GROUP = names.conversation_id(LINE)


def robot(cloud: DingTalkCloud, **fields: Any) -> dict[str, Any]:
    return {"robotCode": cloud.robot_code, **fields}


async def test_a_group_message_is_taken_back_by_its_key() -> None:
    async with a_cloud() as cloud, Probe(cloud) as probe:
        await probe.sign_in()
        sent = robot(cloud, openConversationId=GROUP, **TEXT)
        _, told = await probe.post("/v1.0/robot/groupMessages/send", sent)
        body = robot(cloud, openConversationId=GROUP, processQueryKeys=[told["processQueryKey"]])
        answer = await probe.post("/v1.0/robot/groupMessages/recall", body)
        assert answer == (200, {"successResult": [told["processQueryKey"]], "failedResult": {}})
        (post,) = cloud.world.posts("line3")
        assert (post.kind, post.body["text"]) == ("text", "（消息已撤回）")


async def test_a_message_to_people_is_taken_back_within_a_day() -> None:
    async with a_cloud() as cloud, Probe(cloud) as probe:
        await probe.sign_in()
        _, told = await probe.post(
            "/v1.0/robot/oToMessages/batchSend", robot(cloud, userIds=["0147", "0258"], **TEXT)
        )
        body = robot(cloud, processQueryKeys=[told["processQueryKey"]])
        status, _ = await probe.post("/v1.0/robot/otoMessages/batchRecall", body)
        assert status == 200
        assert [post.body["text"] for post in cloud.world.posts()] == ["（消息已撤回）"] * 2
        cloud.world.clock.advance(timedelta(days=1, minutes=1))
        await probe.sign_in()
        status, said = await probe.post("/v1.0/robot/otoMessages/batchRecall", body)
        assert (status, said["code"]) == (400, "robot.processQueryKey.expired")


async def test_a_ding_is_taken_back() -> None:
    async with a_cloud() as cloud, Probe(cloud) as probe:
        await probe.sign_in()
        ding = robot(cloud, remindType=1, receiverUserIdList=["0147"], content="停机")
        _, told = await probe.post("/v1.0/robot/ding/send", ding)
        body = robot(cloud, openDingId=told["openDingId"])
        assert (await probe.post("/v1.0/robot/ding/recall", body))[0] == 200
        assert cloud.world.posts()[0].body["text"] == "（消息已撤回）"


async def test_a_card_that_was_taken_back_cannot_be_updated() -> None:
    async with a_cloud() as cloud, Probe(cloud) as probe:
        await probe.sign_in()
        card = {
            "cardTemplateId": MARKDOWN_BUTTONS, "outTrackId": "t1", "callbackType": "STREAM",
            "cardData": {"cardParamMap": {"title": "停机"}}, "openSpaceId": f"dtv1.card//IM_GROUP.{GROUP}",
            "imGroupOpenSpaceModel": {}, "imGroupOpenDeliverModel": {"robotCode": cloud.robot_code},
        }  # fmt: skip
        _, made = await probe.post("/v1.0/card/instances/createAndDeliver", card)
        key = made["result"]["deliverResults"][0]["carrierId"]
        body = robot(cloud, openConversationId=GROUP, processQueryKeys=[key])
        assert (await probe.post("/v1.0/robot/groupMessages/recall", body))[0] == 200
        update = {"outTrackId": "t1", "cardData": {"cardParamMap": {"title": "好"}}}
        status, said = await probe.call("PUT", "/v1.0/card/instances", update)
        assert (status, said["code"]) == (400, "param.cardNotExist")


async def test_wrong_recalls_are_refused_with_their_codes() -> None:
    async with a_cloud() as cloud, Probe(cloud) as probe:
        await probe.sign_in()
        door = "/v1.0/robot/groupMessages/recall"
        wrong = {
            "miss.openConversationId": robot(cloud, openConversationId="", processQueryKeys=["k"]),
            "invalidParameter.processQueryKey.missing": robot(
                cloud, openConversationId=GROUP, processQueryKeys=[]
            ),
            "invalidParameter.processQueryKeys.overMax": robot(
                cloud, openConversationId=GROUP, processQueryKeys=["k"] * 21
            ),
            "invalid.processQueryKey": robot(cloud, openConversationId=GROUP, processQueryKeys=["k"]),
            "not.allowed.robotCode": {
                "robotCode": "x", "openConversationId": GROUP, "processQueryKeys": ["k"],
            },
        }  # fmt: skip
        for code, body in wrong.items():
            status, said = await probe.post(door, body)
            assert (status, said["code"]) == (400, code)


async def test_a_card_route_is_registered_once_unless_it_is_forced() -> None:
    async with a_cloud() as cloud, Probe(cloud) as probe:
        await probe.sign_in()
        door = "/v1.0/card/callbacks/register"
        body = {"callbackRouteKey": "r", "callbackUrl": "http://127.0.0.1:9/x", "apiSecret": "s"}
        good = (200, {"success": True, "result": {"callbackUrl": body["callbackUrl"], "apiSecret": "s"}})
        assert await probe.post(door, body) == good
        status, said = await probe.post(door, body)
        assert (status, said["code"]) == (500, "param.callbackRouteKeyExist")
        assert await probe.post(door, body | {"forceUpdate": True}) == good
        codes = [
            (await probe.post(door, body | {name: ""}))[1]["code"]
            for name in ("callbackRouteKey", "callbackUrl")
        ]
        assert codes == ["param.callbackRouteKeyEmpty", "param.callbackUrlEmpty"]
