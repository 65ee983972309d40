"""The cards about the directory: how it stands, what a reading came to, and that one could not be had."""

from collections.abc import Iterator
from typing import Any

from domain.queries.directory import Standing, standings
from domain.work import Work
from notifier import names
from notifier.card import Button, Card
from notifier.sentences import conflict
from notifier.text import _, listed, moment

MOST_LINES = 12


def read(data: dict[str, Any]) -> Card:
    """Return what a reading came to: who came and went, what IT must settle, who waits to be confirmed."""
    title = _("{platform}通讯录：{people} 人、{departments} 个部门")
    found = [conflict(it) for it in data["conflicts"]]
    return Card(
        title=title.format(**{**data, "platform": names.platform(data["platform"])}),
        lines=(*_changes(data), *found[:MOST_LINES], *_waiting_lines(data["names"])),
        buttons=_waiting_buttons(data["code"]),
        tone="warn" if found or data["code"] else "good",
    )


def _changes(data: dict[str, Any]) -> list[str]:
    left = data["left"]
    said = [
        _("新来 {count} 人").format(count=data["hired"] + data["back"])
        if data["hired"] + data["back"]
        else "",
        _("新绑定 {count} 个账号").format(count=data["bound"]) if data["bound"] else "",
        _("调动 {count} 人").format(count=data["moved"]) if data["moved"] else "",
        _("离职：{names}").format(names=listed(left)) if left else "",
    ]
    return [line for line in said if line] or [_("没有变化")]


def _waiting_lines(people: list[str]) -> list[str]:
    """Say who is missing from a directory and keeps their access until somebody confirms."""
    if not people:
        return []
    named = listed(people[:MOST_LINES]) + ("…" if len(people) > MOST_LINES else "")
    words = _("一次少了 {count} 人，可能没读全，先不停用；确认他们都走了再点：{names}")
    return [words.format(count=len(people), names=named)]


def _waiting_buttons(code: str) -> tuple[Button, ...]:
    """Return the button that confirms them."""
    return (Button(text=_("确认离职"), say=f"确认离职 {code}", style="danger", guard=code),) if code else ()


def left(data: dict[str, Any]) -> Card:
    """Return that somebody has left on whom the playbook still counts."""
    title = _("{name}（{job_number}）已离职，账号停用了").format(**data)
    return Card(title=title, lines=(_("规则里还写着这个人，请改规则。"),))


def failed(data: dict[str, Any]) -> Card:
    """Return why a directory could not be read."""
    return Card(
        title=_("{platform}通讯录读不到").format(platform=names.platform(data["platform"])),
        lines=(str(data["reason"]), _("没有改动任何账号；过一会儿自动再试。")),
        tone="warn",
    )


def standing(work: Work) -> Card:
    """Return how the directories stand: when each was read, what does not fit, who waits to be confirmed."""
    found = standings(work)
    if not found:
        return Card(title=_("规则里没有写从哪个平台读通讯录（directory）。"), tone="warn")
    confirm = [button for it in found for button in _waiting_buttons(it.code)]
    again = Button(text=_("同步通讯录"), say="同步通讯录")
    lines = tuple(line for it in found for line in _standing_lines(work, it))
    return Card(title=_("通讯录"), lines=lines, buttons=(*confirm, again))


def _standing_lines(work: Work, it: Standing) -> Iterator[str]:
    platform = names.platform(it.platform)
    if it.at is None:
        yield _("{platform}：还没有读过").format(platform=platform)
    else:
        at = moment(it.at, work.playbook.zone, today=work.now)
        words = _("{platform}：{at} 读到 {people} 人、{departments} 个部门")
        yield words.format(platform=platform, at=at, people=it.people, departments=it.departments)
    if it.error:
        yield _("上次没有读到：{reason}").format(reason=it.error)
    yield from (conflict(found) for found in it.conflicts[:MOST_LINES])
    yield from _waiting_lines(list(it.pending))
