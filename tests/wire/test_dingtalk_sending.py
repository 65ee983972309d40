"""The pretend DingTalk's sending doors: tokens, pushes to groups and people, DING, rates and faults."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.sandbox.dingtalk import DingTalkCloud
from bot.sandbox.dingtalk.names import conversation_id
from tests.wire.dingtalk_probe import LINE, Probe, a_cloud

GROUP = "/v1.0/robot/groupMessages/send"
BATCH = "/v1.0/robot/oToMessages/batchSend"
TEXT = {"title": "t", "text": "x"}
DING = "/v1.0/robot/ding/send"


@pytest.fixture
async def cloud() -> AsyncIterator[DingTalkCloud]:
    async with a_cloud() as cloud:
        yield cloud


@pytest.fixture
async def probe(cloud: DingTalkCloud) -> AsyncIterator[Probe]:
    async with Probe(cloud) as probe:
        await probe.sign_in()
        yield probe


def pushed(cloud: DingTalkCloud, text: str = "早", **changes: Any) -> dict[str, Any]:
    """Return the body of a push to the group."""
    param = json.dumps({"title": "早会", "text": text})
    body = {"robotCode": cloud.robot_code, "openConversationId": conversation_id(LINE)}
    return body | {"msgKey": "sampleMarkdown", "msgParam": param} | changes


def pairs(title: str, url: str, count: int) -> dict[str, str]:
    """Return the numbered titles and addresses of an action card."""
    return {f"{title}{n}": "a" for n in range(1, count + 1)} | {f"{url}{n}": "u" for n in range(1, count + 1)}


def said(cloud: DingTalkCloud, room: str = "line3") -> list[dict[str, Any]]:
    return [post.body for post in cloud.world.posts(room, author="bot")]


# tokens


async def test_a_token_stays_the_same_while_it_is_valid_and_its_life_is_extended(
    cloud: DingTalkCloud, probe: Probe
) -> None:
    first = probe.token
    cloud.world.clock.advance(timedelta(seconds=7000))
    assert await probe.sign_in() == first
    cloud.world.clock.advance(timedelta(seconds=7000))
    assert (await probe.post(GROUP, pushed(cloud)))[0] == 200
    cloud.world.clock.advance(timedelta(seconds=201))
    status, answer = await probe.post(GROUP, pushed(cloud))
    assert (status, answer["code"]) == (400, "InvalidAuthentication")
    assert await probe.sign_in() != first


async def test_the_old_token_door_and_wrong_secrets(cloud: DingTalkCloud, probe: Probe) -> None:
    query = {"appkey": cloud.client_id, "appsecret": cloud.client_secret}
    status, answer = await probe.call("GET", "/gettoken", params=query)
    assert (status, answer["errcode"], answer["access_token"]) == (200, 0, probe.token)
    _, refused = await probe.call("GET", "/gettoken", params=query | {"appsecret": "no"})
    assert refused["errcode"] == 40089
    status, answer = await probe.post("/v1.0/oauth2/accessToken", {"appKey": "a", "appSecret": "b"})
    assert (status, answer["code"]) == (400, "invalidClientIdOrSecret")


async def test_a_call_without_a_token_breaks_a_rule(cloud: DingTalkCloud, probe: Probe) -> None:
    probe.token = ""
    assert (await probe.post(GROUP, pushed(cloud)))[1]["code"] == "InvalidAuthentication"
    assert cloud.recorder.rules_broken() == ["token.missing"]


async def test_a_revoked_token_may_answer_401() -> None:
    async with a_cloud(bad_token_status=401) as cloud, Probe(cloud) as probe:
        await probe.sign_in()
        cloud.tokens.revoke()
        assert (await probe.post(GROUP, pushed(cloud)))[0] == 401


# pushes


async def test_a_push_reaches_the_group_without_mentions(cloud: DingTalkCloud, probe: Probe) -> None:
    status, answer = await probe.post(GROUP, pushed(cloud, "@0147 早"))
    assert status == 200
    assert answer["processQueryKey"]
    assert said(cloud) == [{"title": "早会", "text": "@0147 早"}]
    assert cloud.recorder.rules_broken() == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"openConversationId": ""}, "miss.openConversationId"),
        ({"openConversationId": "cidXX"}, "invalid.openConversationId"),
        ({"robotCode": ""}, "invalidParameter.robotCode.empty"),
        ({"robotCode": "other"}, "invalidParameter.robotCode.notExsit"),
        ({"msgParam": "no json"}, "invalidParameter.msgParam.invalid"),
        ({"msgParam": "{}"}, "invalidParameter.msgParam.invalid"),
        ({"msgKey": "sampleNothing"}, "invalidParameter.msgParam.invalid"),
        ({"msgParam": json.dumps({"title": "t", "text": "x" * 15_000})}, "invalidParameter.msgParam.tooLong"),
    ],
)
async def test_a_wrong_push_is_refused(
    cloud: DingTalkCloud, probe: Probe, change: dict[str, str], code: str
) -> None:
    status, answer = await probe.post(GROUP, pushed(cloud, **change))
    assert (status, answer["code"]) == (400, code)
    assert said(cloud) == []


@pytest.mark.parametrize(
    ("key", "param", "kind"),
    [
        ("sampleText", {"content": "x"}, "text"),
        ("sampleLink", {**TEXT, "picUrl": "", "messageUrl": "u"}, "markdown"),
        ("sampleImageMsg", {"photoURL": "https://example.org/a.png"}, "image"),
        ("sampleActionCard", {**TEXT, "singleTitle": "a", "singleURL": "u"}, "card"),
        ("sampleActionCard2", {**TEXT, **pairs("actionTitle", "actionURL", 2)}, "card"),
        ("sampleActionCard5", {**TEXT, **pairs("actionTitle", "actionURL", 5)}, "card"),
        ("sampleActionCard6", {**TEXT, **pairs("buttonTitle", "buttonUrl", 2)}, "card"),
    ],
)
async def test_every_message_key_is_shown(
    cloud: DingTalkCloud, probe: Probe, key: str, param: dict[str, str], kind: str
) -> None:
    assert (await probe.post(GROUP, pushed(cloud, msgKey=key, msgParam=json.dumps(param))))[0] == 200
    assert [post.kind for post in cloud.world.posts(author="bot")] == [kind]


async def test_a_push_to_people_names_whom_it_did_not_reach(cloud: DingTalkCloud, probe: Probe) -> None:
    body = {key: value for key, value in pushed(cloud).items() if key != "openConversationId"}
    cloud.robot.flow_controlled = {"0258"}
    status, answer = await probe.post(BATCH, body | {"userIds": ["0147", "0258", "nobody"]})
    assert status == 200
    assert (answer["invalidStaffIdList"], answer["flowControlledStaffIdList"]) == (["nobody"], ["0258"])
    assert said(cloud, "dingtalk-li") == [{"title": "早会", "text": "早"}]
    assert (await probe.post(BATCH, body | {"userIds": ["u"] * 21}))[0] == 400
    assert cloud.recorder.rules_broken() == ["oto.users"]


async def test_a_ding_rings_people_up_to_its_quota() -> None:
    async with a_cloud(ding_quota=1) as cloud, Probe(cloud) as probe:
        await probe.sign_in()
        body = {
            "robotCode": cloud.robot_code,
            "remindType": 3,
            "receiverUserIdList": ["0147", "u9"],
            "content": "停机",
        }
        _, answer = await probe.post(DING, body)
        assert answer["openDingId"]
        assert answer["failedList"] == {"staffId.notExisted": ["u9"]}
        assert said(cloud, "dingtalk-li") == [{"text": "停机", "images": [], "ding": "phone"}]
        assert (await probe.post(DING, body))[1]["code"] == "ding.serverquota.insufficient"
        many = body | {"receiverUserIdList": ["u"] * 21}
        assert (await probe.post(DING, many))[1]["code"] == "ding.receivercount.limit"
        assert (await probe.post(DING, body | {"robotCode": "x"}))[1]["code"] == "invalid.chatbotId"
        assert (await probe.post(DING, body | {"receiverUserIdList": []}))[1]["code"] == "miss.staffId"


# rates, quotas, faults


async def test_21_calls_in_a_second_are_too_many(cloud: DingTalkCloud, probe: Probe) -> None:
    answers = [await probe.post(GROUP, pushed(cloud)) for _ in range(21)]
    assert [status for status, _ in answers] == [200] * 20 + [403]
    assert answers[-1][1]["code"] == "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"
    cloud.world.clock.advance(timedelta(seconds=1))
    assert (await probe.post(GROUP, pushed(cloud)))[0] == 200


async def test_beyond_the_monthly_quota_calls_are_refused_but_tokens_and_webhooks_are_free() -> None:
    async with a_cloud(calls_per_month=1) as cloud, Probe(cloud) as probe:
        url = await probe.webhook()
        await probe.sign_in()
        codes = [(await probe.post(GROUP, pushed(cloud)))[1].get("code") for _ in range(2)]
        assert codes == [None, "Forbidden.AccessDenied.ApiCountLimitForOrg"]
        assert (await probe.post(url, {"msgtype": "text", "text": {"content": "好"}}))[1]["errcode"] == 0
        cloud.world.clock.advance(timedelta(days=31))
        await probe.sign_in()
        assert (await probe.post(GROUP, pushed(cloud)))[0] == 200


async def test_an_answer_may_be_lost_after_the_deed(cloud: DingTalkCloud, probe: Probe) -> None:
    cloud.faults.add("lost", "dingtalk.group", times=1)
    with pytest.raises(aiohttp.ClientError):
        await probe.post(GROUP, pushed(cloud))
    assert len(said(cloud)) == 1


async def test_a_throttle_refuses_until_its_time_is_over(cloud: DingTalkCloud, probe: Probe) -> None:
    cloud.faults.add("throttle", "dingtalk.group", times=1, seconds=600)
    assert [(await probe.post(GROUP, pushed(cloud)))[0] for _ in range(2)] == [403, 403]
    cloud.world.clock.advance(timedelta(seconds=600))
    assert (await probe.post(GROUP, pushed(cloud)))[0] == 200


async def test_http_200_may_carry_an_error_and_a_token_may_die_early(
    cloud: DingTalkCloud, probe: Probe
) -> None:
    url, body = await probe.webhook(), {"msgtype": "text", "text": {"content": "好"}}
    cloud.faults.add("errcode", "dingtalk.webhook", times=1, code=-1, text="系统繁忙")
    assert await probe.post(url, body) == (200, {"errcode": -1, "errmsg": "系统繁忙"})
    cloud.faults.add("token", "dingtalk.group", times=1)
    assert (await probe.post(GROUP, pushed(cloud)))[1]["code"] == "InvalidAuthentication"
    cloud.faults.add("status", "dingtalk.group", times=1, status=500, code="unknown.send.result")
    assert (await probe.post(GROUP, pushed(cloud)))[0] == 500
    cloud.faults.add("slow", "dingtalk.group", times=1, seconds=0.05)
    cloud.faults.add(
        "status", "dingtalk.group", times=1, status=403, text='{"status":1111,"wait":5,"punish":"deny"}'
    )
    assert said(cloud) == []
