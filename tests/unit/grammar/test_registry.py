"""Commands that contradict themselves or each other stop the start-up, with file and line."""

import sys
import types
from collections.abc import Callable

import pytest

from commands.kit import Context, GrammarError, OrderCode, Quantity, Registry, Text, command
from notifier.card import Card
from tests.unit.grammar import pretend


def refused(*functions: Callable[..., Card]) -> str:
    with pytest.raises(GrammarError) as stopped:
        Registry(functions)
    assert f"{__file__}:" in str(stopped.value), "the place is named"
    return str(stopped.value)


@command("报工 <order>")
def honest(ctx: Context, order: OrderCode) -> Card:
    """一条没有问题的命令。"""
    return Card(title=f"{order}{ctx.said}")


def test_a_sound_command_starts() -> None:
    assert [spec.name for spec in Registry([honest]).specs] == ["honest"]


def test_the_function_stays_the_function_that_it_was() -> None:
    assert honest.__name__ == "honest"
    assert honest.__doc__ == "一条没有问题的命令。"


def test_the_same_verb_twice() -> None:
    @command("报工 <text>")
    def other(ctx: Context, text: Text) -> Card:
        """另一条。"""
        return Card(title=text + ctx.said)

    assert "「报工」 already belong to honest" in refused(honest, other)


def test_the_same_verb_in_other_clothes() -> None:
    @command("日报", "ＢＧ")
    def one(ctx: Context) -> Card:
        """一。"""
        return Card(title=ctx.said)

    @command("月报", "bg")
    def two(ctx: Context) -> Card:
        """二。"""
        return Card(title=ctx.said)

    assert "「bg」" in refused(one, two)


def test_the_same_name_twice() -> None:
    def make(verb: str) -> Callable[..., Card]:
        @command(verb)
        def same(ctx: Context) -> Card:
            """同名。"""
            return Card(title=ctx.said)

        return same

    assert "the name 「same」" in refused(make("甲"), make("乙"))


def test_two_commands_for_a_lone_code() -> None:
    @command("<order>")
    def scan(ctx: Context, order: OrderCode) -> Card:
        """一。"""
        return Card(title=order + ctx.said)

    @command("<order>")
    def look(ctx: Context, order: OrderCode) -> Card:
        """二。"""
        return Card(title=order + ctx.said)

    assert "the lone code" in refused(scan, look)


def test_an_unknown_slot() -> None:
    @command("报工 <orders>")
    def wrong(ctx: Context, order: OrderCode = "") -> Card:
        """写错了。"""
        return Card(title=order + ctx.said)

    assert "<orders> is no parameter" in refused(wrong)


def test_a_parameter_that_nobody_can_say() -> None:
    @command("报工 <order>")
    def wrong(ctx: Context, order: OrderCode, good: Quantity = 0) -> Card:
        """漏了。"""
        return Card(title=f"{order}{good}{ctx.said}")

    assert "no usage has a slot for: good" in refused(wrong)


def test_an_optional_slot_without_default() -> None:
    @command("报工 [<order>]")
    def wrong(ctx: Context, order: OrderCode) -> Card:
        """没有默认值。"""
        return Card(title=order + ctx.said)

    assert "optional, its parameter has no default" in refused(wrong)


def test_a_usage_that_lacks_a_required_parameter() -> None:
    @command("报工 <order>", "完工 [<good>]")
    def wrong(ctx: Context, order: OrderCode, good: Quantity = 0) -> Card:
        """第二个说法少了工单。"""
        return Card(title=f"{order}{good}{ctx.said}")

    assert "「完工 [<good>]」 lacks order" in refused(wrong)


def test_a_type_that_is_no_slot_type() -> None:
    @command("报工 <order>")
    def wrong(ctx: Context, order: float) -> Card:
        """类型不对。"""
        return Card(title=f"{order}{ctx.said}")

    assert "is no slot type" in refused(wrong)


def test_two_free_texts() -> None:
    @command("报工 <one> <two>")
    def wrong(ctx: Context, one: Text, two: Text) -> Card:
        """两段自由文字。"""
        return Card(title=one + two + ctx.said)

    assert "two slots of free text" in refused(wrong)


def test_no_chinese_help() -> None:
    @command("报工 <order>")
    def wrong(ctx: Context, order: OrderCode) -> Card:
        """Report work."""
        return Card(title=order + ctx.said)

    assert "docstring" in refused(wrong)


def test_no_context() -> None:
    @command("报工 <order>")
    def wrong(order: OrderCode) -> Card:
        """没有 ctx。"""
        return Card(title=order)

    assert "ctx: Context" in refused(wrong)


@pytest.mark.parametrize(
    ("usage", "why"),
    [
        ("", "empty usage"),
        ("报工 [<order>", "unbalanced"),
        ("报工 <Order>", "not a slot"),
        ("报工 [<order> 好]", "one slot or one word"),
        ("<order> <order>", "twice"),
        ("[报工] <order>号", "no verb"),
    ],
)
def test_a_usage_line_that_cannot_be_read(usage: str, why: str) -> None:
    @command(usage)
    def wrong(ctx: Context, order: OrderCode = "") -> Card:
        """写坏了。"""
        return Card(title=order + ctx.said)

    assert why in refused(wrong)


def test_every_problem_is_told_at_once() -> None:
    @command("一 <order>")
    def first(ctx: Context) -> Card:
        """一。"""
        return Card(title=ctx.said)

    @command("二 <order>")
    def second(ctx: Context) -> Card:
        """二。"""
        return Card(title=ctx.said)

    with pytest.raises(GrammarError) as stopped:
        Registry([first, second])
    assert len(stopped.value.problems) == 2


def test_commands_are_found_in_their_package_and_only_where_they_are_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("found") / "plantcommands"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "first.py").write_text(
        "from commands.kit import Context, command\nfrom notifier.card import Card\n\n"
        '@command("甲")\ndef first(ctx: Context) -> Card:\n    """甲。"""\n    return Card()\n'
    )
    (folder / "second.py").write_text("from plantcommands.first import first\n")
    monkeypatch.syspath_prepend(str(folder.parent))
    registry = Registry.discover("plantcommands")
    assert [spec.name for spec in registry.specs] == ["first"]
    for name in [name for name in sys.modules if name.startswith("plantcommands")]:
        monkeypatch.delitem(sys.modules, name)


def test_a_command_is_found_by_its_words() -> None:
    found = pretend.REGISTRY.find("ＢＧ")
    assert found is not None
    assert found.name == "report"
    assert pretend.REGISTRY.find("没有") is None
    assert isinstance(pretend, types.ModuleType)
