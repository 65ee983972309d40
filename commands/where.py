"""到哪了: where an order stands."""

from commands.kit import Context, OrderCode, command
from domain.queries import orders
from notifier import names
from notifier.card import Card, Table
from notifier.text import _, moment, number


@command(
    "<order> 到哪了",
    "进度 <order>",
    "到哪里了",
    "到哪儿了",
    "做到哪了",
    reads=True,
    permission="order.view",
    examples=("WO-1001 到哪了",),
)
def where(ctx: Context, order: OrderCode) -> Card:
    """工单走到哪道工序、各做了多少、还剩多少。"""
    found = orders.order(ctx.work, code=order)
    state = names.status("order", found.status)
    lines = [f"{found.product} {found.product_name} × {number(found.quantity)} {found.unit}"]
    lines += [_("原因：{reason}").format(reason=found.reason)] if found.reason else []
    lines += (
        [_("交期：{due}").format(due=moment(found.due_at, ctx.work.playbook.zone))] if found.due_at else []
    )
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
    )
