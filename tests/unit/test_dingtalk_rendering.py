"""A card as DingTalk gets it: golden texts, byte limits, and nothing that a person typed becomes markup."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.dingtalk.markdown import cut, escape, size
from bot.platforms.dingtalk.rendering import (
    card_creation,
    card_response,
    card_update,
    fits_card,
    push_message,
)
from bot.platforms.dingtalk.speech import (
    card_speech,
    plain_speech,
    push_speech,
    session_speech,
    webhook_speech,
)
from notifier.card import Button, Card, Table
from notifier.delivery import Outgoing
from tests.cards import CARDS

FULL = Card(
    title="三号线缺料",
    lines=("工单 WO-1001 焊接", "还差 R_0402_10K 50 个，5 < 8"),
    table=Table(header=("料号", "数量"), rows=(("R_0402_10K", "50"), ("", "2"))),
    buttons=(
        Button(text="接手", say="接手 A-7", style="primary", guard="A-7:open"),
        Button(text="不是我", say="转 A-7", style="danger"),
    ),
    number=12,
    tone="bad",
)


BREAK = "  \n "


def out(card: Card, **changes: Any) -> Outgoing:
    """A message to a group."""
    fields: dict[str, Any] = {"id": 1, "key": "k1", "chat_id": "cidA==", "chat_kind": "group", "card": card}
    return Outgoing(**(fields | changes))


def session_body(message: Outgoing, **more: Any) -> dict[str, Any]:
    """The one body of a session answer."""
    (body,) = session_speech(message, **more).messages
    return body


def text_of(card: Card, **changes: Any) -> str:
    """The Markdown of a session answer, its line breaks shown as they are."""
    text: str = session_body(out(card, **changes))["markdown"]["text"]
    return text


def test_golden_session_answer() -> None:
    body = session_body(out(FULL, mentions=("0147", "0258", "0147", "external:x", "all", "")))
    assert body["at"] == {"atUserIds": ["0147", "0258"], "isAtAll": False}
    assert body["msgtype"] == "markdown"
    assert body["markdown"]["title"] == "三号线缺料"
    assert body["markdown"]["text"] == BREAK.join(
        [
            "#### 🚨 三号线缺料",
            "工单 WO-1001 焊接",
            "还差 R_0402_10K 50 个，5 < 8",
            "- **R_0402_10K**　数量 50",
            "- —　数量 2",
            "1. 接手 → 请 @我 说「接手 A-7」",
            "2. 不是我 → 请 @我 说「转 A-7」",
            "—— #12",
            "@0147 @0258",
        ]
    )


def test_golden_push_has_no_mention_since_none_would_ring() -> None:
    message = push_message(out(Card(title="早会", lines=("一", "二\n三")), mentions=("0147",)))
    assert message["msgKey"] == "sampleMarkdown"
    assert json.loads(message["msgParam"]) == {"title": "早会", "text": "#### 早会  \n 一  \n 二  \n 三"}


def test_golden_card() -> None:
    (values,) = card_speech(out(FULL), limit=1000).messages
    assert values == {
        "title": "🚨 三号线缺料",
        "markdown": BREAK.join(
            [
                "工单 WO-1001 焊接",
                "还差 R_0402_10K 50 个，5 < 8",
                "- **R_0402_10K**　数量 50",
                "- —　数量 2",
            ]
        ),
        "tips": "#12",
        "sys_full_json_obj": values["sys_full_json_obj"],
    }
    assert json.loads(values["sys_full_json_obj"]) == {
        "msgButtons": [
            {
                "text": "接手",
                "color": "blue",
                "request": True,
                "params": {"id": "1", "say": "接手 A-7", "guard": "A-7:open"},
            },
            {
                "text": "不是我",
                "color": "red",
                "request": True,
                "params": {"id": "2", "say": "转 A-7", "guard": ""},
            },
        ]
    }


def test_golden_creation_update_and_response() -> None:
    group = card_creation(
        out(FULL, mentions=("0147",)), {"title": "t"}, track="gk-1", template="t.schema", robot="r"
    )
    assert group == {
        "cardTemplateId": "t.schema",
        "outTrackId": "gk-1",
        "callbackType": "STREAM",
        "cardData": {"cardParamMap": {"title": "t"}},
        "userIdType": 1,
        "openSpaceId": "dtv1.card//IM_GROUP.cidA==",
        "imGroupOpenSpaceModel": {"supportForward": False},
        "imGroupOpenDeliverModel": {"robotCode": "r", "atUserIds": {"0147": "0147"}},
    }
    direct = card_creation(
        out(FULL, chat_kind="direct", chat_id="0147"), {}, track="d", template="t", robot="r"
    )
    assert direct["openSpaceId"] == "dtv1.card//IM_ROBOT.0147"
    assert direct["imRobotOpenDeliverModel"] == {"spaceType": "IM_ROBOT", "robotCode": "r"}
    update = card_update({"title": "t"}, track="gk-1")
    assert update["cardUpdateOptions"] == {"updateCardDataByKey": True}
    assert "outTrackId" not in card_response({"title": "t"})


def test_a_repeat_says_so_and_a_direct_chat_mentions_nobody() -> None:
    assert text_of(Card(title="报工"), repeat=1) == "#### 报工（重发）"
    assert text_of(Card(lines=("好",)), repeat=1) == "（重发）  \n 好"
    assert (
        session_body(out(Card(lines=("好",)), chat_kind="direct", mentions=("1",)))["at"]["atUserIds"] == []
    )


def test_a_card_that_says_nothing_is_still_a_message() -> None:
    assert text_of(Card()) == "班长"


def test_pictures_stand_in_the_text_and_alone_go_as_pictures() -> None:
    assert (
        session_body(out(Card(lines=("看",))), picture="@lADP1")["markdown"]["text"] == "看  \n ![](@lADP1)"
    )
    alone = push_message(out(Card(image="ab")), picture="@lADP1")
    assert alone == {"msgKey": "sampleImageMsg", "msgParam": '{"photoURL": "@lADP1"}'}
    assert "没有传上去" in push_message(out(Card(image="ab")), note="（图片没有传上去）")["msgParam"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("[点我](http://x)", r"\[点我\](http://x)"),
        ("![](@lADP)", r"!\[\](@lADP)"),
        ("**粗** *斜* _斜_ ~~删~~", r"\*\*粗\*\* \*斜\* \_斜\_ \~\~删\~\~"),
        ("`码` <font color=red> <!-- -->", r"\`码\` \<font color=red> \<!-- -->"),
        ("# 题", r"\# 题"),
        ("#12", r"\#12"),
        ("> 引", r"\> 引"),
        ("- 项", r"\- 项"),
        ("---", r"\---"),
        ("| a | b |", r"\| a | b |"),
        ("1. 一", r"1\. 一"),
        ("1.5 mm", "1.5 mm"),
        ("5 < 8 > 3, 3 * 5, a_b_c, R&D, -5", "5 < 8 > 3, 3 * 5, a_b_c, R&D, -5"),
        ("&lt;b&gt;", r"\&lt;b\&gt;"),
        ("@all @所有人 @ALL@全体成员 @alla", "＠all ＠所有人 ＠ALL＠全体成员 @alla"),
        ("a\u202eb\x07c\ud800", "abc?"),
        (r"C:\x", r"C:\\x"),
    ],
)
def test_what_a_person_typed_is_shown_as_typed(typed: str, shown: str) -> None:
    assert escape(typed) == shown


TEXT = st.text(
    st.characters(codec="utf-8") | st.sampled_from("报工\n[]()*_`<>@#\u200d👩🏻\ufe0f"), max_size=400
)


@given(text=TEXT, limit=st.integers(10, 300))
def test_a_cut_never_ends_inside_a_character(text: str, limit: int) -> None:
    short = cut(text, limit)
    assert size(short) <= limit
    kept = short.removesuffix("…")
    assert text.startswith(kept) or text.rstrip("\\").startswith(kept)
    assert not kept.endswith("\u200d") or short == text


@given(
    card=CARDS,
    kind=st.sampled_from(["group", "direct"]),
    mentions=st.lists(TEXT | st.from_regex(r"[0-9]{4,18}", fullmatch=True), max_size=60),
    files=st.booleans(),
)
def test_every_message_of_every_kind_stays_within_its_bytes(
    card: Card, kind: str, mentions: list[str], *, files: bool
) -> None:
    message = out(card, mentions=tuple(mentions), chat_kind=kind)
    bodies = [*session_speech(message, files=files).messages, *webhook_speech(message).messages]
    assert all(len(json.dumps(body, ensure_ascii=False).encode()) <= 20_000 for body in bodies)
    assert all(body["at"]["isAtAll"] is False for body in bodies)
    pushes = push_speech(message, files=files).messages
    assert all(len(push["msgParam"].encode()) <= 15_000 for push in pushes)
    assert len(plain_speech(message).encode()) <= 2_048


@given(card=CARDS, limit=st.integers(600, 2000))
def test_every_value_of_a_card_stays_within_its_bytes(card: Card, limit: int) -> None:
    message = out(card)
    speech = card_speech(message, limit=limit, files=True)
    (values,) = speech.messages
    assert all(isinstance(value, str) and len(value.encode()) <= limit for value in values.values())
    assert speech.abridged is ("全文在附件里" in values["markdown"])
    shown = len(json.loads(values["sys_full_json_obj"])["msgButtons"])
    assert shown <= len(card.buttons)
    if fits_card(message, limit=limit):
        assert shown == len(card.buttons)
        assert not speech.abridged


def test_a_title_that_a_card_cuts_is_the_first_line_of_its_text() -> None:
    title = f"WO-1001 焊接：{'锡膏没有回温' * 12}，先停线"
    card = Card(title=title, lines=("还差 50",), buttons=(Button(text="接手", say="接手 A-7"),))
    (values,) = card_speech(out(card), limit=1000).messages
    assert values["title"].endswith("…")
    assert values["markdown"] == f"{title}{BREAK}还差 50"
    assert fits_card(out(card), limit=1000)
    assert not fits_card(out(replace(card, title=title * 5)), limit=1000)


def test_two_long_parts_ring_once_and_the_picture_stands_in_the_last() -> None:
    card = Card(title="盘点", lines=tuple(f"第 {n} 行 {'很长' * 40}" for n in range(100)), number=3)
    speech = session_speech(out(card, mentions=("0147",)), picture="@lADP1")
    assert [body["at"]["atUserIds"] for body in speech.messages] == [["0147"], []]
    texts = [body["markdown"]["text"] for body in speech.messages]
    assert [text.split(BREAK)[0] for text in texts] == ["#### 盘点（1/2）", "#### 盘点（2/2）"]
    assert ["@lADP1" in text for text in texts] == [False, True]
    assert texts[0].endswith("@0147")
    assert texts[1].endswith("—— #3")


def test_beyond_three_parts_the_rest_is_in_a_file_or_said_to_be_left_out() -> None:
    card = Card(title="盘点", lines=tuple(f"第 {n} 行 {'很长' * 40}" for n in range(900)), number=3)
    for files, words in ((True, "行，全文在附件里）"), (False, "行没有显示）")):
        speech = push_speech(out(card), files=files)
        assert speech.abridged
        assert words in json.loads(speech.messages[0]["msgParam"])["text"]


def test_a_custom_robot_names_the_bot_that_hears() -> None:
    (body,) = webhook_speech(out(FULL, mentions=("0147",))).messages
    assert "请 @班长 说「接手 A-7」" in body["markdown"]["text"]
    assert body["at"] == {"atUserIds": ["0147"], "isAtAll": False}


def test_plain_text_for_what_shows_no_markup() -> None:
    assert plain_speech(out(Card(title="停线", lines=("2 号线",), tone="bad", number=3))) == (
        "🚨 停线\n2 号线\n#3"
    )
