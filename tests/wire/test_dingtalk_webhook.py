"""The pretend DingTalk's sendBySession: mentions, types, expiry, rate and size."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.dingtalk import DingTalkCloud
from tests.wire.dingtalk_probe import Probe, a_cloud

GROUP = "/v1.0/robot/groupMessages/send"
BATCH = "/v1.0/robot/oToMessages/batchSend"
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


async def test_a_reply_mentions_only_whom_text_and_list_both_name(cloud: DingTalkCloud, probe: Probe) -> None:
    url = await probe.webhook()
    text = "#### WO-1001  \n 合格 5 @0147 @0258"
    body = {"msgtype": "markdown", "markdown": {"title": "报工", "text": text}, "at": {"atUserIds": ["0147"]}}
    assert await probe.post(url, body) == (200, {"errcode": 0, "errmsg": "ok"})
    post = cloud.world.posts("line3", author="bot")[-1]
    assert (post.kind, post.mentions) == ("markdown", ("li",))
    assert post.body["text"] == "#### WO-1001  \n 合格 5 @李雷 @0258"
    assert cloud.recorder.rules_broken() == []
    body = {
        "msgtype": "text",
        "text": {"content": "好"},
        "at": {"atUserIds": ["0147", None], "isAtAll": False},
    }
    assert (await probe.post(url, body))[1]["errcode"] == 0
    assert cloud.world.posts("line3", author="bot")[-1].mentions == ()
    assert cloud.recorder.rules_broken() == ["at.not_in_text", "at.type"]


async def test_a_webhook_dies_after_90_minutes_and_cannot_be_forged(
    cloud: DingTalkCloud, probe: Probe
) -> None:
    url, body = await probe.webhook(), {"msgtype": "text", "text": {"content": "好"}}
    cloud.world.clock.advance(timedelta(minutes=89))
    assert (await probe.post(url, body))[1]["errcode"] == 0
    assert (await probe.post(url[:-1] + ("A" if url[-1] != "A" else "B"), body))[1]["errcode"] == 300001
    cloud.world.clock.advance(timedelta(minutes=1))
    status, answer = await probe.post(url, body)
    assert (status, answer) == (200, {"errcode": 300001, "errmsg": "session 不存在"})


async def test_a_webhook_takes_20_a_minute_and_20000_bytes(probe: Probe, cloud: DingTalkCloud) -> None:
    url = await probe.webhook()
    body = {"msgtype": "text", "text": {"content": "好"}}
    codes = []
    for number in range(21):
        cloud.world.clock.advance(timedelta(seconds=number % 2))
        codes.append((await probe.post(url, body))[1]["errcode"])
    assert codes == [0] * 20 + [130101]
    cloud.world.clock.advance(timedelta(seconds=60))
    long = {"msgtype": "text", "text": {"content": "好" * 7000}}
    assert (await probe.post(url, long))[1]["errcode"] == 460101
    assert (await probe.post(url, body))[1]["errcode"] == 0
    assert cloud.recorder.rules_broken() == ["webhook.bytes"]


async def test_a_penalty_lasts_as_long_as_it_was_set() -> None:
    async with a_cloud(webhook_per_minute=1, webhook_penalty_seconds=600) as cloud, Probe(cloud) as probe:
        url, body = await probe.webhook(), {"msgtype": "text", "text": {"content": "好"}}
        codes = []
        for seconds in (0, 0, 61, 540):
            cloud.world.clock.advance(timedelta(seconds=seconds))
            codes.append((await probe.post(url, body))[1]["errcode"])
        assert codes == [0, 130101, 130101, 0]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (
            {
                "msgtype": "actionCard",
                "actionCard": {"title": "t", "text": "x", "singleTitle": "看", "singleURL": "u"},
            },
            "card",
        ),
        (
            {
                "msgtype": "actionCard",
                "actionCard": {"title": "t", "text": "x", "btns": [{"title": "a", "actionURL": "u"}]},
            },
            "card",
        ),
        ({"msgtype": "link", "link": {"title": "t", "text": "x", "messageUrl": "u"}}, "markdown"),
        ({"msgtype": "feedCard", "feedCard": {"links": [{"title": "t", "messageURL": "u"}]}}, "markdown"),
        ({"msgtype": "empty"}, None),
    ],
)
async def test_every_type_of_reply_is_shown(
    cloud: DingTalkCloud, probe: Probe, body: dict[str, Any], kind: str | None
) -> None:
    assert (await probe.post(await probe.webhook(), body))[1]["errcode"] == 0
    assert [post.kind for post in cloud.world.posts(author="bot")] == ([kind] if kind else [])
    assert cloud.recorder.rules_broken() == []


@pytest.mark.parametrize(
    ("body", "code", "rule"),
    [
        ({"msgtype": "voice", "voice": {}}, 400105, "field.unknown"),
        ({"msgtype": "text", "text": {"content": 5}}, 400105, "webhook.content"),
        ([1], 40035, "body_json"),
    ],
)
async def test_a_wrong_reply_is_refused(
    cloud: DingTalkCloud, probe: Probe, body: Any, code: int, rule: str
) -> None:
    assert (await probe.post(await probe.webhook(), body))[1]["errcode"] == code
    assert rule in cloud.recorder.rules_broken()


async def test_a_reply_of_another_content_type_is_refused(probe: Probe) -> None:
    url = await probe.webhook()
    assert (await probe.call("POST", url, data=b"{}", headers={"Content-Type": "text/plain"}))[1][
        "errcode"
    ] == 43004
