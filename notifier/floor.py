"""The cards of the floor: what waits for approval, what a shift hands over, how a review stands."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from domain.models.approval import ApprovalStatus
from domain.models.floor import HandoverStatus
from domain.models.nonconformance import NonConformanceStatus
from domain.queries.approvals import ApprovalView
from domain.queries.handovers import HandoverView
from domain.queries.reviews import ItemView, ReviewView
from domain.work import Work
from notifier import names
from notifier.card import Button, Card, Tone
from notifier.text import _, moment, number

TONES: Final[dict[ApprovalStatus, Tone]] = {
    ApprovalStatus.PENDING: "warn",
    ApprovalStatus.APPROVED: "good",
    ApprovalStatus.REFUSED: "bad",
}


def approval_card(work: Work, found: ApprovalView, *, reminder: bool = False) -> Card:
    """Return the one card of an approval: what, who asks, whether it is done already, and how to decide."""
    what = names.approval_kind(found.kind) + (f"：{names.act(found.act)}" if found.act else "")
    at = moment(found.asked_at, work.playbook.zone, today=work.now)
    done = _("已经先做了，请补批") if found.done else _("批准了才做")
    pending = found.status is ApprovalStatus.PENDING and not found.void
    decided = _("{status}：{who}").format(status=names.status("approval", found.status), who=found.decider)
    head = _("还在等批准：") if reminder else ""
    void = _("（已撤销）") if found.void else ""
    return Card(
        title=f"{head}{found.code} {what}{void}",
        lines=tuple(
            line
            for line in (
                found.text,
                _("谁提的：{who} {at}").format(who=found.asker, at=at),
                done if pending else "" if found.void else decided,
                _("原因：{reason}").format(reason=found.reason) if found.reason else "",
            )
            if line
        ),
        buttons=approval_buttons(found) if pending else (),
        tone=TONES[found.status],
        key=f"approval-{found.id}",
    )


def approval_buttons(found: ApprovalView, *, named: bool = False) -> tuple[Button, ...]:
    """Return how to decide; stale once it is decided. `named`: among others, so each says which it is of."""
    guard = f"{found.code}@1"
    of = f" {found.code}" if named else ""
    return (
        Button(text=_("批准") + of, say=f"批准 {found.code}", style="primary", guard=guard),
        Button(text=_("不批准") + of, say=f"不批准 {found.code}", style="danger", guard=guard),
    )


def handover_card(work: Work, found: HandoverView, *, reminder: bool = False) -> Card:
    """Return the one card of a hand-over: what is open, what people added, and who may take it."""
    unit = work.playbook.departments_by_word.get(found.department)
    where = " ".join(
        part for part in (unit.name if unit else found.department, found.line, found.shift) if part
    )
    lines = [_line(work, it) for it in found.lines]
    taken = found.status is HandoverStatus.TAKEN
    end = _("{who} 已接班").format(who=found.taker) if taken else ""
    head = _("还没有人接班：") if reminder else ""
    void = _("（已撤销）") if found.void else ""
    by = [_("交班的人：{who}").format(who=found.giver)] if found.giver else []
    open_ = not taken and not found.void
    return Card(
        title=f"{head}{_('交班')} {found.code} {where}{void}",
        lines=tuple(filter(None, (*by, *(lines or [_("没有没做完的事。")]), end))),
        buttons=(Button(text=_("接班"), say=f"接班 {found.code}", style="primary"),) if open_ else (),
        tone="good" if taken else "warn" if reminder else "plain",
        key=f"handover-{found.id}",
    )


def _line(work: Work, it: Mapping[str, Any]) -> str:
    return LINES[it["kind"]](work, it)


def _order_line(_work: Work, it: Mapping[str, Any]) -> str:
    status = names.status("order", it["status"])
    rework = _("，返工中 {n}").format(n=number(Decimal(it["rework"]))) if Decimal(it["rework"]) else ""
    at = _("{operation} 剩 {left}").format(operation=it["operation"], left=number(Decimal(it["left"])))
    why = f"（{it['reason']}）" if it["reason"] else ""
    return f"{it['order']} {it['product']} {status}{why} {at if it['operation'] else ''}{rework}".rstrip()


def _andon_line(_work: Work, it: Mapping[str, Any]) -> str:
    status = names.status("andon", it["status"])
    parts = (it["andon"], it["what"], it["place"], it["text"], "·", status, it["holder"])
    return " ".join(part for part in parts if part)


def _review_line(_work: Work, it: Mapping[str, Any]) -> str:
    return f"{it['review']} {it['text']} · {names.status('nonconformance', it['status'])}"


def _hold_line(_work: Work, it: Mapping[str, Any]) -> str:
    return _("{thing} 冻结中：{reason}").format(thing=it["thing"], reason=it["reason"] or "—")


def _timer_line(work: Work, it: Mapping[str, Any]) -> str:
    at = moment(datetime.fromisoformat(it["due_at"]), work.playbook.zone, today=work.now)
    return _("{thing} {timer} 到 {at}").format(thing=it["thing"], timer=it["timer"], at=at)


def _approval_line(_work: Work, it: Mapping[str, Any]) -> str:
    return _("{approval} 待批：{text}").format(approval=it["approval"], text=it["text"])


def _note_line(_work: Work, it: Mapping[str, Any]) -> str:
    return _("{who}：{text}").format(who=it["by"], text=it["text"])


LINES: Final[dict[str, Callable[[Work, Mapping[str, Any]], str]]] = {
    "order": _order_line,
    "andon": _andon_line,
    "review": _review_line,
    "hold": _hold_line,
    "timer": _timer_line,
    "approval": _approval_line,
    "note": _note_line,
}
"""How each kind of line of a hand-over reads (`domain/queries/shift_state.py`)."""


def review_card(work: Work, found: ReviewView) -> Card:
    """Return the one card of a review: what it is about, its items, and what can be decided now."""
    about = " ".join(part for part in (found.order, found.operation, found.lot) if part)
    at = moment(found.raised_at, work.playbook.zone, today=work.now)
    void = _("（已撤销）") if found.void else ""
    title = f"{_('不良评审')} {found.code} · {names.status('nonconformance', found.status)}{void}"
    head = " ".join(part for part in (about, found.text) if part)
    by = _("报的人：{who} {at}").format(who=found.raiser or _("班长（按规则）"), at=at)
    return Card(
        title=title,
        lines=tuple(line for line in (head, by, *map(_item_line, found.items)) if line),
        buttons=() if found.void else _review_buttons(found),
        tone="good" if found.status is NonConformanceStatus.CLOSED else "warn",
        key=f"review-{found.id}",
    )


def _item_line(it: ItemView) -> str:
    what = it.unit or number(it.quantity)
    decided = names.status("disposition", it.disposition)
    who = f" {it.decider}" if it.decider else ""
    return _("第 {line} 项 {what}：{decided}{who}").format(line=it.line, what=what, decided=decided, who=who)


def _review_buttons(found: ReviewView) -> tuple[Button, ...]:
    """Offer what can be decided about all that is open: one button each, or to close it."""
    if found.status is NonConformanceStatus.DISPOSITIONED:
        return (Button(text=_("关闭评审"), say=f"关闭评审 {found.code}", style="primary"),)
    if not found.pending:
        return ()
    ways = ("返工", "报废", "特采", *(("退供应商",) if found.lot else ()))
    return tuple(Button(text=_(way), say=f"判定 {found.code} {way}") for way in ways)
