"""Template cards of the pretend WeCom: what it takes, what it refuses, and how a card looks in the chat."""

from typing import Any

import pytest

from bot.sandbox.wecom.cards import check_card
from bot.sandbox.wecom.refusals import Refusal
from bot.sandbox.wecom.rendering import card_body
from domain.clock import FixedClock
from tests.wire.wecom_rig import GROUP, button_card, rigged

BUTTON = {"text": "确认", "key": "k"}
OPTION = {"id": "o", "text": "焊接"}
SELECT = {"question_key": "q", "title": "工序", "option_list": [OPTION]}


def notice(**changes: Any) -> dict[str, Any]:
    card = {
        "card_type": "text_notice",
        "main_title": {"title": "缺料"},
        "card_action": {"type": 1, "url": "https://example.org/a"},
    }
    return card | changes


def choice(**changes: Any) -> dict[str, Any]:
    card = {
        "card_type": "multiple_interaction",
        "main_title": {"title": "选"},
        "select_list": [SELECT],
        "submit_button": BUTTON,
        "task_id": "M1",
    }
    return card | changes


@pytest.mark.parametrize(
    "card",
    [
        button_card(),
        button_card("T_-@9" + "x" * 123),
        button_card(button_list=[{"text": "十个字的按钮文字刚好", "key": "k" * 1024, "style": 4}] * 6),
        button_card(main_title={}, sub_title_text="只有副标题"),
        button_card(horizontal_content_list=[{"keyname": "料号", "value": "A"}] * 6),
        button_card(action_menu={"desc": "更多", "action_list": [{"text": "静音", "key": "m"}] * 3}),
        notice(),
        notice(card_type="news_notice", card_action={"type": 2, "appid": "a", "pagepath": "p"}),
        choice(),
        choice(select_list=[SELECT | {"option_list": [OPTION] * 10}] * 3),
        choice(card_type="vote_interaction", checkbox=SELECT | {"option_list": [OPTION] * 20}),
    ],
)
def test_cards_that_it_takes(card: dict[str, Any]) -> None:
    assert check_card(card) is card


@pytest.mark.parametrize(
    ("card", "rule"),
    [
        (None, "card_shape"),
        (button_card(card_type="button"), "card_type"),
        (button_card(""), "task_id"),
        (button_card("任务"), "task_id"),
        (button_card("x" * 129), "task_id"),
        (button_card() | {"task_id": 7}, "task_id"),
        (button_card(main_title={}), "main_title"),
        (button_card(main_title="标题"), "card_shape"),
        (button_card(button_list=[]), "button_list"),
        (button_card(button_list=[BUTTON] * 7), "button_list"),
        (button_card(button_list="确认"), "button_list"),
        (button_card(button_list=[{"text": "十一个字的按钮文字太长了", "key": "k"}]), "button_text"),
        (button_card(button_list=[{"text": "", "key": "k"}]), "button_text"),
        (button_card(button_list=[{"text": "确认", "key": "k" * 1025}]), "button_key"),
        (button_card(button_list=[{"text": "确认", "key": "键" * 342}]), "button_key"),
        (button_card(button_list=[{"text": "确认"}]), "button_key"),
        (button_card(button_list=[BUTTON | {"style": 5}]), "button_style"),
        (button_card(horizontal_content_list=[{}] * 7), "horizontal_content_list"),
        (button_card(action_menu={"action_list": []}), "action_menu"),
        (button_card(action_menu={"action_list": [{}] * 4}), "action_menu"),
        (notice(task_id="任务"), "task_id"),
        (choice(select_list=[]), "select_list"),
        (choice(select_list=[SELECT] * 4), "select_list"),
        (choice(select_list=[SELECT | {"option_list": [OPTION] * 11}]), "option_list"),
        (choice(select_list=[SELECT | {"question_key": ""}]), "question_key"),
        (choice(select_list=["q"]), "card_shape"),
        (choice(select_list=[SELECT | {"option_list": ["o"]}]), "card_shape"),
        (button_card(main_title={"title": 7}), "text"),
        (button_card(horizontal_content_list=[{"keyname": None}]), "text"),
        (choice(submit_button=None), "card_shape"),
        (choice(card_type="vote_interaction"), "card_shape"),
        (
            choice(card_type="vote_interaction", checkbox=SELECT | {"option_list": [OPTION] * 21}),
            "option_list",
        ),
    ],
)
def test_cards_that_it_refuses(card: Any, rule: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_card(card)
    assert (refused.value.code, refused.value.rule) == (40058, f"card.{rule}")


@pytest.mark.parametrize("action", [{}, {"type": 0}, {"type": 3}])
def test_a_notice_needs_a_card_action(action: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        check_card(notice(card_action=action))
    assert (refused.value.code, refused.value.rule) == (42045, "card_action")


async def test_a_task_id_is_used_once(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.ask_bot()
        callback = await bot.heard()
        card = {"msgtype": "template_card", "template_card": button_card("ONCE")}
        assert (await bot.respond(callback, card))["errcode"] == 0
        assert (await bot.ask("aibot_send_msg", {"chatid": GROUP, **card}))["errcode"] == 40058
        assert rig.broken == ["card.task_id_unique"]


def test_a_card_shows_its_words_buttons_and_links() -> None:
    shown = card_body(
        button_card(
            source={"desc": "班长"},
            sub_title_text="请在 10 分钟内",
            emphasis_content={"title": "3", "desc": "超时"},
            horizontal_content_list=[{"keyname": "料号", "value": "R-100"}],
            button_list=[BUTTON, {"text": "拒绝", "key": "n", "style": 3}],
            card_action={"type": 1, "url": "https://example.org/wo/1"},
        )
    )
    assert (shown["title"], shown["note"], shown["card_type"]) == ("确认发料", "班长", "button_interaction")
    assert shown["text"].splitlines() == ["LOT-7", "3 超时", "请在 10 分钟内", "料号：R-100"]
    assert [(b["text"], b["key"], b["style"], b["url"]) for b in shown["buttons"]] == [
        ("确认", "k", "primary", ""),
        ("拒绝", "n", "danger", ""),
        ("查看", "", "plain", "https://example.org/wo/1"),
    ]


def test_choices_are_shown_as_words() -> None:
    shown = card_body(choice(select_list=[SELECT | {"option_list": [OPTION, {"id": "p", "text": "装配"}]}]))
    assert (shown["text"], [b["key"] for b in shown["buttons"]]) == ("工序 焊接 / 装配", ["k"])
