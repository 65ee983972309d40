"""整单发料: everything that an order has not got yet, from the lots of its pick list."""

from commands.kit import Context, OrderCode, RequisitionCode, command
from commands.kit.issued import issued_all, loose
from domain.actions import issuing
from notifier.card import Card


@command(
    "整单发料 <order>",
    "整单发料 <requisition>",
    "全部发料 <order>",
    "全部发料 <requisition>",
    "按单发料",
    "备好 <requisition> [料]",
    "备齐 <requisition> [料]",
    permission="lot.issue",
    group="物料",
    examples=("整单发料 WO-1003", "整单发料 LL-3", "LL-3 备好了"),
)
def issue_all(ctx: Context, order: OrderCode = "", requisition: RequisitionCode = 0) -> Card:
    """按备料单一次发完，不用一批一批说：批次、数量照备料单；说领料单号就发它要的。有一批不能发就都不发。"""
    if requisition:
        return issued_all(issuing.issue_requisition(ctx.work, number=requisition))
    return issued_all(issuing.issue_order(ctx.work, order=order), also=loose(ctx, order).lines)
