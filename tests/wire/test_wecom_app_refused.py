"""Forged, stale, repeated, oversized and senseless callbacks of the app are refused; nothing falls over."""

import secrets
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.platforms.wecom.app.callback import MOST_BYTES
from bot.platforms.wecom.app.hearing import AppEar, hear
from bot.platforms.wecom.app.reading import encrypted_in, read
from bot.sandbox.wecom.app.payloads import event, message, xml
from bot.sandbox.wecom.envelopes import Envelopes
from domain.clock import FixedClock
from tests.conftest import SHIFT_START
from tests.wire.wecom_app_house import AppHouse, app_town

TEXT = {"ToUserName": "wwSANDBOX", "FromUserName": "LiGong", "CreateTime": 1, "MsgId": 5, "AgentID": 1000002}


@pytest.fixture
async def house(clock: FixedClock, tmp_path: Path) -> AsyncIterator[AppHouse]:
    """Run the town."""
    async with app_town(clock, tmp_path) as house:
        yield house


def sealed(house: AppHouse, plain: str, *, late: timedelta = timedelta(), **changes: Any) -> dict[str, Any]:
    """Return `params` and `content` of a right callback, some of the query changed."""
    envelopes = Envelopes(token=house.app.token, aes_key=house.app.aes_key, receive_id=house.app.corp_id)
    encrypted = envelopes.encrypt(plain)
    timestamp = str(int((house.clock.now() - late).timestamp()))
    nonce = secrets.token_hex(4)
    signature = envelopes.sign(timestamp, nonce, encrypted)
    query = {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce, **changes}
    return {"params": query, "content": xml({"ToUserName": house.app.corp_id, "Encrypt": encrypted}).encode()}


def said(text: str = "报工 WO-1 5", **more: Any) -> str:
    """Return a text message in plain."""
    return xml({**TEXT, **message("text", Content=text), **more})


async def posted(house: AppHouse, request: dict[str, Any]) -> int:
    """Post a callback and return the status."""
    async with httpx.AsyncClient() as http:
        return (await http.post(house.url, **request)).status_code


async def test_a_right_one_is_taken_and_the_same_again_is_not(house: AppHouse) -> None:
    request = sealed(house, said())
    assert [await posted(house, request), await posted(house, request)] == [200, 403]
    assert [heard.text for heard in house.journal] == ["报工 WO-1 5"]


@pytest.mark.parametrize(
    "changes",
    [
        {"msg_signature": "0" * 40},
        {"msg_signature": ""},
        {"nonce": "another"},
        {"timestamp": "1409659589"},
        {"timestamp": "never"},
        {"msg_signature": "签名"},
    ],
)
async def test_forged_ones_are_refused(house: AppHouse, changes: dict[str, Any]) -> None:
    assert await posted(house, sealed(house, said(), **changes)) == 403
    assert house.journal == []


@pytest.mark.parametrize("late", [timedelta(minutes=6), timedelta(minutes=-6)])
async def test_stale_ones_are_refused(house: AppHouse, late: timedelta) -> None:
    assert await posted(house, sealed(house, said(), late=late)) == 403


async def test_oversized_ones_are_refused_unread(house: AppHouse) -> None:
    request = sealed(house, said())
    assert await posted(house, {**request, "content": b" " * (MOST_BYTES + 1)}) == 413
    assert await posted(house, {**request, "content": b" " * (2 * 1024 * 1024)}) == 413


async def test_one_for_another_corp_is_refused(house: AppHouse) -> None:
    house.app.corp_id = "wwANOTHER"
    assert await posted(house, sealed(house, said())) == 403


@pytest.mark.parametrize(
    "plain",
    [
        "",
        "<xml></xml>",
        "no xml at all",
        "<xml><MsgType>event</MsgType></xml>",
        "<xml><MsgType><a/></MsgType></xml>",
        '<!DOCTYPE x [<!ENTITY a "b">]><xml><MsgType>text</MsgType><Content>&a;</Content></xml>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1/x"><xml><MsgType>text</MsgType></xml>',
        "<xml>" + "<a>" * 5000 + "</a>" * 5000 + "</xml>",
        "<xml><MsgType>text</MsgType><MsgType>text</MsgType></xml>",
    ],
)
async def test_senseless_ones_are_acknowledged_and_left(house: AppHouse, plain: str) -> None:
    assert await posted(house, sealed(house, plain)) == 200
    assert house.journal == []


async def test_without_token_and_key_there_is_no_url(house: AppHouse) -> None:
    deaf = house.another(token=type(house.config.token)(""))
    assert deaf.routes() == ()
    assert "只能发、不能收" in deaf.health().detail
    crippled = house.another(aes_key=type(house.config.aes_key)("short"))
    assert crippled.routes() == ()
    assert "EncodingAESKey" in crippled.health().detail


EAR = AppEar(tenant="ww", node="n1", now=SHIFT_START, passive=timedelta(seconds=4), card=timedelta(hours=72))
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
NAMES = st.sampled_from(
    ["MsgType", "Event", "EventKey", "FromUserName", "CreateTime", "MsgId", "MediaId", "Content", "TaskId",
     "ScanCodeInfo", "ScanResult", "ResponseCode"]
)  # fmt: skip
KINDS = st.sampled_from(["text", "image", "event", "voice", "location", "link", "file", "shortvideo"])
EVENTS = st.sampled_from(
    ["click", "scancode_waitmsg", "template_card_event", "enter_agent", "change_contact", "x"]
)
VALUES = st.recursive(
    WORDS | st.integers(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner),
    max_leaves=4,
)


@given(st.dictionaries(NAMES, VALUES), KINDS, EVENTS)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_fields_become_something_or_nothing(fields: dict[str, Any], kind: str, name: str) -> None:
    whole = {"MsgType": kind, "Event": name, "FromUserName": "LiGong", **fields}
    found = read(xml(whole).encode())
    heard = hear(found, ear=EAR) if found else None
    if heard is not None:
        assert heard.message_id
        assert heard.chat_id.startswith("app:")
        assert heard == hear(found or {}, ear=EAR)


@given(st.binary(max_size=300))
def test_any_bytes_are_no_envelope_and_no_message(data: bytes) -> None:
    assert isinstance(encrypted_in(data), str)
    assert read(data) is None or isinstance(read(data), dict)


@given(WORDS, st.integers(0, 2**31))
def test_the_id_of_an_event_tells_apart_what_differs(text: str, at: int) -> None:
    fields = {
        "MsgType": "event",
        "FromUserName": "LiGong",
        "CreateTime": str(at),
        **event("click", key=f"k{text}"),
    }
    one = hear(fields, ear=EAR)
    other = hear({**fields, "EventKey": "another"}, ear=EAR)
    assert one is not None
    assert other is not None
    assert one.message_id != other.message_id or one.text == other.text
