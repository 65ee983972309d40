"""YAML files into plain data whose every value knows its file, line and column.

Scalars stay text (`0012`, `no`, `0.1` are what stands there) and the models read them, so nothing turns
into a float or a boolean on the way. Only plain values exist: no tags, no objects, no reference to oneself.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from domain.playbook.problems import Loc, Mark, Problem

LARGEST_MB = 8
MOST_VALUES = 300_000
DEEPEST = 12  # levels; the deepest field of a playbook stands six levels down
HINTS = (
    ("'\\t'", "用了制表符，缩进只能用空格"),
    ("mapping values are not allowed", "冒号用错了地方：缩进不对，或者值里有冒号要加引号"),
    ("could not find expected ':'", "缺少冒号"),
    ("expected ',' or ']'", "方括号没有写完"),
    ("expected ',' or '}'", "花括号没有写完"),
    ("expected <block end>", "缩进不对"),
    ("unexpected end of stream", "引号没有写完"),
    ("undefined alias", "没有这个引用"),
)
NOTHING = ("", "~", "null")
PLAIN_TAG = "tag:yaml.org,2002:"


@dataclass
class Source:
    """What the files say: data by section, the place of every value and name, and what is wrong so far."""

    root: str
    data: dict[str, Any] = field(default_factory=dict)
    values: dict[Loc, Mark] = field(default_factory=dict)
    names: dict[Loc, Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: bool = False  # a file could not be read, so what it declares is not known

    def mark(self, loc: Loc, *, at_name: bool = False) -> Mark:
        """Return where this value (or its name) stands, else where the nearest thing around it stands."""
        if at_name and loc in self.names:
            return self.names[loc]
        while loc and loc not in self.values:
            loc = loc[:-1]
        return self.values.get(loc, Mark(self.root))

    def blame(self, loc: Loc, code: str, *, at_name: bool = False, **data: object) -> Problem:
        """Make the problem of this place."""
        return Problem(self.mark(loc, at_name=at_name), loc, code, {key: str(it) for key, it in data.items()})


def read_source(path: Path) -> Source:
    """Read a folder's *.yaml and *.yml (not its sub-folders), or one file; problems are in the source."""
    source = Source(root=path.name)
    if not path.exists():
        source.problems.append(Problem(Mark(str(path)), (), "no_folder"))
        source.broken = True
        return source
    files = _files(path)
    if not files:
        source.problems.append(Problem(Mark(path.name), (), "no_files"))
        source.broken = True
    for file in files:
        _read_file(source, file, shown=f"{file.parent.name}/{file.name}")
    return source


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    found = [*path.glob("*.yaml"), *path.glob("*.yml")]
    return sorted(file for file in found if file.is_file() and not file.name.startswith("."))


def _read_file(source: Source, file: Path, *, shown: str) -> None:
    found = len(source.problems)
    text = _text(source, file, shown=shown)
    node = _compose(source, text, shown=shown) if text is not None else None
    if isinstance(node, MappingNode):
        try:
            _Reader(source, shown).sections(node)
        except _TooManyValues:
            source.problems.append(Problem(Mark(shown), (), "too_many", {"limit": str(MOST_VALUES)}))
            source.broken = True
        return
    if node is not None:
        source.problems.append(Problem(_mark(node, shown), (), "not_a_mapping"))
    source.broken |= len(source.problems) > found


def _text(source: Source, file: Path, *, shown: str) -> str | None:
    try:
        if file.stat().st_size > LARGEST_MB * 1_000_000:
            source.problems.append(Problem(Mark(shown), (), "too_large", {"limit": str(LARGEST_MB)}))
            return None
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        source.problems.append(Problem(Mark(shown, line, 1), (), "not_utf8"))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        source.problems.append(Problem(Mark(shown), (), "unreadable", {"reason": reason}))
    return None


def _compose(source: Source, text: str, *, shown: str) -> Node | None:
    try:
        node: Node | None = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        at = error.problem_mark or error.context_mark
        mark = Mark(shown, at.line + 1, at.column + 1) if at else Mark(shown)
        source.problems.append(Problem(mark, (), "syntax", {"reason": _hinted(error.problem or str(error))}))
        return None
    except (YAMLError, ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        source.problems.append(Problem(Mark(shown), (), "syntax", {"reason": reason}))
        return None
    return node


def _hinted(reason: str) -> str:
    chinese = next((hint for part, hint in HINTS if part in reason), "")
    return f"{chinese}（{reason}）" if chinese else reason


def _mark(node: Node, shown: str) -> Mark:
    return Mark(shown, node.start_mark.line + 1, node.start_mark.column + 1)


class _TooManyValues(Exception):
    """References to references have grown beyond what any plant needs."""


class _Reader:
    """Turns the nodes of one file into data, and writes down where everything stands."""

    def __init__(self, source: Source, shown: str) -> None:
        self.source = source
        self.shown = shown
        self._open: set[int] = set()

    def sections(self, node: MappingNode) -> None:
        """Add the top-level names of a file to the source; a section stands in one file only."""
        for name, key, value in self._pairs(node, ()):
            there = self.source.names.get((name,))
            if there and there.file != self.shown:
                self._problem(key, (name,), "section_twice", name=name, file=there.file, line=there.line)
                continue
            self._put(self.source.data.__setitem__, name, key, value, ())

    def _put(self, put: Callable[[str, Any], None], name: str, key: Node, value: Node, loc: Loc) -> None:
        inner = (*loc, name)
        self.source.names[inner] = _mark(key, self.shown)
        put(name, self._value(value, inner))

    def _pairs(self, node: MappingNode, loc: Loc) -> list[tuple[str, Node, Node]]:
        pairs: dict[str, tuple[str, Node, Node]] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self._problem(key, loc, "key_not_text")
            elif key.value in pairs:
                first = pairs[key.value][1].start_mark.line + 1
                self._problem(key, (*loc, key.value), "duplicate_key", name=key.value, line=first)
            else:
                pairs[key.value] = (key.value, key, value)
        return list(pairs.values())

    def _value(self, node: Node, loc: Loc) -> Any:
        if len(self.source.values) >= MOST_VALUES:
            raise _TooManyValues
        self.source.values[loc] = _mark(node, self.shown)
        if id(node) in self._open:
            self._problem(node, loc, "recursive", anchor=node.anchor or "")
            return None
        if len(loc) > DEEPEST:
            self._problem(node, loc, "too_deep", limit=DEEPEST)
            return None
        if not str(node.tag).startswith(PLAIN_TAG) or "python" in str(node.tag):
            self._problem(node, loc, "tag", tag=node.tag)
            return None
        self._open.add(id(node))
        try:
            return self._plain(node, loc)
        finally:
            self._open.discard(id(node))

    def _plain(self, node: Node, loc: Loc) -> Any:
        if isinstance(node, SequenceNode):
            return [self._value(item, (*loc, place)) for place, item in enumerate(node.value)]
        if isinstance(node, MappingNode):
            data: dict[str, Any] = {}
            for name, key, value in self._pairs(node, loc):
                self._put(data.__setitem__, name, key, value, loc)
            return data
        plain = getattr(node, "style", None) is None
        return None if plain and node.value in NOTHING else node.value

    def _problem(self, node: Node, loc: Loc, code: str, **data: object) -> None:
        words = {key: str(it) for key, it in data.items()}
        self.source.problems.append(Problem(_mark(node, self.shown), loc, code, words))
