"""A pressed button as Incoming; and no JSON at all makes hearing raise or give what cannot be stored."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.base import Incoming
from bot.platforms.dingtalk.events import hear_event
from bot.platforms.dingtalk.frames import Frame, acknowledge, card_ack, event_ack, read_frame
from bot.platforms.dingtalk.hearing import hear_message
from bot.platforms.dingtalk.payload import clean, decode
from bot.platforms.dingtalk.pressing import hear_press
from bot.platforms.dingtalk.tracks import read_track, track_id
from notifier.card import Card
from notifier.delivery import Outgoing

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
OUT = Outgoing(id=1, key="out-1", chat_id="cidA+/==", chat_kind="group", card=Card(key="andon:7"))
PARAMS = {"id": "1", "say": "接手 A-7", "guard": "A-7:open"}


def pressed(track: str, **changes: Any) -> Incoming | None:
    """Press a button of a card."""
    private = {"cardPrivateData": {"actionIds": ["1"], "params": PARAMS}}
    data = {
        "type": "actionCallback",
        "outTrackId": track,
        "corpId": "ding9733d0",
        "userId": "0147",
        "userIdType": 1,
        "spaceType": "im",
        "spaceId": "cidA+/==",
        "extension": "{}",
        "content": json.dumps(private),
    }
    push = str(changes.pop("push", "p1"))
    return hear_press(data | changes, push_id=push, robot_code="r", node="n1", deadline=NOON)


@pytest.mark.parametrize("name", ["content", "value"])
@pytest.mark.parametrize("as_text", [True, False])
def test_a_pressed_button_says_its_sentence(name: str, *, as_text: bool) -> None:
    private: Any = {"cardPrivateData": {"params": PARAMS}}
    fields = {"content": None, name: json.dumps(private) if as_text else private}
    press = pressed(track_id(OUT), **fields)
    assert press is not None
    assert (press.kind, press.text, press.guard, press.card_key) == (
        "button",
        "接手 A-7",
        "A-7:open",
        "andon:7",
    )
    assert (press.chat_kind, press.chat_id, press.tenant) == ("group", "cidA+/==", "ding9733d0:r")
    assert press.slot is not None
    assert (press.slot.kind, press.slot.node, press.slot.deadline) == ("card_ack", "n1", NOON)
    assert press.slot.data == {"push": "p1", "track": track_id(OUT)}


def test_a_press_in_a_direct_chat_belongs_to_the_person() -> None:
    direct = Outgoing(id=1, key="out-1", chat_id="0147", chat_kind="direct", card=Card())
    press = pressed(track_id(direct), spaceId="cidDirect")
    assert press is not None
    assert (press.chat_kind, press.chat_id, press.card_key) == ("direct", "0147", "")


def test_the_same_push_is_one_press_and_another_push_or_person_another() -> None:
    track = track_id(OUT)
    ids = {press.message_id for push in "aab" if (press := pressed(track, push=push))}
    others = {press.message_id for user in ("1", "2") if (press := pressed(track, push="a", userId=user))}
    assert (len(ids), len(ids | others)) == (2, 4)


def test_a_button_of_no_card_of_ours_says_nothing() -> None:
    assert pressed("foreign", content="{}") is None
    assert pressed("", content="") is None
    long_space = pressed("foreign", spaceId="dtv1.card//IM_GROUP.cid9")
    assert long_space is not None
    assert long_space.chat_id == "cid9"


@given(key=st.text(min_size=1, max_size=40), chat=st.text(max_size=40))
def test_a_cards_name_tells_its_key_and_is_within_its_limit(key: str, chat: str) -> None:
    out = Outgoing(id=1, key="o", chat_id=chat, chat_kind="group", card=Card(key=key))
    name = track_id(out)
    track = read_track(name)
    assert len(name) <= 100
    assert track is not None
    readable = key.replace("\x00", "").encode("utf-8", "replace").decode()
    assert track.card_key in {readable, ""}
    assert track.card_key == readable or len(name) < 60


# anything at all

KNOWN: dict[str, Any] = {
    "conversationId": "cid", "conversationType": "2", "msgId": "m", "senderId": "s", "senderStaffId": "0147",
    "createAt": 1708327204136, "sessionWebhook": "https://x", "sessionWebhookExpiredTime": 1708332604316,
    "chatbotCorpId": "c", "robotCode": "r", "atUsers": [], "text": {}, "msgtype": "text",
}  # fmt: skip

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
FIELDS = sorted({*KNOWN, "content", "value", "quoteMessage", "errorCode", "outTrackId", "userId", "spaceId"})
RAGGED = st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=8)
KINDS = st.sampled_from(["text", "richText", "picture", "audio", "file", "markdown", "x"])
RICH = st.builds(
    lambda kind, inner, replied: (
        KNOWN | {"msgtype": kind, "content": inner, "text": {"content": inner, "repliedMsg": replied}}
    ),
    KINDS,
    JSON | st.builds(lambda items: {"richText": items, "downloadCode": items}, JSON),
    JSON | st.builds(lambda kind, inner: {"msgType": kind, "content": inner}, KINDS, JSON),
)


@given(data=JSON | RAGGED | RICH)
def test_hearing_never_raises_and_what_it_hears_can_be_stored(data: Any) -> None:
    data = decode(json.dumps(data))
    heard = [
        hear_message(data, push_id="p", robot_code="r"),
        hear_press(data, push_id="p", robot_code="r", node="n", deadline=NOON),
        hear_event(data if isinstance(data, dict) else {}, data, robot_code="r"),
    ]
    for incoming in filter(None, heard):
        assert incoming.message_id
        assert len(incoming.message_id) <= 128
        stored = json.dumps(
            [incoming.raw, incoming.text, [one.ref for one in incoming.media]], allow_nan=False
        )
        assert "\\u0000" not in stored
        incoming.text.encode()


@given(
    raw=st.text(max_size=60) | JSON.map(json.dumps) | RAGGED.map(lambda d: json.dumps({"type": "EVENT"} | d))
)
def test_reading_frames_never_raises(raw: str) -> None:
    frame = read_frame(raw)
    if frame is not None:
        assert isinstance(json.loads(acknowledge(frame, text=frame.text))["data"], str)


def test_depth_nul_and_halves_of_characters_do_not_pass() -> None:
    assert decode("[" * 100_000) is None
    assert decode("[" * 45 + "]" * 45) is None
    assert decode('{"a": "x\\u0000\\ud800y", "b": NaN, "c": 1e999}') == {"a": "x?y", "b": None, "c": None}
    with pytest.raises(ValueError, match="deep"):
        clean([[[]]], depth=2)


def test_acknowledgements_have_the_protocols_shape() -> None:
    frame = Frame(type="CALLBACK", topic="t", message_id="m1", headers={}, data=None, text="{}")
    ack = json.loads(card_ack(frame, {"cardData": {}}))
    assert ack["code"] == 200
    assert ack["headers"] == {"messageId": "m1", "contentType": "application/json"}
    assert json.loads(ack["data"]) == {"response": {"cardData": {}}}
    assert json.loads(json.loads(event_ack(frame, taken=False))["data"])["status"] == "LATER"
