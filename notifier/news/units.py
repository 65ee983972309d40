"""Who hears of pieces: who most likely knows about a missed operation, who saw it, and the trace owner."""

from typing import Any, Final

from domain.models.finding import FindingKind
from domain.queries import people
from domain.work import Happened, Work
from notifier.card import Button, Card
from notifier.telling import Rule, tell
from notifier.text import _, listed

SHOWN: Final = 8


def _found(work: Work, happened: Happened, _answered: str) -> None:
    """Ask who most likely knows; where they cannot be reached, the groups of the line."""
    asked = people.direct_chats(work, job_numbers=[str(happened.data["asked"])])
    places = asked or people.line_chats(work, line=str(happened.data["line"]))
    tell(work, happened, places, card=_question(happened.data), here=True)


def _question(data: dict[str, Any]) -> Card:
    finding = str(data["finding"])
    which = listed(data["units"][:SHOWN]) + (_(" 等") if len(data["units"]) > SHOWN else "")
    return Card(
        title=_("{finding}：{order} 有 {count} 件没有过 {operation}").format(**data),
        lines=(
            which,
            _("{seen_by} 在 {seen} 看到的。是怎么回事？").format(**data),
        ),
        buttons=(
            Button(text=_("漏扫"), say=f"漏扫 {finding}", style="primary"),
            Button(text=_("合并做了"), say=f"合并做了 {finding}"),
            Button(text=_("没做"), say=f"没做 {finding}", style="danger"),
        ),
        tone="warn",
    )


def _denied(work: Work, happened: Happened, _answered: str) -> None:
    """Whoever saw the pieces further on keeps them back."""
    seer = people.direct_chats(work, job_numbers=[str(happened.data["seer"])])
    card = Card(
        title=_("{finding}：{order} {operation} 没做，{count} 件").format(**happened.data),
        lines=(_("{by} 说没有做，请把这些件退回那道工序。").format(**happened.data),),
        tone="bad",
    )
    tell(work, happened, seer, card=card)


def _gaps(work: Work, happened: Happened, _answered: str) -> None:
    """The trace owner gets what an order lacks as tasks."""
    if not happened.data["finding"]:
        return
    lines = [
        (_lacks_lot if gap["kind"] == FindingKind.MISSING_LOT else _lacks_data)(gap)
        for gap in happened.data["gaps"][:SHOWN]
    ]
    card = Card(
        title=_("{finding}：{order} 追溯完整性 {percent}%，缺 {count} 处").format(**happened.data),
        lines=tuple(lines),
        buttons=(Button(text=_("完整性"), say=f"完整性 {happened.data['order']}"),),
        tone="warn",
    )
    tell(work, happened, people.keepers(work, permission="trace.own"), card=card, here=True)


def _lacks_lot(gap: dict[str, Any]) -> str:
    return _("{operation} 缺批次 {what}，差 {missing}").format(**gap)


def _lacks_data(gap: dict[str, Any]) -> str:
    return _("{operation} 缺数据 {what}，差 {missing}").format(**gap)


RULES: Final[dict[str, Rule]] = {
    "finding.opened": _found,
    "finding.denied": _denied,
    "trace.gaps": _gaps,
}
