"""Every fault at every door we speak through: what is said of it is true, and nothing is shown too often.

A message is sent as the dispatcher sends it: again after Retry and Unknown, marked 重发 without a key.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from pydantic import SecretStr

from bot.platforms.grouphook import GroupHook
from bot.sandbox.faults import FaultKind
from notifier.card import Button, Card
from notifier.delivery import Delivered, Outcome, Outgoing, Refused, ReplySlot, Retry, Unknown
from tests.wire.dingtalk_house import House, a_house, numbers

PUNISHED = '{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"u"}'
MONTH = "Forbidden.AccessDenied.ApiCountLimitForOrg"


@dataclass(frozen=True)
class Trouble:
    """A fault, and what is told of a message without a key; with one, doubt is a reason to repeat."""

    kind: FaultKind
    told: tuple[type[Outcome], ...]
    options: dict[str, Any]


def trouble(kind: FaultKind, *told: type[Outcome], **options: Any) -> Trouble:
    return Trouble(kind, told, options)


TROUBLES = {
    "slow": trouble("slow", Delivered, seconds=0.1),
    "hang": trouble("hang", Unknown, seconds=0.2),
    "reset": trouble("reset", Unknown),
    "lost": trouble("lost", Unknown),
    "a page instead": trouble("html", Unknown, status=502),
    "a page that says nothing of us": trouble("html", Retry, status=503),
    "punished by a page": trouble("html", Retry, status=200),
    "punished in JSON": trouble("status", Retry, status=200, text=PUNISHED),
    "busy": trouble("status", Retry, status=503, code="ServiceUnavailable"),
    "internal error": trouble("status", Retry, status=500, code="system.error"),
    "unknown result": trouble("status", Unknown, status=500, code="unknown.send.result"),
    "an error nobody knows": trouble("status", Retry, status=400, code="brand.new.error"),
    "200 with errcode": trouble("errcode", Retry, code=-1),
    "200 with errcode of the month": trouble("errcode", Retry, code=90020),
    "month used up": trouble("status", Retry, status=403, code=MONTH),
    "throttled": trouble("throttle", Retry, seconds=0.0),
    "token expired": trouble("token", Delivered, Retry),
}

Scene = Callable[[House], Awaitable[Outgoing]]


async def a_group(house: House) -> str:
    house.world.say("li", "line3", text="x", mention_bot=True)
    return (await house.ears.next(len(house.ears.heard) + 1)).chat_id


def out(chat: str, card: Card, **changes: Any) -> Outgoing:
    number = next(numbers)
    fields: dict[str, Any] = {"id": number, "key": f"f{number}", "chat_id": chat, "chat_kind": "group"}
    return Outgoing(**(fields | {"card": card} | changes))


async def by_session(house: House) -> Outgoing:
    await a_group(house)
    heard = house.ears.heard[-1]
    return out(heard.chat_id, Card(title="答"), slot=heard.slot)


async def by_push(house: House) -> Outgoing:
    return out(await a_group(house), Card(title="推"))


async def to_a_person(_house: House) -> Outgoing:
    return out("0147", Card(title="单"), chat_kind="direct")


async def by_card(house: House) -> Outgoing:
    return out(await a_group(house), Card(title="卡", buttons=(Button(text="接", say="接"),)))


async def by_hook(house: House) -> Outgoing:
    if "line3" not in house.platform._hooks._hooks:
        address = SecretStr(house.cloud.hooks.add("line3"))
        house.platform._hooks._hooks["line3"] = GroupHook(code="line3", chat_id="cid", address=address)
    return out("hook:line3", Card(title="群机器人"))


SCENES: dict[str, tuple[str, Scene, bool]] = {
    "by session": ("webhook", by_session, False),
    "by push": ("group", by_push, False),
    "to a person": ("oto", to_a_person, False),
    "by card": ("card.create", by_card, True),
    "by a group's robot": ("hook", by_hook, True),
}


async def deliver(house: House, message: Outgoing, first: Outcome) -> tuple[Outcome, int]:
    """Go on as the dispatcher does; return the end and how often it may be there."""
    outcome, may_stand = first, 1
    while isinstance(outcome, Retry | Unknown):
        if isinstance(outcome, Unknown) and not outcome.keyed:
            message, may_stand = replace(message, repeat=message.repeat + 1), may_stand + 1
        outcome = await house.platform.send(message)
    return outcome, may_stand


@pytest.mark.parametrize("scene", SCENES)
async def test_every_fault_is_survived(scene: str) -> None:
    door, make, keyed = SCENES[scene]
    async with a_house(webhook_per_minute=None, hook_per_minute=None, qps=None) as house:
        for name, one in TROUBLES.items():
            message = await make(house)
            before = len(house.world.posts(author="bot"))
            fault = house.cloud.faults.add(one.kind, f"dingtalk.{door}", times=1, **one.options)
            told = await house.platform.send(message)
            house.cloud.faults.remove(fault)
            assert isinstance(told, one.told) or (keyed and isinstance(told, Retry)), (name, told)
            end, may_stand = await deliver(house, message, told)
            assert isinstance(end, Delivered), (name, end)
            assert 1 <= len(house.world.posts(author="bot")) - before <= may_stand, name
        assert house.cloud.recorder.rules_broken() == []


async def test_every_fault_at_the_token_leaves_no_doubt() -> None:
    async with a_house(webhook_per_minute=None) as house:
        for name, one in TROUBLES.items():
            house.cloud.tokens.revoke()
            house.platform._speaking._api._new.drop(house.platform._speaking._api._new._value)
            message = await to_a_person(house)
            fault = house.cloud.faults.add(one.kind, "dingtalk.token", times=1, **one.options)
            told = await house.platform.send(message)
            house.cloud.faults.remove(fault)
            assert isinstance(told, Delivered | Retry), (name, told)
            end, may_stand = await deliver(house, message, told)
            assert (isinstance(end, Delivered), may_stand) == (True, 1), name


async def test_every_fault_at_an_upload_or_download_is_said_or_survived() -> None:
    async with a_house() as house:
        group = await a_group(house)
        for name, one in TROUBLES.items():
            fault = house.cloud.faults.add(one.kind, "dingtalk.upload", times=1, **one.options)
            message = out(group, Card(title="x"))
            told = await house.platform.send_file(message, name="a.pdf", data=b"%PDF")
            house.cloud.faults.remove(fault)
            assert isinstance(told, Delivered | Retry | Unknown), (name, told)


async def test_an_outage_is_ridden_out() -> None:
    async with a_house() as house:
        message = await by_push(house)
        outage = house.cloud.faults.add("reset", "dingtalk.*")
        house.cloud.cut_sockets()
        assert not isinstance(await house.platform.send(message), Delivered | Refused)
        await house.connected(0)
        house.cloud.faults.remove(outage)
        await house.connected()
        end, _ = await deliver(house, message, Retry(reason="again"))
        assert isinstance(end, Delivered)
        before = len(house.ears.heard)
        house.world.say("li", "line3", text="还在吗", mention_bot=True)
        await house.ears.next(before + 1)


async def test_a_slot_of_the_past_is_no_slot() -> None:
    async with a_house() as house:
        message = await by_session(house)
        assert message.slot is not None
        late = ReplySlot(kind="session", deadline=house.world.clock.now(), data=message.slot.data)
        assert isinstance(await house.platform.send(replace(message, slot=late)), Delivered)
        assert house.cloud.recorder.payloads("dingtalk.webhook") == []
