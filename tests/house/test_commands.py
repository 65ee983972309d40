"""One file, one command: with help, with a conversation, and found by itself."""

import ast
import re
from collections.abc import Iterator

import pytest

from commands.kit.usage import read_usage
from tests.house.tree import Source, modules, texts

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_every_command_file_keeps_the_rules() -> None:
    talks = "\n".join(source.text for source in texts() if source.within("tests/talks"))
    wrong = [one for source in modules() if is_command_file(source) for one in problems(source, talks=talks)]
    assert not wrong, "\n".join(wrong)


GOOD = '''
@command("报工 <order> <good>良", reads=False)
def report(ctx: Context) -> Card:
    """登记一道工序的良品数。"""

def _spell(x): ...
'''


def test_a_command_as_it_should_be_passes() -> None:
    assert list(problems(Source("commands/report.py", GOOD), talks="小李：报工 WO-1 50良")) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("def report(): ...", "0 commands"),
        (GOOD + GOOD, "2 commands"),
        (GOOD.replace('"""登记一道工序的良品数。"""', "..."), "help"),
        (GOOD.replace("登记一道工序的良品数。", "Reports."), "help"),
        (GOOD.replace("报工", "收料"), "talk"),
        (GOOD.replace("def _spell", "def spell"), "public"),
    ],
)
def test_a_command_that_breaks_a_rule_is_seen(text: str, why: str) -> None:
    assert any(why in wrong for wrong in problems(Source("commands/report.py", text), talks="报工"))


def is_command_file(source: Source) -> bool:
    """Everything right below `commands/`."""
    return source.path.startswith("commands/") and source.path.count("/") == 1 and source.name != "__init__"


def problems(source: Source, *, talks: str) -> Iterator[str]:
    """What is wrong with a command file; `talks` is the text of all conversations."""
    functions = [node for node in source.tree.body if isinstance(node, ast.FunctionDef)]
    commands = [node for node in functions if usages(node)]
    if len(commands) != 1:
        yield f"{source.path}: {len(commands)} commands in one file"
    for node in commands:
        if not CHINESE.search(ast.get_docstring(node) or ""):
            yield source.at(node, "the docstring is the help, in Chinese")
        verbs = {word for line in usages(node) for word in read_usage(line).words[:1]}
        if verbs and not any(verb in talks for verb in verbs):
            yield source.at(node, "no talk in tests/talks says it")
    for node in functions:
        if node not in commands and not node.name.startswith("_"):
            yield source.at(node, f"{node.name} is public: it belongs to the domain or to the kit")


def usages(node: ast.FunctionDef) -> list[str]:
    """The usage lines of a command; none if the function is no command."""
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name | ast.Attribute):
            called = decorator.func.id if isinstance(decorator.func, ast.Name) else decorator.func.attr
            if called == "command":
                return [str(line.value) for line in decorator.args if isinstance(line, ast.Constant)]
    return []
