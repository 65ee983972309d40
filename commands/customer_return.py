"""退货: a customer has sent back what was shipped."""

import re
from collections.abc import Iterator
from typing import Final

from commands.kit import Amount, AnyCode, Context, Measure, Reason, command, onward, pieces
from commands.kit.numerals import CHINESE_DIGITS
from commands.kit.quantities import PIECES
from domain.actions import returning
from domain.actions.returning import Returned
from domain.queries import units
from notifier.card import Button, Card
from notifier.text import _, listed, number

SOME: Final = re.compile(rf"有? ?(?P<count>\d{{1,6}}|[{CHINESE_DIGITS}]{{1,6}}) ?(?:{'|'.join(PIECES)})")
WHOLE: Final = re.compile("全部|整箱|整单")


@command(
    "客户退货 <codes> [<quantity>] <reason>",
    "退货",
    permission="unit.ship",
    group="箱和出货",
    examples=("客户退货 SN-1001-0001 不开机", "客户退货 BOX-9 5 个 不开机"),
)
def customer_return(
    ctx: Context, codes: tuple[AnyCode, ...], reason: Reason, quantity: Measure | None = None
) -> Card:
    """客户退回的单件、箱或整张出货单；没有序列号的说箱号和数量。退回的件返修或返工以后才能再出货。"""
    given = pieces.scanned(codes)
    each = units.only_pieces(ctx.work, given)
    if not each and (doubt := _doubtful(quantity, reason)):
        return _ask(given, doubt, reason)
    some = quantity.number if quantity and not each and not WHOLE.match(reason) else None
    done = returning.take_back(ctx.work, codes=given, reason=reason, quantity=some)
    said = _("已收回 {count} 件：{reason}").format(count=number(done["holds"]), reason=done["reason"])
    return Card(title=said, lines=tuple(_lines(done)), buttons=_again(ctx, done), tone="warn")


def _doubtful(quantity: Amount | None, reason: str) -> str:
    """Return a number that may be how many came back, or belong to the reason; empty where that is clear."""
    if WHOLE.match(reason) or (quantity and quantity.unit in PIECES):
        return ""
    found = SOME.match(reason)
    return number(quantity.number) if quantity else found["count"] if found else ""


def _ask(codes: list[str], count: str, reason: str) -> Card:
    """Ask which of the two was meant: nothing comes back by a guess."""
    which = " ".join(codes)
    rest = SOME.sub("", reason, count=1).strip() or reason
    return Card(
        title=_("退回来的是 {count} 个，还是全部？什么都没有登记。").format(count=count),
        buttons=(
            Button(text=_("{count} 个").format(count=count), say=f"客户退货 {which} {count} 个 {rest}"),
            Button(text=_("全部"), say=f"客户退货 {which} 全部退回 {reason}"),
        ),
        tone="warn",
    )


def _lines(done: Returned) -> Iterator[str]:
    """Say what the customer still has, which boxes came back, and what becomes of pieces without numbers."""
    if done["away"]:
        yield _("{shipment} 还有 {away} 件在客户那里").format(
            shipment=done["shipment"], away=number(done["away"])
        )
    if done["boxes"]:
        yield _("箱也退回了：{boxes}，开箱以后可以再装").format(boxes=listed(done["boxes"]))
    if loose := done["holds"] - done["count"]:
        yield _("{count} 件没有序列号，不能直接再装箱，要返工请开返工单").format(count=number(loose))


def _again(ctx: Context, done: Returned) -> tuple[Button, ...]:
    """Return the rework order for pieces without numbers, if they are of one order."""
    loose = done["holds"] - done["count"]
    if done["count"] or not loose or len(done["orders"]) > 1 or not onward.allowed(ctx, "order.rework"):
        return ()
    return (Button(text=_("返工单"), say=f"返工单 {done['orders'][0]} {number(loose)}"),)
