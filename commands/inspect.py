"""检验: whether a delivered lot is good."""

from typing import Annotated

from commands.kit import Choice, Context, LotCode, Reason, command
from commands.kit.offers import uninspected
from domain.actions import lots
from notifier import names
from notifier.card import Card
from notifier.text import _, number

PASSED, FAILED = "合格", "不合格"
GOOD = ("ok", "好的", "通过", "没问题", "是好的", "pass")
BAD = ("ng", "不良", "不行", "坏的", "有问题", "拒收", "不通过", "坏了")
Verdict = Annotated[str, Choice.of("结论", PASSED, FAILED, 合格=GOOD, 不合格=BAD)]


@command(
    "检验 <lot> <verdict> [<note>]",
    "来料检验",
    "待检",
    "待检清单",
    "<lot> <verdict> [<note>]",
    permission="lot.inspect",
    group="物料",
    examples=("检验 LOT-0009 合格",),
    choices={"lot": uninspected},
)
def inspect(ctx: Context, lot: LotCode, verdict: Verdict, note: Reason = "") -> Card:
    """来料检验：合格的可以发料，不合格的拒收。"""
    done = lots.inspect(ctx.work, lot=lot, passed=verdict == PASSED, note=note)
    state = names.status("lot", done["status"])
    title = _("{lot} {state}，现有 {count} {unit}").format(
        lot=done["lot"], state=state, count=number(done["on_hand"]), unit=done["unit"]
    )
    card_of_lot = ctx.guard if ctx.guard.startswith("lot-") else ""
    return Card(title=title, tone="good" if verdict == PASSED else "bad", key=card_of_lot)
