"""Who hears of pieces: who most likely knows about a missed operation, who saw it, and the trace owner."""

from typing import Any, Final

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


RULES: Final[dict[str, Rule]] = {"finding.opened": _found, "finding.denied": _denied}
