"""Where an order stands: what each operation has made and has left, its kin, and what is late."""

from commands.kit import onward
from commands.kit.context import Context
from domain.models.work_order import OrderKind
from domain.queries import families, orders
from domain.queries.families import Member
from notifier import names
from notifier.card import Card, Table
from notifier.text import _, listed, moment, number


def card(ctx: Context, order: str) -> Card:
    """Return the card of an order as it stands now; raises NotFound."""
    found = orders.order(ctx.work, code=order)
    state = names.status("order", found.status)
    lines = [f"{found.product} {found.product_name} × {number(found.quantity)} {found.unit}"]
    lines += [kind] if (kind := names.order_kind(found.kind)) else []
    lines += [_("原因：{reason}").format(reason=found.reason)] if found.reason else []
    lines += (
        [_("交期：{due}").format(due=moment(found.due_at, ctx.work.playbook.zone))] if found.due_at else []
    )
    kin = families.family(ctx.work, order_id=found.id)
    lines += [_("父单：{order}").format(order=kin.parent)] if kin.parent else []
    lines += [_member(it) for it in kin.members]
    if kin.progress is not None:
        lines.append(_("下面的工单一共做了 {share}%").format(share=int(kin.progress * 100)))
    if kin.late:
        lines.append(_("⚠️ 被晚了的 {orders} 拖住").format(orders=listed(kin.late)))
    rows = tuple(
        (
            task.name,
            names.status("task", task.status),
            number(task.good),
            number(task.scrap),
            number(task.left),
        )
        for task in found.tasks
    )
    header = (_("工序"), _("状态"), _("良"), _("废"), _("剩"))
    return Card(
        title=_("{order} {state}，已完成 {done} / {all}").format(
            order=found.code, state=state, done=number(found.finished), all=number(found.quantity)
        ),
        lines=tuple(lines),
        table=Table(header=header, rows=rows) if rows else None,
        buttons=tuple(onward.finishing(ctx, found)),
    )


def _member(member: Member) -> str:
    """Say where an order below it stands: the deeper, the further in."""
    kind = _("返工单") if member.kind is OrderKind.REWORK else _("子单")
    said = _("{kind} {order} {product}：{done} / {all}，{state}").format(
        kind=kind,
        order=member.code,
        product=member.product_name,
        done=number(member.finished),
        all=number(member.quantity),
        state=names.status("order", member.status),
    )
    return "　" * (member.depth - 1) + said + (_("，晚了") if member.late else "")
