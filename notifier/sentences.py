"""What a refusal says: one sentence a code, telling what to do; its placeholders equal the error's data."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from domain.errors import (
    CannotIssue,
    CannotReport,
    DomainError,
    Held,
    NotFound,
    NotSoManyMade,
    TooFewFinished,
    WrongState,
)
from notifier import names
from notifier.card import Card
from notifier.refusals import SENTENCES, moves
from notifier.text import _, listed, number

CONFLICTS: Final[dict[str, str]] = {
    "two_accounts": "工号 {number}（{name}）：账号 {theirs} 都写着这个工号，都没有绑定",
    "second_account": "工号 {number}（{name}）已有账号，{theirs} 里只能留一个，新的没有绑定",
    "other_number": "{name}（{number}）的账号 {theirs}：通讯录里写的是别人的工号，没有改",
    "other_department": "{name}（{number}）：通讯录里在 {theirs}，规则里写的不是",
    "not_listed": "{name}（{number}）：规则里的账号 {theirs} 不在通讯录里",
    "left_but_named": "{name}（{number}）已离职，规则里还写着，请改规则",
    "unknown_number": "通讯录里有 {count} 人，规则里没有：{theirs}",
    "no_number": "通讯录里有 {count} 人没有工号，要自己发「绑定 工号」：{theirs}",
}
"""What IT should look at in a directory, by `domain/actions/directory_plan.py: ConflictKind`."""

_WRITTEN: Final[dict[str, Callable[[Any], str]]] = {
    "kind": names.kind,
    "status": names.standing,
    "wanted": names.standing,
    "permission": names.permission,
    "why": names.why_final,
    "later": names.act,
    "platform": names.platform,
    "act": names.act,
    "bad": lambda value: names.status("disposition", value),
    "who": lambda who: listed(str(who).split("、")),
    "reworks": lambda which: listed(str(which).split("、")),
}


def sentence(error: DomainError) -> str:
    """Return the refusal as people read it."""
    data = {name: _write(name, value) for name, value in error.data().items()}
    text = _(_instead(error) or SENTENCES[error.code]).format(**data)
    for gap in GAPS:  # where a placeholder is empty
        text = text.replace(*gap)
    return text


GAPS: Final = ((" ，", "，"), (" ：", "："), ("（）", ""))


def _instead(error: DomainError) -> str:
    """Return the sentence that says what to do instead, where it is known for this very state."""
    match error:
        case WrongState(status=status, wanted=wanted):
            same = "{thing} 已经是「{status}」了，不用再报。" if status == wanted else ""
            return moves.INSTEAD.get(f"{status}>{wanted}") or same or moves.INSTEAD.get(f"*>{wanted}", "")
        case NotFound(kind=kind):
            return moves.NOT_FOUND.get(kind, "")
        case CannotIssue(status=status):
            return moves.CANNOT_ISSUE.get(status, "")
        case CannotReport(status=status):
            return moves.CANNOT_REPORT.get(status, "")
        case _ if _is_simple(error):
            return moves.SIMPLE[error.code]
        case _:
            return ""


def _is_simple(error: DomainError) -> bool:
    """Say whether a part of the sentence would tell nothing."""
    match error:
        case Held(thing=thing, source=source):
            return thing == source
        case TooFewFinished(taken=0) | NotSoManyMade(packed=0):
            return True
        case _:
            return False


def refusal(error: DomainError) -> Card:
    """Return the refusal as a card."""
    return Card(title=sentence(error), tone="warn")


def conflict(found: Mapping[str, Any]) -> str:
    """Return what IT should look at as a line."""
    theirs = listed(str(one) for one in found["theirs"])
    more = "…" if found["count"] > len(found["theirs"]) else ""
    return _(CONFLICTS[str(found["kind"])]).format(**{**found, "theirs": theirs + more})


def _write(name: str, value: object) -> str:
    if name in _WRITTEN:
        return _WRITTEN[name](value)
    match value:
        case Decimal():
            return number(value)
        case datetime():
            return f"{value:%Y-%m-%d}"
        case _:
            return str(value)
