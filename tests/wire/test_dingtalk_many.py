"""Our DingTalk tells one person, takes back what it said, and speaks by the groups' own robots."""

import json
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.platforms.grouphook import GroupHook
from bot.sandbox.faults import Faults
from notifier.card import Button, Card
from notifier.delivery import HOOK, Delivered, Outgoing, Refused, Retry, Unknown
from tests.wire.dingtalk_house import House, a_house

NEWS = Card(title="日报", lines=("一切正常",))
SECRET = "SECabc"


def to(chat: str, card: Card = NEWS, **changes: Any) -> Outgoing:
    fields: dict[str, Any] = {"id": 1, "key": "k1", "chat_id": chat, "chat_kind": "direct", "card": card}
    return Outgoing(**(fields | changes))


# one person


async def test_a_person_who_is_gone_or_told_too_much_has_an_outcome_of_their_own() -> None:
    async with a_house() as house:
        house.cloud.robot.flow_controlled.add("0147")
        assert isinstance(await house.platform.send(to("gone")), Refused)
        slowed = await house.platform.send(to("0147"))
        assert isinstance(slowed, Retry)
        assert "限流" in slowed.reason
        assert house.world.posts(author="bot") == []
        assert house.cloud.recorder.rules_broken() == []


# taking back


async def told(house: House) -> str:
    house.world.say("li", "line3", text="x", mention_bot=True)
    return (await house.ears.next()).chat_id


async def test_what_was_said_in_a_group_or_to_a_person_is_taken_back() -> None:
    async with a_house() as house:
        group = await told(house)
        sent = [
            await house.platform.send(to(group, chat_kind="group")),
            await house.platform.send(to("0147")),
        ]
        assert all(isinstance(one, Delivered) for one in sent)
        names = [one.provider_id for one in sent if isinstance(one, Delivered)]
        gone = await house.platform.recall(chat_id=group, chat_kind="group", provider_id=names[0])
        assert gone == Delivered()
        gone = await house.platform.recall(chat_id="0147", chat_kind="direct", provider_id=names[1])
        assert gone == Delivered()
        assert {post.body["text"] for post in house.world.posts(author="bot")} == {"（消息已撤回）"}


async def test_a_card_that_is_taken_back_says_so_and_has_no_buttons() -> None:
    async with a_house() as house:
        group = await told(house)
        card = Card(title="停机", buttons=(Button(text="接", say="接"),), key="andon-1")
        sent = await house.platform.send(to(group, card, chat_kind="group"))
        assert isinstance(sent, Delivered)
        gone = await house.platform.recall(chat_id=group, chat_kind="group", provider_id=sent.provider_id)
        assert gone == Delivered()
        shown = house.shown()[0].body
        assert (shown["title"], shown["text"], shown["buttons"]) == ("（已撤回）", "", [])


async def test_what_is_too_old_or_unknown_cannot_be_taken_back() -> None:
    faults = Faults()
    faults.add("status", "dingtalk.oto.recall", times=1, status=400, code="robot.processQueryKey.expired")
    faults.add("lost", "dingtalk.oto.recall", times=1, skip=1)
    async with a_house(faults=faults) as house:
        old = await house.platform.recall(chat_id="0147", chat_kind="direct", provider_id="k")
        assert isinstance(old, Refused)
        assert "撤不回" in old.reason
        assert isinstance(
            await house.platform.recall(chat_id="g", chat_kind="group", provider_id="k"), Refused
        )
        unsure = await house.platform.recall(chat_id="0147", chat_kind="direct", provider_id="k")
        assert isinstance(unsure, Unknown)


# groups' own robots


def a_hook(address: str, secret: str | None = SECRET) -> GroupHook:
    sealed = SecretStr(secret) if secret else None
    return GroupHook(code="line3", chat_id="cidX", address=SecretStr(address), secret=sealed)


def hooked(house: House, *, secret: str | None = SECRET, address: str = "", **settings: Any) -> None:
    """Put a custom robot into the group, and its address into our hands."""
    url = house.cloud.hooks.add("line3", **({"secret": secret or ""} | settings))
    house.platform._hooks._hooks["line3"] = a_hook(address or url, secret)


async def test_a_group_is_told_by_its_own_robot_with_a_real_mention_and_only_once() -> None:
    async with a_house() as house:
        hooked(house)
        out = to(f"{HOOK}line3", Card(title="停机", lines=("3 号线",)), chat_kind="group", mentions=("0147",))
        assert await house.platform.send(out) == Delivered()
        assert await house.platform.send(out) == Delivered()
        (post,) = house.shown()
        assert post.mentions == ("li",)
        assert "@李雷" in post.body["text"]
        body = house.cloud.recorder.payloads("dingtalk.hook")[0]
        assert body["at"] == {"atUserIds": ["0147"], "isAtAll": False}
        assert house.cloud.recorder.rules_broken() == []


