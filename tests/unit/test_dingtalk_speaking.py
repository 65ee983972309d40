"""The rarer ways of DingTalk's mouth: files, the old token, people from outside, owed acknowledgements."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import respx
from pydantic import SecretStr

from bot.platforms.base import State
from bot.platforms.dingtalk import DingTalk, DingTalkConfig, speaking
from bot.platforms.dingtalk.backoff import Backoff
from bot.platforms.dingtalk.config import Timings
from bot.platforms.dingtalk.replies import OwedReplies
from bot.platforms.downloads import resolve_name
from bot.platforms.http import new_client
from domain.clock import FixedClock
from notifier.card import Button, Card
from notifier.delivery import NOT_IN_PLACE, Delivered, Outgoing, Refused, ReplySlot, Retry, Unknown

API, OAPI = "https://api.dingtalk.com", "https://oapi.dingtalk.com"
CONFIG = DingTalkConfig(client_id="id", client_secret=SecretStr("secret-5d1f"), robot_code="robot")
OUT = Outgoing(id=1, key="k1", chat_id="cidA==", chat_kind="group", card=Card(lines=("好",)))
OUTSIDER = replace(OUT, chat_kind="direct", chat_id="external:$:LWCP_v1:$C")


async def deaf(_incoming: object) -> bool:
    return True


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with new_client() as client:
        yield client


@pytest.fixture
def dingtalk(http: httpx.AsyncClient, clock: FixedClock) -> DingTalk:
    return DingTalk(CONFIG, http=http, hear=deaf, clock=clock, node="n1")


async def test_someone_from_outside_is_answered_in_the_session_or_not_at_all(
    dingtalk: DingTalk, clock: FixedClock
) -> None:
    data = {"webhook": f"{OAPI}/robot/sendBySession?session=s"}
    slot = ReplySlot(kind="session", deadline=clock.now() + timedelta(minutes=1), data=data)
    pressable = Card(title="t", buttons=(Button(text="好", say="好"),), key="a:1")
    with respx.mock as wire:
        wire.post(f"{OAPI}/robot/sendBySession").respond(json={"errcode": 0})
        assert await dingtalk.send(replace(OUTSIDER, slot=slot, card=pressable)) == Delivered()
    clock.advance(timedelta(minutes=2))
    assert isinstance(await dingtalk.send(replace(OUTSIDER, slot=slot)), Refused)
    assert isinstance(await dingtalk.send_file(OUTSIDER, name="a.pdf", data=b"x"), Refused)


@pytest.mark.parametrize(("key", "keyed"), [("andon-1", True), ("", False)])
async def test_of_a_silent_call_only_a_card_may_be_repeated_as_the_same(
    dingtalk: DingTalk, monkeypatch: pytest.MonkeyPatch, key: str, *, keyed: bool
) -> None:
    async def silence(_request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError("never")

    monkeypatch.setattr(speaking, "SEND_SECONDS", 0.2)
    with respx.mock(assert_all_called=False) as wire:
        wire.post(f"{API}/v1.0/oauth2/accessToken").respond(json={"accessToken": "t", "expireIn": 7200})
        wire.post(f"{API}/v1.0/card/instances/createAndDeliver").mock(side_effect=silence)
        wire.post(f"{API}/v1.0/robot/groupMessages/send").mock(side_effect=silence)
        outcome = await dingtalk.send(replace(OUT, card=Card(title="t", key=key)))
    assert isinstance(outcome, Unknown)
    assert outcome.keyed is keyed


async def test_a_slot_of_another_node_is_left_alone(dingtalk: DingTalk, clock: FixedClock) -> None:
    data = {"webhook": f"{OAPI}/robot/sendBySession?session=s"}
    slot = ReplySlot(kind="session", node="n2", deadline=clock.now() + timedelta(minutes=1), data=data)
    with respx.mock as wire:
        wire.post(f"{API}/v1.0/oauth2/accessToken").respond(json={"accessToken": "t", "expireIn": 7200})
        wire.post(f"{API}/v1.0/robot/groupMessages/send").respond(json={"processQueryKey": "q"})
        assert await dingtalk.send(replace(OUT, slot=slot)) == Delivered(provider_id="q")


@pytest.mark.parametrize("stands", ["", "q"])
async def test_a_change_where_no_card_stands_says_nothing_at_all(dingtalk: DingTalk, stands: str) -> None:
    change = replace(OUT, card=Card(title="t", key="a:1", ring="app"), replaces=stands, in_place=True)
    with respx.mock:  # no call is expected
        assert await dingtalk.send(change) == NOT_IN_PLACE


async def test_the_old_addresses_may_be_given_the_old_token(
    http: httpx.AsyncClient, clock: FixedClock
) -> None:
    old = replace(CONFIG, oapi_token="old")
    dingtalk = DingTalk(old, http=http, hear=deaf, clock=clock, node="n1")
    with respx.mock as wire:
        wire.get(f"{OAPI}/gettoken").respond(json={"errcode": 0, "access_token": "old-1", "expires_in": 7200})
        uploads = wire.post(f"{OAPI}/media/upload")
        uploads.side_effect = [
            httpx.Response(200, json={"errcode": 42001, "errmsg": "timeout"}),
            httpx.Response(200, json={"errcode": 0, "media_id": "@lADP1"}),
        ]
        assert await dingtalk.upload("image", name="a.png", data=b"\x89PNG") == "@lADP1"
        assert uploads.calls[0].request.url.params["access_token"] == "old-1"
        wire.get(f"{OAPI}/gettoken").respond(json={"errcode": 40089, "errmsg": "bad corpid"})
        other = DingTalk(old, http=http, hear=deaf, clock=clock, node="n1")
        outcome = await other.send_file(OUT, name="a.pdf", data=b"x")
    assert isinstance(outcome, Retry)
    assert outcome.after == 300


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"errcode": 40009, "errmsg": "too big"}, Refused),
        ({"errcode": -1, "errmsg": "busy"}, Retry),
        ({"errcode": 90018, "errmsg": "fast"}, Retry),
    ],
)
async def test_a_file_that_cannot_be_uploaded_is_not_sent(
    dingtalk: DingTalk, answer: dict[str, object], expected: type
) -> None:
    with respx.mock as wire:
        wire.post(f"{API}/v1.0/oauth2/accessToken").respond(json={"accessToken": "t", "expireIn": 7200})
        wire.post(f"{OAPI}/media/upload").respond(json=answer)
        assert isinstance(await dingtalk.send_file(OUT, name="a.pdf", data=b"x"), expected)
    assert isinstance(await dingtalk.send_file(OUT, name="a.pdf", data=bytes(21_000_000)), Refused)


async def test_a_missing_picture_does_not_stop_the_message(
    http: httpx.AsyncClient, clock: FixedClock, tmp_path: Path
) -> None:
    dingtalk = DingTalk(CONFIG, http=http, hear=deaf, clock=clock, node="n", media_path=tmp_path.joinpath)
    with respx.mock as wire:
        wire.post(f"{API}/v1.0/oauth2/accessToken").respond(json={"accessToken": "t", "expireIn": 7200})
        sent = wire.post(f"{API}/v1.0/robot/groupMessages/send").respond(json={"processQueryKey": "q"})
        assert isinstance(
            await dingtalk.send(replace(OUT, card=Card(lines=("看",), image="none"))), Delivered
        )
        assert "图片没有传上去" in sent.calls[0].request.content.decode()


async def test_stopped_before_it_ran_it_never_runs(dingtalk: DingTalk) -> None:
    assert dingtalk.health().state is State.CONNECTING
    await dingtalk.stop()
    await asyncio.wait_for(dingtalk.run(), 1)
    assert dingtalk.health().state is State.STOPPED


async def test_an_owed_acknowledgement_carries_one_answer_and_only_in_time() -> None:
    owed = OwedReplies()
    first = owed.expect("p1", track="t")
    assert not await owed.fill("other", {"a": 1})
    filling = asyncio.create_task(owed.fill("t", {"a": 1}))
    assert await first.wait(1.0) == {"a": 1}
    assert not await owed.fill("t", {"a": 2})
    owed.settle("p1", first, sent=True)
    assert await filling
    late = owed.expect("p2", track="t")
    assert await late.wait(0.0) == {}
    assert not await owed.fill("t", {"a": 3})
    lost = owed.expect("p3", track="t")
    filling = asyncio.create_task(owed.fill("t", {"a": 4}))
    await lost.wait(1.0)
    owed.settle("p3", lost, sent=False)
    assert not await filling


async def test_a_redelivered_press_does_not_take_the_place_of_the_first() -> None:
    owed = OwedReplies()
    first, again = owed.expect("p1", track="t"), owed.expect("p1", track="t")
    owed.settle("p1", again, sent=True)
    filling = asyncio.create_task(owed.fill("t", {"a": 1}))
    assert await first.wait(1.0) == {"a": 1}
    owed.settle("p1", first, sent=True)
    assert await filling


async def test_at_the_end_every_owed_acknowledgement_goes_out_empty() -> None:
    owed = OwedReplies()
    waiting = owed.expect("p1", track="t")
    owed.close()
    assert await waiting.wait(60.0) == {}
    assert await owed.expect("p2", track="t").wait(60.0) == {}


def test_waits_grow_are_spread_and_begin_anew() -> None:
    steady = Backoff(Timings(backoff_first=1.0, backoff_most=60.0), jitter=lambda: 1.0)
    assert [steady.failed() for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert [steady.refused() for _ in range(5)] == [30, 60, 120, 240, 300]
    steady.reset()
    assert steady.failed() == 1
    lucky = Backoff(Timings(), jitter=lambda: 0.0)
    assert (lucky.failed(), lucky.refused()) == (0.0, 15.0)


async def test_names_are_resolved_by_the_machine() -> None:
    assert await resolve_name("127.0.0.1", 80) == ["127.0.0.1"]
    assert await resolve_name("a" * 300, 80) == []
