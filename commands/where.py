"""到哪了: where an order stands."""

from commands.kit import AnyCode, Context, OrderCode, command, progress
from commands.kit.scanned import describe
from notifier.card import Card


@command(
    "<order> 到哪了",
    "进度 <order>",
    "到哪里了",
    "到哪儿了",
    "做到哪了",
    "做到哪里了",
    "到哪一步了",
    "到哪道了",
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
    return progress.card(ctx, order)
