"""The grammar takes anything: it never raises, and its work does not grow faster than the text."""

import gc
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commands.kit import Ask, Confirm, Pending, Run, Suggest, normalise
from commands.kit.courtesies import NO, YES
from commands.kit.numerals import number
from commands.kit.sentence import HEAD
from tests.unit.grammar.pretend import REGISTRY, hear

FOUR_KB = 4096
WORDS = (
    "报工 WO-1001 焊接 50 良 2 废 返工 接 谁 负责 因为 从 到 a1 - . / : # 一 半 十 万 点 % 明天 周五 12-01 "
    "17:00 A-12 LOT-7 合格 不合格 的 了 ， 。 😀 完成了 我们 ( ) [ ] < > { } \\ * 个 件 1,000 hj 张三 日报 "
    "2h 分钟 小时 个半 暂停 静音 确认 取消 @ = ' \" $ % ${x} {0} =cmd"
)
PIECES = (*WORDS.split(), " ", "\n", "\x1d", "\u200b", "\u202e", "\ud800", "\ufdfa", "\u0301")
OPEN = [
    None,
    *(result.row for said in ("报工", "报工 1001 焊接", "暂停 1001", "静音 A-1", "冻结 LOT-1")
      if isinstance(result := hear(said), Ask | Confirm)),
]  # fmt: skip
chatter = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@given(
    text=st.text(max_size=300) | chatter, pending=st.sampled_from(OPEN), code=st.none() | st.text(max_size=40)
)
@example(text="\ufdfa" * 200, pending=None, code=None)
@example(text="\u0301" * 200 + "\u0316" * 200, pending=None, code=None)
@example(text="报工 " + "一" * 300, pending=None, code="\x1e06\x1dP")
def test_it_never_raises_and_always_answers(text: str, pending: Pending | None, code: str | None) -> None:
    result = hear(text, pending=pending, codes=(code,) if code else ())
    if isinstance(result, Ask | Confirm):
        result.row.to_json()
    if isinstance(result, Run | Ask | Confirm):
        assert result.sentence.strip()
    if isinstance(result, Suggest):
        assert all(result.sentences)


@given(text=chatter | st.text(max_size=200))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert not any(char in once for char in "\x00\u200b\u202e\ufeff\r\t")


@given(text=st.text(alphabet="零一二三四五六七八九十百千万亿两俩半点百分之0123456789.", max_size=20))
def test_a_numeral_is_a_finite_number_or_none(text: str) -> None:
    value = number(text)
    assert value is None or value.is_finite()


def wide(text: str) -> str:
    """The same text from a full-width keyboard."""
    table = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
    return text.translate(table)


@given(
    good=st.integers(0, 99_999),
    scrap=st.integers(0, 999),
    order=st.sampled_from(["WO-1001", "wo1002", "2001"]),
    shape=st.sampled_from(
        ["报工 {o} 焊接 {g} 良 {s} 废", "{o} hj 报工 良{g} 废{s}", "bg {o} 组装 {g}良{s}废"]
    ),
)
def test_full_width_and_half_width_mean_the_same(good: int, scrap: int, order: str, shape: str) -> None:
    said = shape.format(o=order, g=good, s=scrap)
    half, full = hear(said), hear(wide(said))
    assert isinstance(half, Run), said
    assert isinstance(full, Run), wide(said)
    assert full.arguments == half.arguments
    assert half.arguments["good"] == good
    assert half.arguments["scrap"] == scrap


@given(
    good=st.integers(0, 10**6),
    scrap=st.integers(0, 999),
    rework=st.integers(0, 999),
    operation=st.sampled_from(["焊接", "组装", "二次焊接"]),
)
def test_a_run_said_again_is_the_same_run(good: int, scrap: int, rework: int, operation: str) -> None:
    first = hear(f"报工 WO-1001 {operation} 返{rework} 废{scrap} 良{good}")
    assert isinstance(first, Run)
    again = hear(first.sentence)
    assert isinstance(again, Run)
    assert {**again.arguments, "scrap": scrap, "rework": rework} == first.arguments


def repeated(piece: str, length: int) -> str:
    return (piece * (length // len(piece) + 1))[:length]


def calls(action: Callable[[], object]) -> int:
    """How many functions, Python's and C's, an action calls."""
    count = 0

    def on_event(_frame: FrameType, event: str, _arg: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    gc.disable()  # it would run finalizers of what earlier tests have left, and they would be counted
    sys.setprofile(on_event)
    try:
        action()
    finally:
        sys.setprofile(None)
        gc.enable()
    return count


HOSTILE = [
    *PIECES,
    "报工 ",
    "报工 焊接\n",
    "a\n",
    "!\n",
    "一 ",
    "完成了完成",
    "LOT-7 ",
    "谁负责",
    "宝工",
    "1 ",
    "a.",
    "0-",
]


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("opening", ["", "报工 ", "暂停 1001 "])
def test_four_kilobytes_of_anything_cost_a_bounded_number_of_steps(piece: str, opening: str) -> None:
    small, large = opening + repeated(piece, FOUR_KB), opening + repeated(piece, 3 * FOUR_KB)
    hear(small)
    steps = calls(lambda: hear(small))
    assert steps < 20_000
    assert calls(lambda: hear(large)) < 3.5 * steps + 1000


def best(text: str) -> float:
    """Processor time of one message, the least of several."""
    took = []
    for _ in range(7):
        began = time.process_time_ns()
        hear(text)
        took.append(time.process_time_ns() - began)
    return min(took)


RUNS = [
    "a",
    "1",
    "50",
    "一",
    "完成了",
    "a.",
    "\u0301\u0316",
    "\ufdfa",
    "- ",
    "wo-1-1-1",
    "半个半",
    "1:",
    "12-",
    "1 分钟",
]


@pytest.mark.timed
@pytest.mark.parametrize("piece", RUNS)
@pytest.mark.parametrize("length", [HEAD, 8 * 1024])
def test_eight_times_the_text_is_not_sixty_four_times_the_work(piece: str, length: int) -> None:
    for opening in ("", "报工 ", "交给 ", "静音 "):
        long, short = opening + repeated(piece, length), opening + repeated(piece, length // 8)
        assert best(long) < 24 * best(short), opening


def test_words_of_consent_are_no_other_commands() -> None:
    assert not YES & NO
    assert all(REGISTRY.find(word) is None for word in YES | NO)
