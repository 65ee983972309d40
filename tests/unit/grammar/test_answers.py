"""What the grammar itself says: questions with buttons, suggestions, honest riddles, help."""

from collections.abc import Mapping
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest

from commands.kit import (
    Ask,
    Cancelled,
    Chat,
    Confirm,
    Context,
    NotUnderstood,
    Registry,
    Run,
    Speaker,
    Suggest,
    ask,
    cancelled,
    confirm,
    execute,
    explain,
    help_card,
    suggest,
)
from domain.work import Work
from notifier.card import Card
from tests.unit.grammar.pretend import COMMANDS, REGISTRY, WORDS, hear


def context(*, registry: Registry = REGISTRY, said: str = "") -> Context:
    return Context(
        work=cast("Work", SimpleNamespace(message=77)),
        person=Speaker(id=7, name="张三", department="生产部"),
        chat=Chat(id="c1", kind="group", platform="dingtalk"),
        vocabulary=WORDS,
        registry=registry,
        said=said,
    )


def question(text: str, *, registry: Registry = REGISTRY) -> Card:
    result = hear(text)
    assert isinstance(result, Ask), result
    return ask(context(registry=registry), result)


def riddle(text: str) -> Card:
    result = hear(text)
    assert isinstance(result, NotUnderstood), result
    return explain(context(), result)


def test_a_run_is_executed_with_every_argument_a_decimal() -> None:
    result = hear("报工 WO-1001 焊接 50")
    assert isinstance(result, Run)
    card = execute(result, context(said="原话"))
    assert card.title == "order=WO-1001、operation=焊接、good=50、scrap=0、rework=0"
    assert card.lines == ("原话",)
    assert isinstance(REGISTRY.by_name["report"].phrasings[0].slots[3].default, Decimal)


def test_the_question_names_what_is_known_and_offers_whole_sentences() -> None:
    card = question("报工 1001")
    assert card.title == "报工：还差工序"
    assert card.lines[0] == "已记下：报工 WO-1001"
    assert [button.text for button in card.buttons] == ["焊接", "组装", "检验", "二次焊接"]
    pressed = hear(card.buttons[0].say)
    assert isinstance(pressed, Ask)
    assert pressed.arguments == {"order": "WO-1001", "operation": "焊接"}


def test_the_question_for_a_marked_number_says_which() -> None:
    assert question("报工 1001 焊接").title == "报工：还差良品数"


def test_every_button_of_every_question_says_what_it_shows() -> None:
    for spec in REGISTRY.specs:
        result = hear(spec.verb)
        if not isinstance(result, Ask):
            continue
        for button in ask(context(), result).buttons:
            pressed = hear(button.say)
            assert isinstance(pressed, Run | Ask | Confirm), button
            assert result.slot.say(pressed.arguments[result.slot.name]) == button.text


def test_a_command_offers_its_own_choices() -> None:
    assert [button.text for button in question("交给 1001").buttons] == ["李四", "王五"]


def test_the_house_offers_choices_for_a_kind() -> None:
    def open_orders(_ctx: Context, _got: Mapping[str, Any]) -> list[str]:
        return ["WO-1001", "WO-2001"]

    registry = Registry(COMMANDS, choices={"order": open_orders})
    assert [button.say for button in question("到哪了", registry=registry).buttons] == [
        "到哪了 WO-1001",
        "到哪了 WO-2001",
    ]


def test_a_short_number_with_two_meanings_is_asked_with_both() -> None:
    result = hear("进度 01")
    assert isinstance(result, Ask)
    assert [button.text for button in ask(context(), result).buttons] == ["WO-1001", "WO-2001"]


def test_what_was_unclear_is_quoted() -> None:
    assert "没看懂：「3号线」" in question("报工 1001 焊接 3号线").lines


def test_a_dangerous_act_is_confirmed_by_its_button() -> None:
    first = hear("冻结 LOT-7001")
    assert isinstance(first, Confirm)
    card = confirm(first)
    assert card.title == "真的要冻结吗？用它做的东西也都会冻结。"
    assert card.lines[0] == "冻结 LOT-7001"
    yes, no = card.buttons
    assert isinstance(hear(yes.say, pending=first.row), Run)
    assert isinstance(hear(no.say, pending=first.row), Cancelled)


