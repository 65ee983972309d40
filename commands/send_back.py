"""退供: a rejected lot goes back to its supplier."""

from collections.abc import Iterator

from commands.kit import Context, LotCode, Reason, command
from domain.actions import lot_moves
from domain.actions.lot_moves import SentBack
from notifier.card import Button, Card
from notifier.text import _, number


@command(
    "退供 <lot> [<reason>]",
    "退供应商",
    "退给供应商",
    "退回供应商",
    permission="lot.return",
    group="物料",
    examples=("退供 LOT-0010 氧化",),
)
def send_back(ctx: Context, lot: LotCode, reason: Reason = "") -> Card:
    """拒收或者隔离的批次整批退给供应商；只退一部分的先拆分。"""
    done = lot_moves.send_back(ctx.work, lot=lot, reason=reason)
    return Card(
        title=_("{lot} 已退供应商：{count} {unit}").format(**done, count=number(done["quantity"])),
        lines=tuple(_held(done)),
        buttons=tuple(_affected(done)),
        tone="good",
    )


def _held(done: SentBack) -> Iterator[str]:
    """Say what becomes of a hold: it ends with the last of what it holds."""
    if done["held_by"]:
        yield _("用它做的还冻结着，复检后请说「解冻 {code}」").format(code=done["held_by"])
    elif done["unheld"]:
        yield _("冻结到此结束")


def _affected(done: SentBack) -> Iterator[Button]:
    if done["held_by"]:
        yield Button(text=_("看影响"), say=f"影响 {done['held_by']}")
