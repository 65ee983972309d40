"""The pretend DingTalk's custom robots: signed, named twice once, 20 a minute, then shut out for ten."""

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus

import pytest

from bot.sandbox.dingtalk import DingTalkCloud
from tests.wire.dingtalk_probe import Probe, a_cloud

SECRET = "SECabc"
TEXT = {"msgtype": "text", "text": {"content": "停机"}}


def signed(cloud: DingTalkCloud, secret: str = SECRET, *, ago: float = 0) -> str:
    at = str(round((cloud.world.clock.now().timestamp() - ago) * 1000))
    digest = hmac.new(secret.encode(), f"{at}\n{secret}".encode(), hashlib.sha256).digest()
    return f"&timestamp={at}&sign={quote_plus(base64.b64encode(digest).decode())}"


async def test_a_signed_robot_speaks_and_mentions_for_real() -> None:
    async with a_cloud() as cloud, Probe(cloud) as probe:
        url = cloud.hooks.add("line3", secret=SECRET)
        body = {"msgtype": "markdown", "markdown": {"title": "停机", "text": "停机 @0147"}}
        body |= {"at": {"atUserIds": ["0147"], "isAtAll": False}, "msgUuid": "u1"}
        assert await probe.post(url + signed(cloud), body) == (200, {"errcode": 0, "errmsg": "ok"})
        (post,) = cloud.world.posts("line3")
        assert (post.body["text"], post.mentions) == ("停机 @李雷", ("li",))
        assert await probe.post(url + signed(cloud), body) == (200, {"errcode": 0, "errmsg": "ok"})
        assert len(cloud.world.posts("line3")) == 1
        assert cloud.recorder.rules_broken() == []


@pytest.mark.parametrize(
    ("settings", "query", "said"),
    [
        ({"secret": SECRET}, "", "invalid timestamp"),
        ({"secret": SECRET}, "stale", "invalid timestamp"),
        ({"secret": SECRET}, "wrong", "sign not match"),
        ({"keywords": ("报警",)}, "", "keywords not in content"),
        ({"addresses": ("192.0.2.1",)}, "", "ip 127.0.0.1 not in whitelist"),
    ],
)
async def test_what_protects_a_robot_is_said_as_310000(
    settings: dict[str, Any], query: str, said: str
) -> None:
    async with a_cloud() as cloud, Probe(cloud) as probe:
        url = cloud.hooks.add("line3", **settings)
        stamps = {"": "", "stale": signed(cloud, ago=3700), "wrong": signed(cloud, "other")}
        assert await probe.post(url + stamps[query], TEXT) == (200, {"errcode": 310000, "errmsg": said})
        assert cloud.world.posts("line3") == []


async def test_unknown_disabled_wordless_and_too_long() -> None:
    async with a_cloud() as cloud, Probe(cloud) as probe:
        url = cloud.hooks.add("line3", token="t1")
        unknown = await probe.post(url.replace("t1", "t2"), TEXT)
        long = await probe.post(url, {"msgtype": "text", "text": {"content": "长" * 7000}})
        odd = await probe.post(url, {"msgtype": "poem", "poem": {}})
        cloud.hooks.robots["t1"].disabled = True
        disabled = await probe.post(url, TEXT)
        codes = [answer["errcode"] for _, answer in (unknown, long, odd, disabled)]
        assert codes == [400101, 460101, 400105, 400102]


async def test_the_21st_in_a_minute_shuts_the_robot_out_for_ten() -> None:
    async with a_cloud(qps=None) as cloud, Probe(cloud) as probe:
        url = cloud.hooks.add("line3")
        codes = [(await probe.post(url, TEXT))[1]["errcode"] for _ in range(21)]
        assert codes == [0] * 20 + [410100]
        cloud.world.clock.advance(timedelta(minutes=9))
        assert (await probe.post(url, TEXT))[1]["errcode"] == 410100
        cloud.world.clock.advance(timedelta(minutes=2))
        assert (await probe.post(url, TEXT))[1]["errcode"] == 0


async def test_the_months_webhook_messages_end() -> None:
    async with a_cloud(hooks_per_month=1) as cloud, Probe(cloud) as probe:
        url = cloud.hooks.add("line3")
        assert [(await probe.post(url, TEXT))[1]["errcode"] for _ in range(2)] == [0, 90030]
