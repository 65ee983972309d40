"""What importing a table comes to, in sentences: before it is done, and after."""

from collections.abc import Iterator
from typing import Final

from domain.actions.importing import Imported
from notifier.card import Button, Card, File
from notifier.text import _, listed

SHOWN: Final = 10
"""Mistakes, products or materials that a card names; the rest stands in a file, or is counted."""


def told(done: Imported) -> Iterator[str]:
    """Yield what was made new, what was the same already, and which columns nobody used."""
    for product, version in done["versions"].items():
        said = _("{product} {kind}：现在是第 {version} 版，从下一张下达的工单起用")
        yield said.format(product=product, kind=_kind(done), version=version)
    if done["added"]:
        yield _("新的物料：{codes}").format(codes=listed(done["added"]))
    yield from _besides(done)


def imported_card(done: Imported) -> Card:
    """Return the answer after a table was imported."""
    return Card(title=_("已导入：{what}").format(what=_what(done)), lines=tuple(told(done)), tone="good")


def offer_card(found: Imported, *, file: str) -> Card:
    """Return the question before a table is imported: what would be new; nothing new asks nothing."""
    lines = [
        _("{product} {kind}：会有第 {version} 版").format(product=product, kind=_kind(found), version=version)
        for product, version in [*found["versions"].items()][:SHOWN]
    ]
    if len(found["versions"]) > SHOWN:
        lines.append(_("……一共 {count} 个产品").format(count=len(found["versions"])))
    if found["added"]:
        lines.append(_("新的物料：{codes}").format(codes=_some(found["added"])))
    lines += _besides(found)
    if not is_news(found):
        return Card(title=_("{file}：和现在一样，不用导入。").format(file=file), lines=tuple(lines))
    return Card(
        title=_("{file}：{what}，确定导入吗？").format(file=file, what=_what(found)),
        lines=(*lines, _("回「确认」执行，回其他任何话都不执行。")),
        buttons=(Button(text=_("确认"), say="确认", style="danger"), Button(text=_("取消"), say="取消")),
        tone="warn",
    )


def wrong_card(mistakes: list[str], *, file: str, whole: File | None) -> Card:
    """Return what is wrong with a table, the first of it in words and all of it as a file."""
    left = len(mistakes) - SHOWN
    more = (_("……还有 {count} 处，都在文件里。").format(count=left),) if left > 0 else ()
    return Card(
        title=_("{file} 有 {count} 处不对，什么都没有导入。").format(file=file, count=len(mistakes)),
        lines=(*mistakes[:SHOWN], *more),
        file=whole,
        tone="warn",
    )


def is_news(found: Imported) -> bool:
    """Whether importing it would change anything."""
    return bool(found["versions"] or found["added"])


def _besides(found: Imported) -> Iterator[str]:
    if found["unchanged"]:
        yield _("和现在一样、没有动的：{codes}").format(codes=_some(found["unchanged"]))
    if found["unused"]:
        yield _("没有用到的列：{names}").format(names=listed(found["unused"]))


def _what(found: Imported) -> str:
    if found["kind"] == "materials":
        return _("新的物料 {count} 种").format(count=len(found["added"]))
    return _("{kind} {count} 个产品有新的一版").format(kind=_kind(found), count=len(found["versions"]))


def _kind(found: Imported) -> str:
    return {"routes": _("工艺路线"), "boms": "BOM"}.get(found["kind"], "")


def _some(codes: list[str]) -> str:
    more = _(" 等 {count} 个").format(count=len(codes)) if len(codes) > SHOWN else ""
    return listed(codes[:SHOWN]) + more
