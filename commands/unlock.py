"""解锁站位: somebody else opens a slot that three wrong scans have locked."""

from commands.kit import Context, Reason, SlotCode, StationName, command
from commands.kit.stations import meant
from domain.actions import loading
from notifier.card import Card
from notifier.text import _


@command(
    "解锁站位 [<station>] <slot> <reason>",
    "解锁",
    permission="slot.unlock",
    group="物料",
    examples=("解锁站位 ST-101 站位3 料号看清了",),
)
def unlock(ctx: Context, slot: SlotCode, reason: Reason, station: StationName = "") -> Card:
    """三次上错料锁住的站位，由别的人说明原因来解锁，自己不能解自己锁的。"""
    done = loading.unlock(ctx.work, station=meant(ctx, station), slot=slot, reason=reason)
    return Card(
        title=_("站位 {slot} 已解锁").format(slot=done),
        lines=(_("原因：{reason}").format(reason=reason),),
        tone="good",
    )
