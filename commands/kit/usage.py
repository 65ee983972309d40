"""Reads a usage line: 「报工 <order> <operation> <good>良 [<scrap>废]」."""

import re
from dataclasses import dataclass

_ITEM = re.compile(r"\[[^\[\]]*\]|[^\s\[\]]+")
_SLOT = re.compile(r"([^<>\s]*)<([a-z][a-z0-9_]*)>([^<>\s]*)")


class UsageError(ValueError):
    """The usage line cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a usage line: a word (`slot` empty), or a slot with the words glued to it."""

    slot: str = ""
    word: str = ""
    before: str = ""
    after: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Usage:
    """A usage line in parts. The first required word is the verb; a line of slots only has none."""

    line: str
    parts: tuple[Part, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The required words, the verb first."""
        return tuple(part.word for part in self.parts if part.word and not part.optional)

    @property
    def slots(self) -> tuple[Part, ...]:
        """The parts that are slots, in order."""
        return tuple(part for part in self.parts if part.slot)


def read_usage(line: str) -> Usage:
    """Return the parts of `line`; raises UsageError."""
    if _ITEM.sub("", line).strip():
        raise UsageError("方括号不成对 (unbalanced [ ])")
    parts = tuple(_part(item[0]) for item in _ITEM.finditer(line))
    if not parts:
        raise UsageError("用法是空的 (empty usage)")
    names = [part.slot for part in parts if part.slot]
    if twice := {name for name in names if names.count(name) > 1}:
        raise UsageError(f"slot written twice: {', '.join(sorted(twice))}")
    return Usage(line, parts)


def _part(item: str) -> Part:
    optional = item.startswith("[")
    inner = item.strip("[] ")
    if not inner or (" " in inner and "<" in inner):
        raise UsageError(f"brackets hold one slot or one word: {item}")
    slot = _SLOT.fullmatch(inner)
    if slot:
        return Part(slot=slot[2], before=slot[1], after=slot[3], optional=optional)
    if "<" in inner or ">" in inner:
        raise UsageError(f"not a slot: {item} (write <name>, lower case)")
    return Part(word=inner, optional=optional)
