"""The card that says how complete the trace of an order is, and what it lacks."""

from commands.kit import onward
from commands.kit.context import Context
from domain.models.finding import FindingKind
from domain.queries import orders
from domain.queries.completeness import Completeness, Demand
from notifier.card import Button, Card
from notifier.text import _, number

SHOWN = 10


def card(ctx: Context, found: Completeness, *, handed: bool = False) -> Card:
    """Return it; `handed`: the gaps have just been given to the trace owner."""
    levels = _("约定 M{material} / P{process}").format(material=found.material, process=found.process)
    if not found.material and not found.process:
        levels = _("这个产品没有约定追溯等级，不查缺口")
    lines = [levels, *(_line(gap) for gap in found.gaps[:SHOWN])]
    more = len(found.gaps) - SHOWN
    lines += [_("……还有 {count} 处").format(count=more)] if more > 0 else []
    if found.open_skips:
        lines.append(_("有 {count} 个缺工序还没有人回答").format(count=found.open_skips))
    if found.waived:
        lines.append(_("已放行 {count} 处").format(count=len(found.waived)))
    lines += [_("已派给追溯专员。")] if handed and found.gaps else []
    return Card(
        title=_("{order} 追溯完整性 {percent}%").format(order=found.order, percent=found.percent),
        lines=tuple(lines),
        buttons=_buttons(ctx, found, handed=handed),
        tone="good" if found.is_complete else "warn",
    )


def _buttons(ctx: Context, found: Completeness, *, handed: bool) -> tuple[Button, ...]:
    if found.is_complete:
        return onward.order_buttons(ctx, orders.order(ctx.work, code=found.order))
    if handed or not found.gaps:
        return ()
    return (Button(text=_("派给追溯专员"), say=f"派缺口 {found.order}", style="primary"),)


def _line(gap: Demand) -> str:
    data = {
        "operation": gap.operation,
        "what": gap.what,
        "there": number(gap.there),
        "of": number(gap.of),
    }
    if gap.kind is FindingKind.MISSING_LOT:
        return _("{operation} 缺批次 {what}：有 {there} / {of}").format(**data)
    return _("{operation} 缺数据 {what}：有 {there} / {of}").format(**data)
