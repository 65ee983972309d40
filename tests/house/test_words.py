"""Every refusal has its sentence, every status and event its name, in every language."""

import ast
import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import fields

import pytest

import domain.errors
from commands.kit import Registry
from docs import words
from domain.actions import undoable
from domain.errors import DomainError
from domain.playbook.permissions import PERMISSIONS
from notifier.named.acts import ACTS, WHY_FINAL
from notifier.named.statuses import STATUSES
from notifier.refusals import SENTENCES
from notifier.text import SOURCE, catalogue, languages
from tests.house.test_models import MOVING
from tests.house.tree import Source, modules

CHINESE_WORD = re.compile(r"[\u4e00-\u9fff]+")
EVENT = re.compile(r"[a-z_]+\.[a-z_]+")
PROMISED = ("zh_CN", "en_US")
SAYABLE = {
    "下达",
    "不合格",
    "冻结",
    "判不良",
    "判定",
    "单件报废",
    "反完工",
    "取出",
    "合格",
    "客户退货",
    "封箱",
    "恢复",
    "放行追溯",
    "新工单",
    "检验",
    "装箱",
    "解冻",
    "评审",
    "返修",
    "返工单",
    "退料",
    "送审",
    "完工",
    "外协收回",
    "外发",
    "解除变更",
    "变更冻结",
    "上岗",
    "分板",
    "过站",
    "进站",
    "导入",
    "试产",
    "录入",
    "开箱",
    "批准跳过",
    "完整性",
    "绑定",
    "没送到",
    "额度",
    "缺料",
    "设备",
    "品质",
    "安全",
    "帮助",
    "全部",
    "生产",
    "报工",
    "收料",
    "确认",
    "取消",
    "撤",
    "放行计时",
    "计时",
}
"""Verbs of commands that an answer quotes: commands are said in Chinese, whoever says them."""
OTHERS = [language for language in PROMISED if language != SOURCE]


def test_the_promised_languages_are_there() -> None:
    assert set(PROMISED) <= set(languages())


def test_every_error_has_a_sentence() -> None:
    wrong = mistakes(SENTENCES)
    assert not wrong, "\n".join(wrong)


def test_a_missing_sentence_and_a_wrong_placeholder_are_seen() -> None:
    good = {kind.code: " ".join(f"{{{field.name}}}" for field in fields(kind)) for kind in errors()}
    assert mistakes(good) == []
    without = {code: sentence for code, sentence in good.items() if code != "over_report"}
    assert mistakes(without) == ["over_report has no sentence"]
    assert mistakes(good | {"over_report": "剩 {left}，多 {more}"})
    assert mistakes(good | {"nobody_raises": "x"})


@pytest.mark.parametrize("kind", MOVING)
def test_every_status_has_a_name(kind: type) -> None:
    statuses = set(getattr(kind, "MOVES", ()))
    assert [family for family, known in STATUSES.items() if statuses <= set(known)] != []


def test_every_event_has_a_name() -> None:
    written = {one for source in modules() if source.within("domain") for one in events(source)}
    nameless = sorted(written - set(ACTS))
    assert not nameless, "\n".join(nameless)


def test_every_event_can_be_undone_or_says_why_not() -> None:
    written = {one for source in modules() if source.within("domain") for one in events(source)}
    assert sorted(written - undoable.UNDOABLE - set(undoable.FINAL)) == []
    assert sorted(set(undoable.FINAL.values()) - set(WHY_FINAL)) == []
    assert sorted(undoable.UNDOABLE & set(undoable.FINAL)) == []


def test_events_are_found_where_they_are_written() -> None:
    text = 'work.record("order.released", data={}); _record(work, "andon.raised", x); log.info("not.this")'
    assert list(events(Source("domain/actions/a.py", text))) == ["order.released", "andon.raised"]


@pytest.mark.parametrize("language", OTHERS)
def test_everything_that_is_said_is_translated(language: str) -> None:
    untold = words.missing(language)
    assert not untold, "\n".join([f"{len(untold)} texts are not translated:", *untold])


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_translated_that_nobody_says(language: str) -> None:
    assert sorted(set(catalogue(language)) - set(words.said())) == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_placeholders_of_its_source(language: str) -> None:
    assert [
        text for text, said in catalogue(language).items() if placeholders(text) != placeholders(said)
    ] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_keeps_no_chinese_but_what_one_has_to_say(language: str) -> None:
    left = {word for said in catalogue(language).values() for word in CHINESE_WORD.findall(said)}
    assert sorted(left - SAYABLE) == []


def test_what_is_said_is_found() -> None:
    said = words.said()
    for text in (*SENTENCES.values(), *ACTS.values(), *PERMISSIONS.values()):
        assert text in said
    for spec in Registry.discover("commands").specs:
        assert {spec.help, spec.group} <= set(said)
    assert list(words.marks('x = _("报工 {order}").format(order=1); y = _(name)')) == ["报工 {order}"]


def errors() -> list[type[DomainError]]:
    """Every refusal, however deep it is derived."""
    found = [DomainError]
    for kind in found:
        found.extend(kind.__subclasses__())
    return [
        kind
        for kind in found
        if kind.__module__.startswith(domain.errors.__name__) and kind is not DomainError
    ]


def mistakes(told: Mapping[str, str]) -> list[str]:
    """What is missing, superfluous or does not fit the data of its error."""
    kinds = {kind.code: kind for kind in errors()}
    wrong = [f"{code} is the sentence of no error" for code in told if code not in kinds]
    for code, kind in kinds.items():
        known = {field.name for field in fields(kind)}
        if not told.get(code):
            wrong.append(f"{code} has no sentence")
        elif placeholders(told[code]) != known:
            wrong.append(f"{code} says {sorted(placeholders(told[code]))} and knows {sorted(known)}")
    return wrong


def placeholders(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def events(source: Source) -> Iterator[str]:
    """The event types that a file writes."""
    for call in source.nodes(ast.Call):
        assert isinstance(call, ast.Call)
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name.endswith("record"):
            texts = (str(given.value) for given in call.args[:2] if isinstance(given, ast.Constant))
            yield from filter(EVENT.fullmatch, texts)
