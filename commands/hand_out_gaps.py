"""派缺口: the gaps of an order become tasks of the trace owner."""

from commands.kit import Context, OrderCode, command, trace_gaps
from domain.actions import completeness
from notifier.card import Card


@command("派缺口 <order>", permission="trace.view", group="追溯", examples=("派缺口 WO-1001",))
def hand_out_gaps(ctx: Context, order: OrderCode) -> Card:
    """把一张工单的追溯缺口派给追溯专员去补，每处只派一次；补齐了自动关闭。"""
    return trace_gaps.card(ctx, completeness.hand_out(ctx.work, order=order), handed=True)
