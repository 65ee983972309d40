"""Data from files into models, item by item, so that one mistake does not hide the next."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from domain.playbook.kinds import Ref, Rule
from domain.playbook.problems import Loc, Problem
from domain.playbook.source import Source

SHOWN = 60
SAME_SENTENCE = {
    "string_type": "text",
    "int_parsing": "number",
    "int_type": "number",
    "int_from_float": "number",
    "int_parsing_size": "number",
    "decimal_parsing": "decimal",
    "decimal_type": "decimal",
    "finite_number": "decimal",
    "bool_parsing": "boolean",
    "bool_type": "boolean",
    "date_parsing": "date",
    "date_type": "date",
    "date_from_datetime_parsing": "date",
    "date_from_datetime_inexact": "date",
    "literal_error": "choice",
    "tuple_type": "list",
    "too_short": "list_short",
    "model_type": "mapping",
    "model_attributes_type": "mapping",
    "string_pattern_mismatch": "code",
    "string_too_short": "empty",
    "string_too_long": "too_long",
}
OWN = frozenset(
    {"duration", "days", "clock", "share", "secret", "zone", "regex", "sample_differs", "since_after_until"}
    | {"own_substitute", "rung_person", "repeat_too_short", "reserve_too_large", "either_or"}
    | {"warn_too_early", "low_above_high"}
)
BOUNDS = {
    "greater_than": ("gt", "大于"),
    "greater_than_equal": ("ge", "不小于"),
    "less_than": ("lt", "小于"),
    "less_than_equal": ("le", "不大于"),
}


@dataclass
class Draft:
    """Every item that could be read, where it stands, and every code that is declared (readable or not)."""

    source: Source
    items: dict[str, list[tuple[Loc, Any]]] = field(default_factory=dict)
    declared: dict[str, dict[str, Loc]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def blame(self, loc: Loc, code: str, **data: object) -> None:
        """Note a problem of this place."""
        self.problems.append(self.source.blame(loc, code, at_name=False, **data))

    def of(self, section: str) -> list[tuple[Loc, Any]]:
        """Return the readable items of a section, each with its place."""
        return self.items.get(section, [])


def draft(model: type[Rule], source: Source) -> Draft:
    """Read every section of `model` from the source; problems of files, fields and codes are noted."""
    made = Draft(source, problems=list(source.problems))
    for name in source.data:
        if name not in model.model_fields:
            made.problems.append(_unknown_field(source, (name,), model))
    for name, info in model.model_fields.items():
        _section(made, name, info)
    return made


def _section(made: Draft, name: str, info: FieldInfo) -> None:
    raw = made.source.data.get(name)
    several = get_origin(info.annotation) is tuple
    made.declared[name] = {}
    if raw is None:
        if info.is_required() and not made.source.broken:
            made.blame((), "missing", name=name, meaning=info.description)
    elif not several:
        _item(made, name, (name,), info.annotation, raw)
    elif not isinstance(raw, list):
        made.blame((name,), "list")
    else:
        item_type = get_args(info.annotation)[0]
        if info.is_required() and not raw:
            made.blame((name,), "list_short", least=1)
        for place, item in enumerate(raw):
            _declare(made, name, place, item_type, item)
            _item(made, name, (name, place), item_type, item)


def _declare(made: Draft, section: str, place: int, item_type: Any, raw: Any) -> None:
    key = getattr(item_type, "key", "code")
    code = raw.get(key) if isinstance(raw, dict) and key in item_type.model_fields else None
    if not isinstance(code, str):
        return
    first = made.declared[section].setdefault(code.strip(), (section, place))
    if first != (section, place):
        where = made.source.mark(first)
        chinese, english = label(section)
        made.blame(
            (section, place, key), "duplicate_code", kind=chinese, kind_en=english, given=code, first=where
        )


def _item(made: Draft, section: str, loc: Loc, item_type: Any, raw: Any) -> None:
    try:
        made.items.setdefault(section, []).append((loc, TypeAdapter(item_type).validate_python(raw)))
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False):
            made.problems.append(_translated(made.source, loc, item_type, error))


def _translated(source: Source, loc: Loc, item_type: type[Rule], error: ErrorDetails) -> Problem:
    inner: Loc = tuple(error["loc"])
    kind, ctx, whole = error["type"], error.get("ctx", {}), (*loc, *inner)
    given = shown(error["input"])
    owner = _model_at(item_type, inner[:-1])
    if kind == "extra_forbidden":
        return _unknown_field(source, whole, owner)
    if kind == "missing":
        meaning = owner.model_fields[str(inner[-1])].description if inner else ""
        return source.blame(whole, "missing", name=inner[-1] if inner else "", meaning=meaning)
    if kind in BOUNDS:
        limit, relation = BOUNDS[kind]
        return source.blame(whole, "bound", relation=relation, limit=ctx[limit], given=given)
    code = kind if kind in OWN else SAME_SENTENCE.get(kind, "value")
    return source.blame(
        whole,
        code,
        given=given,
        expected=str(ctx.get("expected", "")).replace("'", "").replace(" or ", "、").replace(", ", "、"),
        least=ctx.get("min_length", 1),
        most=ctx.get("max_length", ""),
        reason=error["msg"],
        first=ctx.get("first", ""),
        second=ctx.get("second", ""),
    )


def _unknown_field(source: Source, loc: Loc, owner: type[Rule]) -> Problem:
    allowed = list(owner.model_fields)
    name = str(loc[-1])
    return source.blame(
        loc, "unknown_field", at_name=True, name=name, near=guess(name, allowed), allowed="、".join(allowed)
    )


def shown(value: object) -> str:
    """Return what stands in the file, shortened for a sentence."""
    text = "（空）" if value is None else str(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def guess(word: str, known: list[str]) -> str:
    """Return the known word that looks most like this one, empty if none does."""
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    return close[0] if close else ""


def _model_at(model: type[Rule], loc: Loc) -> type[Rule]:
    for part in loc:
        if isinstance(part, str) and part in model.model_fields:
            model = next(_models_in(model.model_fields[part].annotation), model)
    return model


def _models_in(annotation: Any) -> Iterator[type[Rule]]:
    if isinstance(annotation, type) and issubclass(annotation, Rule):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def references(item: Rule, loc: Loc) -> Iterator[tuple[Loc, str, Ref]]:
    """Every text of an item that must be declared somewhere else, with its place."""
    for name, info in type(item).model_fields.items():
        value = getattr(item, name)
        ref = next(_refs_in(info), None)
        inner = (*loc, name)
        if ref and isinstance(value, str):
            yield inner, value, ref
        elif isinstance(value, Rule):
            yield from references(value, inner)
        elif isinstance(value, tuple):
            for place, part in enumerate(value):
                if ref and isinstance(part, str):
                    yield (*inner, place), part, ref
                elif isinstance(part, Rule):
                    yield from references(part, (*inner, place))


def _refs_in(info: FieldInfo) -> Iterator[Ref]:
    yield from (mark for mark in info.metadata if isinstance(mark, Ref))
    yield from _refs_deep(info.annotation)


def _refs_deep(annotation: Any) -> Iterator[Ref]:
    yield from (mark for mark in getattr(annotation, "__metadata__", ()) if isinstance(mark, Ref))
    for inner in get_args(annotation):
        yield from _refs_deep(inner)


LABELS = {
    "people": ("工号", "job number"),
    "departments": ("部门", "department"),
    "chats": ("群", "chat"),
    "roles": ("角色", "role"),
    "shifts": ("班次", "shift"),
    "lines": ("产线", "line"),
    "stations": ("工位", "station"),
    "equipment": ("设备", "equipment"),
    "operations": ("工序", "operation"),
    "ladders": ("升级路线", "ladder"),
    "andon_kinds": ("异常种类", "andon kind"),
    "reasons": ("原因", "reason"),
    "timers": ("计时", "timer"),
    "digests": ("提要", "digest"),
    "calendar": ("年份", "year"),
    "budgets": ("平台", "platform"),
    "materials": ("物料", "material"),
    "products": ("产品", "product"),
    "suppliers": ("供应商", "supplier"),
    "customers": ("客户", "customer"),
    "locations": ("库位", "location"),
    "lots": ("批次", "lot"),
    "orders": ("工单", "order"),
}


def label(section: str) -> tuple[str, str]:
    """How a section's codes are called, in Chinese and English."""
    return LABELS.get(section, (section, section))
