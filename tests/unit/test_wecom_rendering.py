"""What a card looks like in WeCom: golden Markdown and template cards."""

from typing import Any

import pytest

from bot.platforms.wecom import keys
from bot.platforms.wecom.rendering import cards, markdown
from bot.platforms.wecom.shown import ShownCards
from notifier.card import Button, Card, Table
from notifier.delivery import Outgoing

TAKE = Button(text="接", say="接 A-12", style="primary", guard="open")
ASK = Button(text="谁在负责", say="A-12 到哪了")
ANDON = Card(
    title="焊接缺料 A-12",
    lines=("工单：WO-1001", "物料：R-0402-10K", "2 号线停线 3 分钟，请仓库处理"),
    buttons=(TAKE, Button(text="不是我们", say="退 A-12", style="danger", guard="open"), ASK),
    tone="bad",
    number=1234,
)


def test_markdown_of_everything() -> None:
    table = Table(header=("工单", "剩"), rows=(("WO-1", "5"), ("WO|2", "")))
    card = Card(
        title="今天还差", lines=("早班", "2 号线"), table=table, buttons=(ASK,), tone="warn", number=7
    )
    assert markdown.write(card) == (
        "**⚠️ 今天还差**\n早班\n2 号线\n\n| 工单 | 剩 |\n| --- | --- |\n| WO-1 | 5 |\n| WO｜2 |   |\n\n"
        "请回复其中一句：\n1. 谁在负责：A-12 到哪了\n> #7"
    )


def test_markdown_said_again_is_marked() -> None:
    assert markdown.write(Card(title="早会"), repeat=1) == "**（重发）早会**"
    assert markdown.write(Card(lines=("好的",)), repeat=1) == "（重发）\n好的"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("WO_1001_A 5*3", "WO_1001_A 5＊3"),
        ("_斜_ **粗** `码` ~~删~~", "＿斜＿ ＊＊粗＊＊ ｀码｀ ～～删～～"),
        ("[点我](http://x) ![图](http://x)", "[点我］(http://x) ![图］(http://x)"),
        ("<@zhangsan> <@all> <font color='red'>", "＜@zhangsan> ＜＠all> ＜font color='red'>"),
        ("# 大\n> 引", "＃ 大\n＞ 引"),
        ("3 < 5 且 5 > 3，#1234", "3 < 5 且 5 > 3，#1234"),
        ("a|b \\* c", "a｜b ＼＊ c"),
        ("- 项\n---\n1. 一\n===\n-5 1.5", "－ 项\n－--\n1． 一\n＝==\n-5 1.5"),
        ("@all @所有人 @王芳", "＠all ＠所有人 @王芳"),
        ("a\u202eb\x07c\ud800", "abc?"),
    ],
)
def test_what_people_write_formats_and_mentions_nothing(said: str, shown: str) -> None:
    assert markdown.escape(said) == shown


def test_template_card_of_an_andon() -> None:
    assert cards.render(ANDON, task_id="t-1") == {
        "card_type": "button_interaction",
        "main_title": {"title": "🚨 焊接缺料 A-12", "desc": "#1234"},
        "sub_title_text": "2 号线停线 3 分钟，请仓库处理",
        "horizontal_content_list": [
            {"keyname": "工单", "value": "WO-1001"},
            {"keyname": "物料", "value": "R-0402-10K"},
        ],
        "button_list": [
            {"text": "接", "style": 1, "key": '{"say":"接 A-12","guard":"open"}'},
            {"text": "不是我们", "style": 3, "key": '{"say":"退 A-12","guard":"open"}'},
            {"text": "谁在负责", "style": 2, "key": '{"say":"A-12 到哪了"}'},
        ],
        "task_id": "t-1",
    }


def buttons(count: int, text: str = "选 {}") -> tuple[Button, ...]:
    return tuple(Button(text=text.format(at), say=f"选 WO-{at}") for at in range(count))


