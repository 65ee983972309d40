"""Turns a declaration into a checked command, or says in which file and line it is wrong."""

import inspect
import types
from collections.abc import Mapping
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from commands.kit.normal import fold, normalise
from commands.kit.slots import Choice, SlotType
from commands.kit.spec import ATTRIBUTE, NO_DEFAULT, Declaration, Phrasing, Run_, Slot, Spec
from commands.kit.usage import Part, Usage, UsageError, read_usage
from commands.kit.words import MARKS, STATES


class BadCommand(ValueError):
    """A command that must not start; the text names its place."""


def place_of(function: Run_) -> str:
    """Return file:line of a function."""
    code = inspect.unwrap(function).__code__
    return f"{code.co_filename}:{code.co_firstlineno}"


def read_command(function: Run_) -> Spec:
    """Return the spec of a declared function; raises BadCommand."""
    declaration: Declaration = getattr(function, ATTRIBUTE)
    try:
        return _spec(declaration)
    except (UsageError, NameError, TypeError) as problem:
        raise BadCommand(f"{place_of(function)}: {function.__name__}: {problem}") from problem


def _spec(declared: Declaration) -> Spec:
    function = declared.function
    summary = (inspect.getdoc(function) or "").strip()
    if not any("\u3400" <= char <= "\u9fff" for char in summary):
        raise UsageError("the docstring is the help text: write it in Chinese (缺少中文说明)")
    if declared.roles and declared.permission:
        raise UsageError("roles or permission, not both")
    arguments = _arguments(function)
    phrasings = _phrasings(declared.lines, arguments)
    _check_complete(phrasings, arguments, {**declared.choices, **declared.known})
    return Spec(
        name=function.__name__, function=function, help=summary, phrasings=phrasings, reads=declared.reads,
        roles=declared.roles, permission=declared.permission, confirm=declared.confirm, group=declared.group,
        examples=declared.examples, choices=declared.choices, known=declared.known, looks=declared.looks,
        place=place_of(function),
    )  # fmt: skip


Argument = tuple[SlotType, bool, Any]  # type, many, default


def _arguments(function: Run_) -> dict[str, Argument]:
    hints = get_type_hints(function, include_extras=True)
    parameters = list(inspect.signature(function).parameters.values())
    if not parameters or parameters[0].name != "ctx":
        raise UsageError("the first parameter is ctx: Context")
    found: dict[str, Argument] = {}
    for parameter in parameters[1:]:
        slot_type, many = _slot_type(hints.get(parameter.name), parameter.name)
        default = parameter.default
        if default is not NO_DEFAULT and default is not None and not many:
            default = slot_type.load(slot_type.dump(default))
        found[parameter.name] = (slot_type, many, default)
    return found


def _slot_type(hint: Any, name: str) -> tuple[SlotType, bool]:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        inner = [arm for arm in get_args(hint) if arm is not type(None)]
        return _slot_type(inner[0], name) if len(inner) == 1 else _unknown(name, hint)
    if origin is tuple and len(get_args(hint)) == 2 and get_args(hint)[1] is Ellipsis:  # noqa: PLR2004 (tuple[X, ...])
        return _slot_type(get_args(hint)[0], name)[0], True
    if origin is Annotated:
        found = [meta for meta in get_args(hint) if isinstance(meta, SlotType)]
        return (found[0], False) if found else _unknown(name, hint)
    return _choice(hint, name), False


def _choice(hint: Any, name: str) -> SlotType:
    if get_origin(hint) is Literal:
        return Choice("choice", "选项", words=tuple((str(word), ()) for word in get_args(hint)))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return Choice("choice", "选项", words=tuple((str(one.value), ()) for one in hint), enum=hint)
    return _unknown(name, hint)[0]


def _unknown(name: str, hint: Any) -> tuple[SlotType, bool]:
    raise UsageError(f"parameter {name}: {hint!r} is no slot type (see commands/kit/words.py)")


def _phrasings(lines: tuple[str, ...], arguments: Mapping[str, Argument]) -> tuple[Phrasing, ...]:
    usages = [read_usage(line) for line in lines]
    first, others = usages[0], usages[1:]
    synonyms = [usage for usage in others if first.words and not usage.slots]
    full = [first, *(usage for usage in others if usage not in synonyms)]
    return tuple(
        Phrasing(
            usage,
            verbs=(*usage.words[:1], *(" ".join(synonym.words) for synonym in synonyms if usage is first)),
            slots=tuple(_slot(part, arguments) for part in usage.slots),
        )
        for usage in (_with_verb(first), *map(_telling, full[1:]))
    )


def _with_verb(usage: Usage) -> Usage:
    if not usage.words and not (
        len(usage.parts) == 1 and not usage.parts[0].before and not usage.parts[0].after
    ):
        raise UsageError(f"no verb in 「{usage.line}」 (a lone <code> is the only first usage without one)")
    return usage


def _telling(usage: Usage) -> Usage:
    """A further usage may leave the verb out where two things, or a thing and a mark, say what is meant."""
    if not usage.words and len(usage.slots) < 2 and not any(it.before or it.after for it in usage.slots):  # noqa: PLR2004 (two)
        raise UsageError(f"neither verb nor mark in 「{usage.line}」")
    return usage


def _slot(part: Part, arguments: Mapping[str, Argument]) -> Slot:
    if part.slot not in arguments:
        raise UsageError(f"<{part.slot}> is no parameter of the function")
    slot_type, many, default = arguments[part.slot]
    if part.optional and default is NO_DEFAULT:
        raise UsageError(f"[<{part.slot}>] is optional, its parameter has no default")
    after = _said(part.after)
    before = _said(part.before)
    mark = part.after or part.before
    label = MARKS[mark][0] + "数" if mark in MARKS else slot_type.label
    folded = [tuple(fold(normalise(word)) for word in words) for words in (before, after)]
    return Slot(
        part.slot, slot_type, label, not part.optional, many=many, default=default,
        before=(*folded[0], *folded[1]), after=folded[1],
    )  # fmt: skip


def _said(mark: str) -> tuple[str, ...]:
    """Return the ways to say a mark, none where there is none."""
    return (MARKS.get(mark) or STATES.get(mark) or (mark,)) if mark else ()


def _check_complete(
    phrasings: tuple[Phrasing, ...], arguments: Mapping[str, Argument], choices: Mapping[str, Any]
) -> None:
    said = {slot.name for phrasing in phrasings for slot in phrasing.slots}
    if unsaid := [name for name in arguments if name not in said]:
        raise UsageError(f"no usage has a slot for: {', '.join(unsaid)}")
    if strange := [name for name in choices if name not in said]:
        raise UsageError(f"choices for unknown slots: {', '.join(strange)}")
    for phrasing in phrasings:
        names = {slot.name for slot in phrasing.slots}
        if lacking := [
            name for name, (_, _, default) in arguments.items() if default is NO_DEFAULT and name not in names
        ]:
            raise UsageError(f"「{phrasing.usage.line}」 lacks {', '.join(lacking)}, which have no default")
        if sum(slot.type.free for slot in phrasing.slots) > 1:
            raise UsageError(f"「{phrasing.usage.line}」 has two slots of free text")
