"""到哪了: where an order stands."""

from commands.kit import AnyCode, Context, OrderCode, command, onward
from commands.kit.scanned import describe
from domain.models.work_order import OrderKind
from domain.queries import families, orders
from domain.queries.families import Member
from notifier import names
from notifier.card import Card, Table
from notifier.text import _, listed, moment, number


@command(
    "<order> 到哪了",
    "进度 <order>",
    "到哪里了",
    "到哪儿了",
    "做到哪了",
    "做到哪里了",
    "到哪一步了",
    "到哪道了",
    "做多少了",
    "做了多少",
    "还剩多少",
    "剩多少",
    "做完没",
    "做好没",
    "做到第几道了",
    "什么时候能做完",
    "什么时候做完",
    "什么时候能好",
    "什么时候好",
    "能按时交吗",
    "交期",
    "交期是什么时候",
    "交期是哪天",
    "什么时候交",
    "什么时候交货",
    "哪天交",
    "晚了没",
    "晚了吗",
    "为什么停了",
    "停在哪",
    "到哪了 <code>",
    reads=True,
    permission="order.view",
    examples=("WO-1001 到哪了",),
)
def where(ctx: Context, order: OrderCode = "", code: AnyCode = "") -> Card:
    """工单走到哪道工序、各做了多少、还剩多少。"""
    if code and not order:
        return describe(ctx, code)
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
