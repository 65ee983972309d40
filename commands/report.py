"""报工: good, scrap and rework of one operation."""

from decimal import Decimal

from commands.kit import (
    Context,
    Doubtful,
    OperationName,
    OrderCode,
    Quantity,
    ReasonName,
    Remark,
    StillMissing,
    command,
    counted,
    onward,
    plain,
)
from commands.kit.fill import QUOTED
from commands.kit.here import operation_here, order_here
from commands.kit.slot_answers import consumed_lines, exchange_buttons
from domain.actions import production, reasons
from notifier.card import Card
from notifier.text import _, listed


@command(
    "报工 <order> <operation> <good>良 [<scrap>废] [<rework>返] [<why>] [<note>]",
    "做好",
    "做了",
    "做完",
    "完成",
    "干了",
    "<order> <operation> <good>良 [<scrap>废] [<rework>返] [<why>] [<note>]",
    "报工 <order> <operation> <scrap>废 <why> [<rework>返] [<note>]",
    "<order> <operation> <scrap>废 <why> [<rework>返] [<note>]",
    permission="work.report",
    examples=("报工 WO-1001 焊接 50 良 2 废 虚焊", "报工 1001 焊接 50", "WO-1001 焊接 废 3 虚焊"),
    known={"order": order_here, "operation": operation_here},
)
def report(
    ctx: Context,
    order: OrderCode,
    operation: OperationName,
    good: Quantity = 0,
    scrap: Quantity = 0,
    rework: Quantity = 0,
    why: tuple[ReasonName, ...] = (),
    note: Remark = "",
) -> Card:
    """登记一道工序的良品、废品和返工数，报废和返工带上原因。"""
    said = f"报工 {order} {operation} {plain(good)}良"
    if note and (not (scrap or rework) or any(char.isdigit() for char in note)):
        raise Doubtful(_again(said, scrap, rework), unclear=(note[:QUOTED],))
    given = reasons.sorted_out(ctx.work.playbook, said=why, note=note, scrap=scrap, rework=rework)
    _ask_why(ctx, given, scrap=scrap, rework=rework)
    done = production.report(
        ctx.work,
        order=order,
        operation=operation,
        good=good,
        scrap=scrap,
        rework=rework,
        reasons=given,
    )
    finished = onward.all_reported(ctx, order) if done["all_done"] else ()
    return Card(
        title=counted.title(done),
        lines=(*_why(ctx, given), counted.total(done), *consumed_lines(done)),
        buttons=(*finished, *exchange_buttons(done)),
        tone="warn" if done.get("unfed") else "good",
    )


def _ask_why(ctx: Context, given: dict[str, str], *, scrap: Decimal, rework: Decimal) -> None:
    """Ask for a reason that the plant demands, with its reasons as buttons."""
    kind, known = reasons.missing(ctx.work.playbook, given=given, scrap=scrap, rework=rework)
    if kind:
        raise StillMissing("why", options=known)


def _why(ctx: Context, given: dict[str, str]) -> tuple[str, ...]:
    """Say the reasons as people call them."""
    words = dict.fromkeys(reasons.named(ctx.work.playbook, word) for word in given.values())
    return (_("原因：{reason}").format(reason=listed(words)),) if words else ()


def _again(said: str, scrap: Decimal, rework: Decimal) -> str:
    """Return the report without what nobody understood."""
    more = (f" {plain(scrap)}废" if scrap else "", f" {plain(rework)}返" if rework else "")
    return said + "".join(more)
