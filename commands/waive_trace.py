"""放行追溯: the gaps of an order are let pass, by role and reason."""

from commands.kit import Context, OrderCode, Reason, command
from domain.actions import completeness
from notifier.card import Card
from notifier.text import _


@command(
    "放行追溯 <order> <reason>",
    permission="trace.waive",
    group="追溯",
    examples=("放行追溯 WO-1001 客户同意按批追溯",),
)
def waive_trace(ctx: Context, order: OrderCode, reason: Reason) -> Card:
    """放行一张工单的追溯缺口，留下谁放的、为什么；漏掉的工序不能这样放，要回答。"""
    done = completeness.waive(ctx.work, order=order, reason=reason)
    if not done["count"]:
        return Card(title=_("{order} 没有要放行的缺口").format(**done))
    if not done["done"]:
        waits = _("等另一个人批准 {approval}，批准以后才放行。").format(**done)
        return Card(title=_("{order} 要放行 {count} 处追溯缺口").format(**done), lines=(waits,))
    marked = (_("已放行，标记待批准 {approval}。").format(**done),) if done["approval"] else ()
    title = _("{order} 放行 {count} 处追溯缺口：{reason}").format(**done)
    return Card(title=title, lines=marked, tone="warn")
