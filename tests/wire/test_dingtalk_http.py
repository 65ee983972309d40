"""DingTalk's HTTP door: heard as by the stream, answered in the response, and closed to everybody else."""

import asyncio
import json
from dataclasses import replace
from random import Random
from typing import Any

from bot.platforms.base import Incoming, State
from bot.platforms.dingtalk.callbacks import MAX_BODY
from bot.sandbox.faults import Faults
from notifier.card import Button, Card
from notifier.delivery import Delivered
from tests.wire.dingtalk_house import FAST, UNANSWERED, an_answer
from tests.wire.dingtalk_http import Site, a_site
from tests.wire.dingtalk_probe import eventually

PRESSABLE = Card(title="停机", buttons=(Button(text="接", say="接 A-1", guard="A-1@1"),), key="andon-1")


def say(site: Site, text: str = "状态") -> None:
    site.house.world.say("li", "line3", text=text, mention_bot=True)


def a_message(**changes: Any) -> dict[str, Any]:
    return {
        "msgtype": "text", "text": {"content": " 报工"}, "msgId": "m1", "conversationId": "cidX",
        "conversationType": "2", "senderStaffId": "0147", "chatbotCorpId": "ding1",
    } | changes  # fmt: skip


async def answered(site: Site, heard: Incoming, card: Card) -> None:
    assert isinstance(await site.house.platform.send(an_answer(heard, card)), Delivered)


async def test_a_message_by_http_is_heard_as_by_the_stream_and_answered_in_the_response() -> None:
    async with a_site() as site:
        say(site, "报工 WO-1001 5")
        heard = await site.house.ears.next()
        assert (heard.text, heard.sender_id, heard.chat_kind) == ("报工 WO-1001 5", "0147", "group")
        await answered(site, heard, Card(title="好"))
        await eventually(site.house.shown)
        assert "好" in site.house.shown()[0].body["text"]
        assert site.house.cloud.recorder.payloads("dingtalk.webhook") == []
        assert site.house.cloud.recorder.rules_broken() == []


async def test_an_answer_that_takes_longer_goes_by_the_session() -> None:
    async with a_site(timings=replace(FAST, http_ack=0.2)) as site:
        say(site)
        heard = await site.house.ears.next()
        await eventually(lambda: site.house.cloud.recorder.payloads("dingtalk.http.robot", "in"))
        await answered(site, heard, Card(title="慢"))
        assert len(site.house.shown()) == 1
        assert len(site.house.cloud.recorder.payloads("dingtalk.webhook")) == 1


async def test_a_card_goes_by_the_card_api_and_its_presses_come_by_http() -> None:
    async with a_site() as site:
        say(site)
        await answered(site, await site.house.ears.next(), PRESSABLE)
        (made,) = site.house.cloud.recorder.payloads("dingtalk.card.create")
        assert (made["callbackType"], made["callbackRouteKey"]) == ("HTTP", *site.house.cloud.postman.routes)
        site.house.world.click("li", site.house.shown()[0].id, "1")
        pressed = await site.house.ears.next(2)
        assert (pressed.kind, pressed.text, pressed.guard) == ("button", "接 A-1", "A-1@1")
        await answered(site, pressed, replace(PRESSABLE, title="已接手", buttons=()))
        await eventually(lambda: site.house.shown()[0].version == 2)
        assert site.house.shown()[0].body["title"] == "已接手"
        assert site.house.cloud.recorder.payloads("dingtalk.card.update") == []
        assert site.house.cloud.recorder.rules_broken() == []


async def test_with_the_stream_open_presses_come_by_it() -> None:
    async with a_site(stream=True) as site:
        say(site)
        await answered(site, await site.house.ears.next(), PRESSABLE)
        (made,) = site.house.cloud.recorder.payloads("dingtalk.card.create")
        assert made["callbackType"] == "STREAM"
        assert site.house.cloud.postman.routes == {}