async def test_a_robot_without_a_secret_is_not_signed() -> None:
    async with a_house() as house:
        hooked(house, secret=None)
        assert await house.platform.send(to(f"{HOOK}line3", chat_kind="group")) == Delivered()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"secret": "SECother"}, "加签密钥不对"),
        ({"secret": "", "keywords": ("报警",)}, "关键词"),
        ({"secret": "", "addresses": ("192.0.2.1",)}, "名单"),
        ({"secret": "", "disabled": True}, "机器人已停用"),
    ],
)
async def test_a_robot_that_is_set_up_wrongly_is_named_in_health(settings: dict[str, Any], said: str) -> None:
    async with a_house() as house:
        url = house.cloud.hooks.add("line3", **settings)
        house.platform._hooks._hooks["line3"] = a_hook(url)
        outcome = await house.platform.send(to(f"{HOOK}line3", chat_kind="group"))
        assert isinstance(outcome, Refused)
        assert said in outcome.reason
        assert said in house.platform.health().detail
        assert "access_token" not in house.platform.health().detail


async def test_where_no_card_can_ring_the_groups_own_robot_does() -> None:
    async with a_house(config={"cards": False}) as house:
        group = await told(house)
        house.cloud.hooks.add("line3", token="t", secret=SECRET)
        hook = replace(a_hook(f"{house.cloud.url}/robot/send?access_token=t"), chat_id=group)
        house.platform._hooks._hooks["line3"] = hook
        alert = to(group, Card(title="停机"), chat_kind="group", mentions=("0147",))
        assert isinstance(await house.platform.send(alert), Delivered)
        assert house.shown()[-1].mentions == ("li",)
        assert isinstance(await house.platform.send(to(group, chat_kind="group", key="k2")), Delivered)
        assert len(house.cloud.recorder.payloads("dingtalk.hook")) == 1  # nobody is to be rung
        house.cloud.hooks.robots["t"].disabled = True
        again = to(group, Card(title="停机"), chat_kind="group", mentions=("0147",), key="k3")
        assert isinstance(await house.platform.send(again), Delivered)
        assert len(house.cloud.recorder.payloads("dingtalk.group")) == 2


@pytest.mark.parametrize("code", [130101, 410100])
async def test_a_robot_that_is_shut_out_waits_ten_minutes(code: int) -> None:
    faults = Faults()
    faults.add("errcode", "dingtalk.hook", code=code, text="send too fast")
    async with a_house(faults=faults) as house:
        hooked(house)
        outcome = await house.platform.send(to(f"{HOOK}line3", chat_kind="group"))
        assert isinstance(outcome, Retry)
        assert (outcome.after, outcome.block) == (600.0, True)


async def test_the_months_quota_of_webhooks_waits_an_hour() -> None:
    async with a_house(hooks_per_month=0) as house:
        hooked(house)
        outcome = await house.platform.send(to(f"{HOOK}line3", chat_kind="group"))
        assert isinstance(outcome, Retry)
        assert (outcome.after, "用完" in outcome.reason) == (3600.0, True)


async def test_a_lost_answer_is_asked_for_again_and_shown_once() -> None:
    faults = Faults()
    faults.add("lost", "dingtalk.hook", times=1)
    async with a_house(faults=faults) as house:
        hooked(house)
        out = to(f"{HOOK}line3", chat_kind="group")
        lost = await house.platform.send(out)
        assert isinstance(lost, Unknown)
        assert lost.keyed  # its key makes a repeat harmless
        assert await house.platform.send(out) == Delivered()
        assert len(house.shown()) == 1


@pytest.mark.parametrize("address", ["https://evil.example/robot/send?access_token=t", "http://", "no url"])
async def test_an_address_that_is_not_dingtalks_is_never_called(address: str) -> None:
    async with a_house() as house:
        hooked(house, address=address)
        assert isinstance(await house.platform.send(to(f"{HOOK}line3", chat_kind="group")), Refused)
        unknown = await house.platform.send(to(f"{HOOK}other", chat_kind="group"))
        assert isinstance(unknown, Refused)


async def test_neither_address_nor_secret_of_a_robot_is_ever_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    faults = Faults()
    faults.add("lost", "dingtalk.hook", times=1)
    faults.add("errcode", "dingtalk.hook", times=1, skip=1, code=310000, text="sign not match")
    async with a_house(faults=faults) as house:
        hooked(house, token="t0ken-of-the-group")
        with capture_logs() as logs:
            outcomes = [await house.platform.send(to(f"{HOOK}line3", chat_kind="group")) for _ in range(3)]
        ours = [one.getMessage() for one in caplog.records if one.name != "aiohttp.access"]  # the cloud's own
        shown = f"{outcomes} {logs} {ours} {house.platform.health()} {house.platform._hooks._hooks}"
        assert "t0ken-of-the-group" not in shown
        assert SECRET not in shown
        assert "sign=" not in shown


async def test_a_long_card_goes_in_parts_each_with_its_own_key() -> None:
    async with a_house() as house:
        hooked(house)
        long = Card(title="日报", lines=tuple(f"第 {n} 行 " + "长" * 200 for n in range(60)))
        assert await house.platform.send(to(f"{HOOK}line3", long, chat_kind="group")) == Delivered()
        sent = house.cloud.recorder.payloads("dingtalk.hook")
        assert len(sent) > 1
        assert len({body["msgUuid"] for body in sent}) == len(sent)
        assert all(len(json.dumps(body, ensure_ascii=False).encode()) <= 20_000 for body in sent)
        assert house.cloud.recorder.rules_broken() == []
