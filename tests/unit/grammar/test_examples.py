"""Every example in the help of a real command is understood as that command: help never lies."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.vocabulary import HOUSE_PREFIXES
from commands.kit import (
    Ask,
    CodeForm,
    Confirm,
    NotUnderstood,
    Pending,
    Registry,
    Run,
    Spec,
    Suggest,
    WordList,
    known_codes,
    understand,
)
from commands.kit.times import Evening

REAL = Registry.discover("commands")
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PLANT: dict[str, dict[str, tuple[str, ...]]] = {
    "operation": {"贴片": (), "焊接": ("hj",), "组装": (), "测试": (), "包装": ()},
    "station": {"ST-101": ("贴片机",), "ST-201": ("焊台1",), "组装台": ()},
    "equipment": {"EQ-SMT-01": ("一号贴片机",)},
    "timer": {"锡膏开封": ()},
    "person": {"张三": (), "李四": ()},
    "department": {"生产部": ("生产",), "仓库": (), "品质部": (), "设备部": ()},
    "product": {"P-100": ("温控器",), "P-200": (), "控制板": ()},
    "material": {"R-100K": (), "M-100": ("电路板",)},
    "supplier": {"华强": ()},
    "line": {"一线": ()},
    "reason": {"虚焊": (), "划伤": ()},
}
WORDS = WordList(
    PLANT,
    forms=[CodeForm.prefixed(kind, prefix) for kind, prefix in {"lot": "LOT-", **HOUSE_PREFIXES}.items()],
    like=known_codes({"order": ["WO-1001", "WO-1002", "WO-2001"]}),
)
EXAMPLES = [(spec, example) for spec in REAL.specs for example in spec.examples]


def hear(text: str, *, pending: Pending | None = None) -> Any:
    return understand(REAL, text, vocabulary=WORDS, now=NOW, pending=pending)


@pytest.mark.parametrize(("spec", "example"), EXAMPLES, ids=[example for _, example in EXAMPLES])
def test_an_example_means_its_command(spec: Spec, example: str) -> None:
    result = hear(example)
    assert isinstance(result, Run | Confirm), result
    assert result.spec is spec


@pytest.mark.parametrize("spec", REAL.specs, ids=[spec.name for spec in REAL.specs])
def test_every_verb_alone_belongs_to_its_command(spec: Spec) -> None:
    for verb in {verb for phrasing in spec.phrasings for verb in phrasing.verbs}:
        assert getattr(hear(verb), "spec", None) is spec, verb


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("暂停 WO-1001 设备坏了", "pause"),
        ("暂停 1001 缺料", "pause"),
        ("报工 1001 测试 50良", "report"),
        ("WO-1001 焊接 报工 50 良", "report"),
    ],
)
def test_words_of_other_commands_within_a_command(text: str, name: str) -> None:
    result = hear(text)
    assert isinstance(result, Run), result
    assert result.spec.name == name


@pytest.mark.parametrize(
    ("text", "name", "known"),
    [
        ("领一下 1001 的料", "request", {"order": "WO-1001"}),
        ("再领 20 个电路板 1001", "request", {"order": "WO-1001", "material": "M-100"}),
        ("LL-1 不要了", "cancel_request", {"requisition": 1}),
        ("LL-1 的料备好了", "issue_all", {"requisition": 1}),
        ("LL-1 送过去了", "issue", {"requisition": 1}),
        ("收电路板 500 个 批号 LOT-7", "receive", {"material": "M-100", "lot": "LOT-7"}),
        ("1001 缺电路板", "shortage", {"order": "WO-1001"}),
        ("LOT-7 放哪了", "look_up", {"code": "LOT-7"}),
        ("电路板在哪个库位", "look_up", {"material": "M-100"}),
        ("ST-101 4号位上 LOT-7", "load", {"station": "ST-101", "slot": "4", "lot": "LOT-7"}),
        ("LOT-7 上 4 号站位", "load", {"slot": "4", "lot": "LOT-7"}),
        ("站位4上了LOT-7", "load", {"slot": "4", "lot": "LOT-7"}),
        ("4 号换料 LOT-7", "exchange", {"slot": "4", "lot": "LOT-7"}),
        ("卸 4 号", "unload", {"slot": "4"}),
        ("我上焊台1", "sign_on", {"station": "ST-201"}),
        ("还有谁没下岗", "who_stands", {}),
        ("一线昨天有谁在", "who_stands", {"line": "一线", "day": date(2026, 11, 19)}),
        ("昨晚谁在岗", "who_stands", {"day": Evening(2026, 11, 19)}),
    ],
)
def test_what_people_say_of_material_and_of_who_is_there(text: str, name: str, known: dict[str, Any]) -> None:
    result = hear(text)
    assert isinstance(result, Run), result
    assert (result.spec.name, result.arguments.items() >= known.items()) == (name, True), result


def test_what_only_sounds_like_a_command_is_not_offered_beside_a_code_that_it_drops() -> None:
    assert isinstance(hear("今天还差甚么"), Suggest)
    beside = hear("LL-1 没送道")
    assert isinstance(beside, Suggest)
    assert beside.sentences == ("送到 LL-1",)
    assert isinstance(hear("P-100 暴工"), NotUnderstood)


def test_the_word_for_loading_makes_no_numbers() -> None:
    result = hear("报工 1001 焊接 50 上一个班的")
    assert isinstance(result, Run)
    assert (result.arguments["good"], result.arguments["note"]) == (50, "上一个班的")


@pytest.mark.parametrize("text", ["我们都要注意安全", "这个人员安排不太好"])
def test_talk_that_holds_a_verb_raises_nothing(text: str) -> None:
    assert isinstance(hear(text), Suggest)


def told(result: Any) -> dict[str, Any]:
    """What is known, without the order and the operation."""
    return {name: it for name, it in result.arguments.items() if name not in ("order", "operation")}


@pytest.mark.parametrize(
    ("text", "known", "asked"),
    [
        ("报工 1001 焊接 3 废 虚焊", {"scrap": 3, "why": ("虚焊",)}, ""),
        ("1001 焊接 废 3 划伤", {"scrap": 3, "why": ("划伤",)}, ""),
        ("虚焊报废 3 个 1001 焊接 1 返", {"scrap": 3, "rework": 1, "why": ("虚焊",)}, ""),
        ("废 3 虚焊", {"scrap": 3, "why": ("虚焊",)}, "order"),
        ("报工 1001 焊接 3 废", {"scrap": 3}, "good"),
        ("报工 1001 焊接 3 返 虚焊", {"rework": 3, "why": ("虚焊",)}, "good"),
        ("报工 1001 焊接 3 虚焊", {"good": 3, "why": ("虚焊",)}, ""),
        ("报工 1001 焊接 50 废 3 虚焊", {"good": 50, "scrap": 3, "why": ("虚焊",)}, ""),
        ("报工 1001 焊接 50 废 3 返 1 虚焊", {"good": 50, "scrap": 3, "rework": 1, "why": ("虚焊",)}, ""),
        ("报工 焊接 50 废 3 1001", {"good": 50, "scrap": 3}, ""),
        ("报工 1001 焊接 3 废 50", {"good": 50, "scrap": 3}, ""),
        ("报工 焊接 50 良 2 废 1001", {"good": 50, "scrap": 2}, ""),
        ("报工 1001 焊接 3 废 虚焊 50 良", {"good": 50, "scrap": 3, "why": ("虚焊",)}, ""),
    ],
)
def test_scrap_alone_with_its_reason_is_a_whole_report(text: str, known: dict[str, Any], asked: str) -> None:
    result = hear(text)
    assert (result.spec.name, told(result)) == ("report", known)
    assert result.slot.name == asked if asked else isinstance(result, Run)


@pytest.mark.parametrize(
    ("text", "answers", "known"),
    [
        ("报工 1001 焊接 废 3", ["虚焊"], {"scrap": 3, "why": ("虚焊",)}),
        ("报工 1001 焊接 废 3", ["50"], {"scrap": 3, "good": 50}),
        ("废 2 虚焊", ["1001 50良", "焊接"], {"scrap": 2, "good": 50, "why": ("虚焊",)}),
        ("收料", ["R-100K", "LOT-7", "5000"], {"material": "R-100K", "lot": "LOT-7"}),
        ("发料", ["LL-3"], {"requisition": 3}),
    ],
)
def test_an_answer_may_go_on_with_another_usage(text: str, answers: list[str], known: dict[str, Any]) -> None:
    result = hear(text)
    for answer in answers:
        assert isinstance(result, Ask)
        result = hear(answer, pending=result.row)
    assert isinstance(result, Run)
    assert told(result).items() >= known.items()


def test_a_riddle_is_not_taken_for_another_usage() -> None:
    result = hear("不知道呀", pending=hear("到哪了").row)
    assert isinstance(result, Ask)
    assert (result.slot.name, result.unclear) == ("order", ("不知道呀",))