async def test_a_route_that_cannot_be_registered_leaves_the_stream() -> None:
    faults = Faults()
    faults.add("status", "dingtalk.card.register", status=500, code="system.busy")
    async with a_site(faults=faults) as site:
        say(site)
        await answered(site, await site.house.ears.next(), PRESSABLE)
        (made,) = site.house.cloud.recorder.payloads("dingtalk.card.create")
        assert made["callbackType"] == "STREAM"


async def test_a_message_that_comes_by_both_doors_is_one() -> None:
    async with a_site(both=True) as site:
        say(site)
        await eventually(lambda: site.house.ears.repeated)
        assert len(site.house.ears.heard) == 1


async def test_a_tenant_whose_messages_come_by_http_is_ready_without_the_stream() -> None:
    async with a_site() as site:
        await site.house.until(State.REFUSED)
        say(site)
        await site.house.ears.next()
        assert site.house.platform.health().state is State.READY
        assert "HTTP" in site.house.platform.health().detail


async def test_forged_stale_and_unsigned_requests_are_refused_before_their_body_is_read() -> None:
    async with a_site() as site:
        hour = str(int(site.now()) - 3_601_000)
        wrong = {
            "nothing": {},
            "no sign": {"timestamp": site.now()},
            "forged": {"timestamp": site.now(), "sign": "bm90IHJpZ2h0"},
            "of another time": site.signed() | {"timestamp": str(int(site.now()) - 5)},
            "stale": site.signed(hour),
            "from the future": site.signed(str(int(site.now()) + 3_700_000)),
            "no number": site.signed("١٢٣٤٥٦٧٨٩٠١٢٣"),
            "long": site.signed() | {"sign": "A" * 5000},
            "odd": {"timestamp": site.now(), "sign": "\xff\xfe"},
        }
        for name, headers in wrong.items():
            sent = {
                header: value.encode("latin-1", "replace").decode("latin-1")
                for header, value in headers.items()
            }
            assert (await site.robot(a_message(), sent))[0] == 403, name
            assert (await site.cards({}, sent))[0] == 403, name
        assert site.house.ears.heard == []
        assert site.house.platform.counters["callback_forged_or_stale"] == 2 * len(wrong)


async def test_a_robots_signature_does_not_open_the_cards_door_nor_the_other_way_round() -> None:
    async with a_site() as site:
        at = site.now()
        robot, card = site.signed(at), site.card_signed(at)
        crossed = {"timestamp": at, "sign": card["x-ddpaas-signature"]}
        assert (await site.robot(a_message(), crossed))[0] == 403
        crossed = {"x-ddpaas-signature-timestamp": at, "x-ddpaas-signature": robot["sign"]}
        assert (await site.cards({}, crossed))[0] == 403


async def test_oversized_bodies_are_refused() -> None:
    async with a_site() as site:
        for body in (b"x" * (MAX_BODY + 1), b"x" * 1_048_570):
            assert (await site.robot(body, site.signed()))[0] == 413
            assert (await site.cards(body, site.card_signed()))[0] == 413
        assert site.house.ears.heard == []


async def test_a_caught_signature_opens_nothing_for_another_message() -> None:
    async with a_site(timings=UNANSWERED) as site:
        stamp = site.signed()
        assert (await site.robot(a_message(), stamp))[0] == 200
        assert (await site.robot(a_message(), stamp))[0] == 200  # told again: nothing more is done
        assert (await site.robot(a_message(msgId="m2"), stamp))[0] == 200  # of the same millisecond
        assert [one.message_id for one in site.house.ears.heard] == ["m1", "m2"]
        gate = site.house.platform._callbacks._gate  # ten seconds pass
        gate._seen[stamp["sign"]].since -= 11
        assert (await site.robot(a_message(msgId="m3"), stamp))[0] == 403
        assert (await site.robot(a_message(), stamp))[0] == 200
        assert len(site.house.ears.heard) == 2