def test_a_suggestion_is_pressed_and_means_itself() -> None:
    result = hear("宝工 1001 焊接 5良")
    assert isinstance(result, Suggest)
    card = suggest(context(), result)
    assert "报工 WO-1001 焊接 5良" in card.lines
    assert isinstance(hear(card.buttons[0].say), Run)


def test_what_is_offered_works_once_and_what_only_asks_again_and_again() -> None:
    assert [button.guard for button in question("交给 1001").buttons] == ["once:77:0", "once:77:1"]
    assert {button.guard for button in question("报工 1001").buttons} == {""}, "the number is still missing"
    assert {button.guard for button in question("进度 01").buttons} == {""}, "it only asks"
    result = hear("宝工 1001 焊接 5良")
    assert isinstance(result, Suggest)
    assert [button.guard for button in suggest(context(), result).buttons] == ["once:77:0", ""]


def test_a_withdrawn_question_changed_nothing() -> None:
    assert "没有改动" in cancelled(Cancelled(spec=REGISTRY.by_name["report"])).title


def test_a_thing_without_a_verb_is_recognised_and_offered() -> None:
    card = riddle("贴片电阻 怎么样了呀")
    assert "物料 R100" in card.lines[0]
    assert {button.say for button in card.buttons} >= {"收料 R100", "帮助"}
    assert all(isinstance(hear(button.say), Ask) for button in card.buttons if button.text != "帮助")


@pytest.mark.parametrize("text", ["你好", "", "确认", "今天报工的时候发现机器不对劲"])
def test_every_riddle_is_answered_with_a_way_on(text: str) -> None:
    card = riddle(text)
    assert card.title
    assert card.buttons[-1].say.startswith("帮助")


def test_help_lists_what_this_person_may_say_by_group() -> None:
    text = help_card(REGISTRY, may=lambda spec: spec.name in {"report", "take"}).plain_text()
    assert "【生产】报工" in text
    assert "接" in text
    assert "冻结" not in text
    group = help_card(REGISTRY, topic="生产").plain_text()
    assert "报工 WO-1001 焊接 50 良　登记一道工序的良品、废品和返工数。" in group


def test_help_on_one_command_shows_its_ways() -> None:
    text = help_card(REGISTRY, topic="bg").plain_text()
    assert "报工 <工单号> <工序> <良品数>良 [<废品数>废] [<返工数>返]" in text
    assert "也可以说：bg" in text
    assert "没有这个权限" in help_card(REGISTRY, may=lambda _spec: False, topic="报工").plain_text()


def test_help_on_a_group_and_on_nothing_known() -> None:
    assert "收料" in help_card(REGISTRY, topic="物料").plain_text()
    assert "报工" not in "".join(help_card(REGISTRY, topic="物料").lines[:-1])
    assert help_card(REGISTRY, topic="跳舞").lines[0].startswith("没有叫「跳舞」的说法")


def test_the_first_help_is_what_one_says_most_and_all_is_one_word_away() -> None:
    names = [spec.name for spec in REGISTRY.specs]
    first = help_card(REGISTRY, most=names)
    assert len(first.lines) <= 8
    assert first.buttons[-1].say == "帮助 全部"
    mine = help_card(REGISTRY, most=names, may=lambda spec: spec.name == "report")
    assert [line.partition(" ")[0] for line in mine.lines[:-1]] == ["报工"]
    everything = help_card(REGISTRY, most=names, topic="全部")
    groups = {spec.group for spec in REGISTRY.specs}
    assert len(everything.lines) == len(groups) + 1, "a line a group, and how to see more"
    spoken = [verb for spec in REGISTRY.specs for it in spec.phrasings[:1] for verb in it.verbs[:1]]
    assert all(verb in everything.plain_text() for verb in spoken)
    assert "帮助 帮助" not in everything.plain_text()
