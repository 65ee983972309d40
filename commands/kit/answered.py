"""The cards that answer what somebody says about a missed operation."""

import re

from domain.actions.making_up import Answered
from notifier.card import Card
from notifier.text import _


def number_of(finding: str) -> int:
    """Return the number in a finding's code: QS-5 -> 5."""
    return int(re.sub(r"\D", "", finding) or 0)


def made_up(done: Answered) -> Card:
    """Return what a make-up came to: it stands, or it waits for another person."""
    title = _("{finding}：{order} {operation} {count} 件")
    waits = _("等另一个人批准 {approval}，批准以后自动往下走。")
    if not done["done"]:
        return Card(title=title.format(**done), lines=(waits.format(**done),))
    marked = (_("已补录，标记待批准 {approval}。").format(**done),) if done["approval"] else (_("已补录。"),)
    return Card(title=title.format(**done), lines=marked, tone="good")


def denied(done: Answered) -> Card:
    """Return what follows where an operation was really not done."""
    return Card(
        title=_("{finding}：{order} {operation} 没做，{count} 件").format(**done),
        lines=(
            _("单件停在这道工序，做了再扫就自动关闭；不用做的请「批准跳过 {finding} 原因」。").format(**done),
        ),
        tone="warn",
    )


def skipped(done: Answered) -> Card:
    """Return that pieces go on without an operation."""
    return Card(
        title=_("{finding}：{order} {operation} 批准跳过，{count} 件").format(**done),
        lines=(_("已往下走，追溯里留着「跳过」。"),),
        tone="good",
    )