def mangled(lots: Random) -> bytes:
    """Return a message with fields of wrong types, missing or strange, cut off or with flipped bytes."""
    odd: list[Any] = [
        None,
        [],
        {},
        0,
        -1,
        1e308,
        True,
        "",
        "\x00",
        "\ud800",
        "长" * 500,
        {"a": [{}]},
        [[["x"]]],
    ]
    data = a_message(
        createAt=1, atUsers=[{}], sessionWebhook="https://x", content={"richText": [{"text": "x"}]}
    )
    for name in lots.sample(sorted(data), 3):
        data[name] = lots.choice(odd)
    body = bytearray(json.dumps(data).encode())
    if lots.random() < 0.3:
        body[lots.randrange(len(body))] ^= 1 << lots.randrange(8)
    return bytes(body[: lots.randrange(len(body))] if lots.random() < 0.2 else body)


async def test_mangled_bodies_are_never_an_error_and_unheard_without_a_signature() -> None:
    lots = Random(7)  # noqa: S311 (the same lots each time)
    async with a_site(timings=UNANSWERED) as site:
        for _ in range(150):
            body = mangled(lots)
            for post, headers in ((site.robot, site.signed()), (site.cards, site.card_signed())):
                forged = {name: value.swapcase() for name, value in headers.items()}
                before = len(site.house.ears.heard)
                assert (await post(body, forged))[0] == 403
                assert len(site.house.ears.heard) == before
                assert (await post(body, headers))[0] in {200, 400}, body
        assert site.house.ears.heard


async def test_what_is_no_message_is_answered_400_and_harms_nothing() -> None:
    async with a_site() as site:
        odd = [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"a":' * 5000, b"9" * 6000, b'{"msgtype": []}']
        for body in odd:
            assert (await site.robot(body, site.signed()))[0] == 400, body[:20]
            assert (await site.cards(body, site.card_signed()))[0] == 400, body[:20]
        say(site)
        await site.house.ears.next()


async def test_a_message_that_cannot_be_journalled_is_not_acknowledged_but_still_tried() -> None:
    async with a_site(timings=replace(FAST, http_ack=0.05, journal=(0.2, 0.2))) as site:
        site.house.ears.broken = 1
        status, _ = await site.robot(a_message(), stamp := site.signed())
        assert status == 503
        assert (await site.house.ears.next()).message_id == "m1"
        assert (await site.robot(a_message(), stamp))[0] == 200
        assert len(site.house.ears.heard) == 1


async def test_what_hangs_up_before_the_answer_gets_it_by_the_session() -> None:
    async with a_site() as site:
        site.house.cloud.postman.robot_url = ""
        data = a_message(sessionWebhook=site.house.cloud.url + "/robot/sendBySession?session=x")
        data |= {"createAt": int(site.now())}
        asking = asyncio.create_task(site.robot(data, site.signed()))
        heard = await site.house.ears.next()
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await asyncio.sleep(0.05)  # real: the server notices
        await site.house.platform.send(an_answer(heard, Card(title="好")))
        assert len(site.house.cloud.recorder.payloads("dingtalk.webhook")) == 1


async def test_a_message_without_a_session_is_answered_in_the_response_all_the_same() -> None:
    async with a_site() as site:
        asking = asyncio.create_task(site.robot(a_message(), site.signed()))
        heard = await site.house.ears.next()
        await answered(site, heard, Card(title="好"))
        status, text = await asking
        assert (status, json.loads(text)["msgtype"]) == (200, "markdown")


async def test_redelivered_lost_late_and_doubled_messages_by_http_are_each_one() -> None:
    faults = Faults()
    faults.add("duplicate", "dingtalk.push.robot", times=1)
    faults.add("reorder", "dingtalk.push.robot", times=1)
    faults.add("late", "dingtalk.push.robot", times=1, seconds=0.1)
    async with a_site(faults=faults) as site:
        for number in range(4):
            say(site, f"第{number}")
        await eventually(lambda: len(site.house.ears.heard) == 4)
        assert sorted(one.text for one in site.house.ears.heard) == ["第0", "第1", "第2", "第3"]
        assert len(site.house.ears.repeated) == 1
