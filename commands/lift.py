"""解冻: a held thing may be used again."""

from collections.abc import Mapping, Sequence
from typing import Any

from commands.kit import AnyCode, Context, LotCode, Reason, command, held
from domain.actions import holds
from domain.queries.holds import held_codes
from notifier.card import Card
from notifier.text import _


def _held(ctx: Context, _got: Mapping[str, Any]) -> Sequence[str]:
    return held_codes(ctx.work)


@command(
    "解冻 <code> [<reason>]",
    "解除冻结",
    "解除隔离",
    "解除锁定",
    "解封",
    "放行",
    "<lot>能用了 [<reason>]",
    permission="lot.unhold",
    group="物料",
    examples=("解冻 LOT-0001 复检合格",),
    choices={"code": _held},
)
def lift(ctx: Context, code: AnyCode = "", reason: Reason = "", lot: LotCode = "") -> Card:
    """解冻：它和用它做出来的，没有别的冻结就都能用了；没检验过的批次按合格放行。"""
    done = holds.lift(ctx.work, code=(code or lot).upper(), reason=reason)
    return Card(
        title=_("{code} 已解冻，可以用了").format(**done),
        lines=held.lines(done),
        tone="good",
    )
