"""Frames of WeCom become Incoming, whatever they are."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.base import Incoming
from bot.platforms.wecom import frames, hearing, keys, mention
from bot.platforms.wecom.hearing import Ear

NOW = datetime(2026, 3, 2, tzinfo=UTC)
EAR = Ear(tenant="aib1", bot_name="班长 2 号", node="n1", connection="c1", now=NOW)


def message(**body: Any) -> dict[str, Any]:
    return {
        "cmd": "aibot_msg_callback",
        "headers": {"req_id": "r1"},
        "body": {"msgid": "m1", "aibotid": "aib1", "from": {"userid": "ZhangSan"}, "chattype": "single"}
        | body,
    }


def in_group(**body: Any) -> dict[str, Any]:
    return message(chattype="group", chatid="wrGROUP", **body)


def event(kind: str, **body: Any) -> dict[str, Any]:
    frame = message(
        msgtype="event", create_time=1_772_409_600, event={"eventtype": kind, **body.pop("event", {})}
    )
    frame["body"] |= body
    return frame | {"cmd": "aibot_event_callback"}


def heard(raw: Any, *, ear: Ear = EAR) -> Incoming | None:
    frame = frames.read(json.dumps(raw))
    return hearing.hear(frame, ear=ear) if frame else None


def said(raw: Any, *, ear: Ear = EAR) -> Incoming:
    incoming = heard(raw, ear=ear)
    assert incoming is not None
    return incoming


def image(url: str = "https://media/1", key: str = "K") -> dict[str, Any]:
    return {"msgtype": "image", "image": {"url": url, "aeskey": key}}


def test_a_text_in_a_group() -> None:
    incoming = said(in_group(msgtype="text", text={"content": "@班长 2 号 报工 WO-1 5"}))
    assert incoming.text == "报工 WO-1 5"
    assert (incoming.platform, incoming.tenant, incoming.message_id) == ("wecom", "aib1", "m1")
    assert (incoming.chat_kind, incoming.chat_id, incoming.sender_id) == ("group", "wrGROUP", "zhangsan")
    assert incoming.raw["body"]["from"]["userid"] == "ZhangSan"


def test_a_text_in_a_direct_chat_is_answered_to_its_sender() -> None:
    incoming = said(message(msgtype="text", text={"content": "帮助"}))
    assert (incoming.chat_kind, incoming.chat_id) == ("direct", "ZhangSan")


def test_the_slot_names_request_connection_node_and_deadline() -> None:
    slot = said(message(msgtype="text", text={"content": "帮助"})).slot
    assert slot is not None
    assert (slot.kind, slot.node, slot.deadline) == ("req_id", "n1", NOW + timedelta(hours=24))
    assert slot.data == {"req_id": "r1", "connection": "c1"}


@pytest.mark.parametrize(
    ("text", "name", "left"),
    [
        ("@班长 报工", "班长", "报工"),
        ("@班长\u2005报工", "班长", "报工"),
        ("@班长\u00a0报工", "班长", "报工"),
        ("@My Bot 报工", "My Bot", "报工"),
        ("报工 WO-1 5 @班长", "班长", "报工 WO-1 5"),
        ("@班长 @李四 看看", "班长", "@李四 看看"),
        ("@班长", "班长", ""),
        ("@小助手 报工", "", "报工"),
        ("@改了名 报工", "班长", "报工"),
        ("@班长助理 报工", "班长", "报工"),
        ("报工 5", "", "报工 5"),
        ("写信给 a@班长 看", "班长", "写信给 a@班长 看"),
    ],
)
def test_the_mention_goes(text: str, name: str, left: str) -> None:
    assert mention.strip(text, bot_name=name) == left


def test_a_direct_text_keeps_mentions_of_others() -> None:
    assert said(message(msgtype="text", text={"content": "@李四 请看"})).text == "@李四 请看"


def test_text_and_several_pictures() -> None:
    items = [
        {"msgtype": "text", "text": {"content": "@班长 2 号 入库"}},
        image("https://m/1"),
        image("https://m/2"),
    ]
    incoming = said(in_group(msgtype="mixed", mixed={"msg_item": items}))
    assert incoming.text == "入库"
    assert [ref.ref["url"] for ref in incoming.media] == ["https://m/1", "https://m/2"]
    assert incoming.media[0].ref["aeskey"] == "K"
    assert incoming.media[0].ref["until"] == (NOW + timedelta(minutes=5)).isoformat()


@pytest.mark.parametrize(
    ("msgtype", "part", "kind"),
    [("image", "image", "image"), ("file", "file", "file"), ("video", "video", "video")],
)
def test_a_picture_file_or_video_alone(msgtype: str, part: str, kind: str) -> None:
    incoming = said(message(msgtype=msgtype, **{part: {"url": "https://m/1", "aeskey": "K"}}))
    assert [(ref.kind, ref.ref["url"]) for ref in incoming.media] == [(kind, "https://m/1")]


def test_a_voice_message_is_its_transcript() -> None:
    assert said(message(msgtype="voice", voice={"content": "报工五件"})).text == "报工五件"


def test_a_quoted_text() -> None:
    quote = {"msgtype": "text", "text": {"content": "LOT-7"}}
    incoming = said(in_group(msgtype="text", text={"content": "@班长 2 号 入库"}, quote=quote))
    assert (incoming.text, incoming.quoted) == ("入库", "LOT-7")


def test_quoted_pictures_are_media() -> None:
    mixed = {
        "msgtype": "mixed",
        "mixed": {"msg_item": [{"msgtype": "text", "text": {"content": "料盘"}}, image()]},
    }
    one = said(in_group(msgtype="text", text={"content": "@班长 2 号 入库"}, quote=image()))
    both = said(in_group(msgtype="text", text={"content": "@班长 2 号 入库"}, quote=mixed))
    assert len(one.media) == 1
    assert (both.quoted, len(both.media)) == ("料盘", 1)


def test_an_unknown_type_is_heard_without_text() -> None:
    assert said(message(msgtype="hologram", hologram={"x": 1})).text == ""


def pressed(key: str) -> dict[str, Any]:
    card = {"card_type": "button_interaction", "event_key": key, "task_id": "t-1"}
    return event("template_card_event", event={"template_card_event": card}, chattype="group", chatid="wrG")


def test_a_pressed_button() -> None:
    incoming = said(pressed(keys.write(keys.Pressed(say="接 A-12", guard="open"))))
    assert (incoming.kind, incoming.text, incoming.guard) == ("button", "接 A-12", "open")
    assert (incoming.chat_id, incoming.card_key) == ("wrG", "t-1")
    assert incoming.sent_at == datetime.fromtimestamp(1_772_409_600, UTC)
    assert incoming.slot is not None
    assert (incoming.slot.kind, incoming.slot.deadline) == ("card_update", NOW + timedelta(seconds=5))
    assert incoming.slot.data["task_id"] == "t-1"


@pytest.mark.parametrize("key", [keys.NOOP, "", "{}", "[1]", '{"say":5}', "确认"])
def test_grey_and_foreign_buttons_say_nothing(key: str) -> None:
    assert heard(pressed(key)) is None


def test_entering_the_chat() -> None:
    incoming = said(event("enter_chat", chattype=None))
    assert (incoming.kind, incoming.text, incoming.chat_id) == ("event", "enter_chat", "ZhangSan")
    assert incoming.slot is not None
    assert incoming.slot.kind == "welcome"


def test_feedback_is_heard_and_needs_no_answer() -> None:
    incoming = said(event("feedback_event", event={"feedback_event": {"id": "1", "type": 2}}))
    assert (incoming.kind, incoming.text, incoming.slot) == ("event", "feedback", None)


def test_a_kick_is_nobodys_message() -> None:
    assert heard(event("disconnected_event", **{"from": {}})) is None


def test_an_event_without_msgid_is_known_by_its_request() -> None:
    assert said(event("enter_chat", msgid=None)).message_id == "r1"


@pytest.mark.parametrize(
    ("userid", "kept"),
    [
        ("ZhangSan", "zhangsan"),
        ("woZHANG", "wozhang"),
        ("wohR_KCgAAq1W2e3R4t5Y6u7I8o9P0aS", "wohR_KCgAAq1W2e3R4t5Y6u7I8o9P0aS"),
    ],
)
def test_people_are_known_by_one_spelling(userid: str, kept: str) -> None:
    assert hearing.canonical(userid) == kept


def test_what_no_database_takes_is_taken_out() -> None:
    text = '{"cmd":"aibot_msg_callback","headers":{"req_id":"r"},"body":{"msgid":"m","from":{"userid":"u"},'
    text += '"msgtype":"text","text":{"content":"a\\u0000b\\ud800c\\ud83d\\ude00"}}}'
    frame = frames.read(text)
    assert frame is not None
    incoming = hearing.hear(frame, ear=EAR)
    assert incoming is not None
    assert incoming.text == "ab\ufffdc😀"
    json.dumps(incoming.raw, ensure_ascii=False).encode()


def test_no_depth_of_nesting_is_too_much() -> None:
    assert frames.read("[" * 100_000) is None
    assert frames.read('{"a":' * 20_000) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(
    ["msgid", "from", "userid", "chatid", "chattype", "msgtype", "text", "content", "mixed", "msg_item"]
) | st.sampled_from(
    ["image", "url", "aeskey", "quote", "event", "eventtype", "template_card_event", "event_key", "appmsg"]
)
WORDS = st.sampled_from(["group", "single", "mixed", "image", "event", "text", "template_card_event"])
SHAPED = st.recursive(
    JSON | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=25,
)
CMDS = st.sampled_from(sorted(frames.CALLBACKS)) | JSON


@given(raw=st.fixed_dictionaries({"cmd": CMDS, "headers": JSON, "body": SHAPED, "errcode": JSON}) | JSON)
def test_no_json_is_too_strange(raw: Any) -> None:
    frame = frames.from_json(frames.clean(raw))
    incoming = hearing.hear(frame, ear=EAR) if frame else None
    assert incoming is None or incoming.message_id


@given(body=st.dictionaries(NAMES, SHAPED, max_size=8))
def test_no_message_with_a_sender_is_too_strange(body: dict[str, Any]) -> None:
    raw = in_group() | {"body": body | {"from": {"userid": "u"}}}
    frame = frames.from_json(frames.clean(raw))
    assert frame is not None
    incoming = hearing.hear(frame, ear=EAR)
    assert incoming is None or incoming.sender_id == "u"


@given(data=st.binary() | st.text())
def test_no_bytes_are_too_strange(data: str | bytes) -> None:
    frames.read(data)