@pytest.mark.parametrize(
    "card",
    [
        Card(title="没有按钮"),
        Card(title="太多按钮", buttons=buttons(7)),
        Card(title="分不清", buttons=buttons(2, text="同一个")),
        Card(title="话太长", buttons=(Button(text="说", say="长" * 400),)),
        Card(title="标题" * 20, buttons=buttons(1)),
        Card(title="正文太长", lines=("字" * 113,), buttons=buttons(1)),
        Card(title="太多行", lines=tuple(f"键{at}：值" for at in range(7)), buttons=buttons(1)),
        Card(title="表", table=Table(header=("a",), rows=()), buttons=buttons(1)),
        Card(buttons=buttons(1)),
    ],
)
def test_what_does_not_fit_a_template_card_is_no_template_card(card: Card) -> None:
    assert cards.render(card, task_id="t") is None


def test_long_button_texts_are_shortened() -> None:
    template = cards.render(
        Card(title="确认", buttons=(Button(text="确认作废一千件成品", say="是"),)), task_id="t"
    )
    long = cards.render(
        Card(title="确认", buttons=(Button(text="确认作废一千件成品和料", say="是"),)), task_id="t"
    )
    assert template is not None
    assert long is not None
    assert template["button_list"][0]["text"] == "确认作废一千件成品"
    assert long["button_list"][0]["text"] == "确认作废一千件成品…"


@pytest.mark.parametrize("key", ["out:1/2", "订单-7", "x" * 300])
def test_task_ids_are_in_the_allowed_characters_and_differ(key: str) -> None:
    made = {keys.task_id(key, repeat=repeat) for repeat in range(3)} | {keys.task_id(key + "!", repeat=0)}
    assert len(made) == 4
    assert all(cards.render(ANDON, task_id=name) and len(name) <= 128 and name.isascii() for name in made)


def test_a_plain_key_is_its_own_task_id() -> None:
    assert keys.task_id("out-123", repeat=0) == "out-123"


def answer(card: Card, **more: Any) -> Outgoing:
    return Outgoing(id=1, key="o", chat_id="wrG", chat_kind="group", card=card, **more)


def after(out: Outgoing, pressed: Button, *, known: bool = True) -> list[tuple[str, int]] | None:
    """What buttons the andon's card has after `pressed` was answered with `out`."""
    shown = ShownCards()
    template = cards.render(ANDON, task_id="t-1")
    assert template is not None
    if known:
        shown.keep("t-1", template, key="andon-12")
    key = keys.write(keys.Pressed(say=pressed.say, guard=pressed.guard))
    change = shown.after_click(out, task_id="t-1", key=key)
    if change is None:
        return None
    return [(button["text"], button["style"]) for button in change.template["button_list"]]


def test_a_good_answer_ends_the_buttons_of_the_same_state_and_leaves_the_others() -> None:
    assert after(answer(Card(title="已接")), TAKE) == [("✓ 接", 4), ("谁在负责", 2)]


def test_a_question_only_turns_its_own_button_grey() -> None:
    assert after(answer(Card(title="在焊接")), ASK) == [("接", 1), ("不是我们", 3), ("谁在负责", 4)]


def test_a_refusal_leaves_the_card_to_those_who_may() -> None:
    assert after(answer(Card(title="只有仓库能接", tone="warn")), TAKE) is None


def test_a_new_version_of_the_card_takes_its_place() -> None:
    done = Card(title="A-12 已解决", key="andon-12")
    assert after(answer(done), TAKE) == [("已处理", 4)]
    assert after(answer(Card(title="A-12 已接", buttons=(ASK,), tone="bad"), replaces="t-1"), TAKE) == [
        ("谁在负责", 2)
    ]


def test_a_card_from_before_a_restart_shows_the_answer() -> None:
    assert after(answer(Card(title="已接")), TAKE, known=False) == [("已处理", 4)]
    assert after(answer(Card(title="在焊接")), ASK, known=False) is None


def test_grey_buttons_say_nothing() -> None:
    assert keys.read(keys.NOOP) is None
