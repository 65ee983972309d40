"""完整性: what the trace of an order lacks."""

from commands.kit import Context, OrderCode, command, trace_gaps
from domain.queries import completeness as trace
from notifier.card import Card


@command(
    "完整性 <order>",
    "追溯完整性",
    "追溯全不全",
    "追溯全吗",
    "追溯齐不齐",
    "追溯齐了吗",
    "追溯还缺什么",
    reads=True,
    permission="trace.view",
    group="追溯",
    examples=("完整性 WO-1001",),
)
def completeness(ctx: Context, order: OrderCode) -> Card:
    """工单的追溯数据全不全，按产品约定的追溯等级（物料 M1–M4、过程 P1–P4）看还缺什么。"""
    return trace_gaps.card(ctx, trace.of_order(ctx.work, code=order))
