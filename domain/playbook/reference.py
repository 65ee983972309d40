"""The reference page `docs/playbook.md`, written from the models: `python -m domain.playbook.reference`."""

import sys
from collections.abc import Callable, Iterator
from datetime import time, timedelta
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from domain.playbook import kinds
from domain.playbook.book import Playbook
from domain.playbook.draft import label
from domain.playbook.kinds import EVERY_DAY, WORKDAYS, Ref, Rule
from domain.playbook.master import MasterData
from domain.playbook.permissions import DEFAULT_ROLES, PERMISSIONS
from domain.playbook.reference_text import INTRODUCTION, MASTER, PERMISSION_HEAD, RULES

WRITTEN: dict[object, str] = {
    kinds.Duration: "时长",
    kinds.Days: "星期",
    kinds.Hour: "钟点",
    kinds.Share: "比例",
    kinds.SecretRef: "密钥引用",
    kinds.Zone: "时区",
    kinds.Regex: "正则表达式",
}
BY_VALIDATOR = {get_args(kind)[1]: name for kind, name in WRITTEN.items()}
PLAIN = {"str": "文字", "int": "整数", "bool": "true / false", "Decimal": "数字", "date": "日期"}


def render() -> str:
    """Return the whole page."""
    parts = [INTRODUCTION, "## 规则\n", *_sections(Playbook), RULES]
    parts += [PERMISSION_HEAD, *_permissions(), MASTER, *_sections(MasterData)]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def undocumented() -> list[str]:
    """Return every field that has no description."""
    models = {model for whole in (Playbook, MasterData) for model in _family(whole)}
    return sorted(
        f"{model.__name__}.{name}"
        for model in models
        for name, info in model.model_fields.items()
        if not info.description
    )


def _sections(whole: type[Rule]) -> Iterator[str]:
    for name, info in whole.model_fields.items():
        many = "（列表）" if get_origin(info.annotation) is tuple else ""
        need = "必须有。" if info.is_required() else "可以不写。"
        yield f"### {name}{many}\n\n{info.description}。{need}\n"
        yield from _tables(next(_models_in(info.annotation)), name)


def _tables(model: type[Rule], path: str) -> Iterator[str]:
    rows = [
        f"| {name} | {_kind(info)} | {_default(info)} | {info.description} |" for name, info in _own(model)
    ]
    yield "\n".join(["| 字段 | 写法 | 默认 | 意思 |", "|---|---|---|---|", *rows]) + "\n"
    for name, info in _own(model):
        for inner in _models_in(info.annotation):
            yield f"#### {path}.{name}\n"
            yield from _tables(inner, f"{path}.{name}")


def _own(model: type[Rule]) -> list[tuple[str, FieldInfo]]:
    return list(model.model_fields.items())


def _family(model: type[Rule]) -> Iterator[type[Rule]]:
    yield model
    for info in model.model_fields.values():
        for inner in _models_in(info.annotation):
            yield from _family(inner)


def _models_in(annotation: Any) -> Iterator[type[Rule]]:
    if isinstance(annotation, type) and issubclass(annotation, Rule):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def _kind(info: FieldInfo) -> str:
    special = _special(info.metadata)
    return special or _written(info.annotation)


def _special(metadata: Any) -> str:
    for mark in metadata:
        if isinstance(mark, Ref):
            return " 或 ".join(label(section)[0] for section in mark.sections) + "（引用）"
        if mark in BY_VALIDATOR:
            return BY_VALIDATOR[mark]
        if getattr(mark, "pattern", None):
            return "代号"
    return ""


def _written(annotation: Any) -> str:
    special = _special(getattr(annotation, "__metadata__", ()))
    if special:
        return special
    if get_origin(annotation) is Literal:
        return " / ".join(str(choice) for choice in get_args(annotation))
    if get_origin(annotation) is tuple:
        return f"{_written(get_args(annotation)[0])}的列表"
    inner = [part for part in get_args(annotation) if part is not type(None)]
    if inner:
        return _written(inner[0])
    if isinstance(annotation, type) and issubclass(annotation, Rule):
        return "见下"
    return PLAIN[annotation.__name__]


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "**必须写**"
    return _shown(None if info.default is PydanticUndefined else info.default)


def _shown(value: object) -> str:
    for kind, words in SHOWN_AS.items():
        if isinstance(value, kind):
            return words(value)
    return str(value)


def _list(value: tuple[object, ...]) -> str:
    groups: dict[object, str] = {(): "—", EVERY_DAY: "每天", WORKDAYS: "工作日"}
    return groups.get(value) or f"[{', '.join(str(part) for part in value)}]"


def _duration(value: timedelta) -> str:
    seconds = int(value.total_seconds())
    for unit, size in (("天", 86400), ("h", 3600), ("m", 60)):
        if seconds % size == 0 and seconds > size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


SHOWN_AS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "—",
    bool: lambda value: str(value).lower(),
    Rule: lambda _: "见下",
    time: lambda value: f"{value:%H:%M}",
    timedelta: _duration,
    tuple: _list,
    Decimal: lambda value: f"{value.normalize():f}",
}


def _permissions() -> Iterator[str]:
    rows = [f"| {name} | {meaning} | {_holders(name)} |" for name, meaning in PERMISSIONS.items()]
    yield "\n".join(["| 权限 | 意思 | 默认给谁 |", "|---|---|---|", *rows]) + "\n"


def _holders(name: str) -> str:
    return "、".join(role.name for role in DEFAULT_ROLES if name in role.permissions) or "—"


if __name__ == "__main__":
    sys.stdout.write(render())
