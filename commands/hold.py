"""冻结: a lot, order, piece or box is held, and everything made of it with it."""

from commands.kit import AnyCode, Context, LotCode, Reason, command, held, onward
from commands.kit.offers import in_stock
from domain.actions import holds
from notifier.card import Button, Card
from notifier.text import _


@command(
    "冻结 <code> [<reason>]",
    "隔离",
    "锁定",
    "停用",
    "封存",
    "扣住",
    "<lot>别用 [<reason>]",
    permission="lot.hold",
    group="物料",
    examples=("冻结 LOT-0001 探头漂移", "冻结 WO-1001"),
    choices={"code": in_stock},
)
def hold(ctx: Context, code: AnyCode = "", reason: Reason = "", lot: LotCode = "") -> Card:
    """冻结一个批次、工单、单件或箱：它和用它做出来的一切马上停，不能发、上、过站、装、出。"""
    done = holds.hold(ctx.work, code=(code or lot).upper(), reason=reason)
    return Card(
        title=_("{code} 已冻结，用它做的也都停").format(**done),
        lines=held.lines(done),
        buttons=(
            Button(text=_("看影响"), say=f"影响 {done['code']}"),
            Button(text=_("追溯"), say=f"追溯 {done['code']}"),
            *onward.unholding(ctx, done["code"]),
        ),
        tone="bad",
    )
