"""领料清单: requisitions that the warehouse has not issued yet."""

from typing import Final

from commands.kit import Context, command
from domain.models.supply import RequisitionStatus
from domain.queries import requisitions as known
from domain.queries.requisitions import RequisitionView
from notifier import names
from notifier.card import Button, Card
from notifier.text import _, waited

MOST_BUTTONS: Final = 6
MOST_MATERIALS: Final = 3


@command(
    "领料清单",
    "领料单",
    "没发的领料单",
    "还没发的领料单",
    "哪些领料单没发",
    "谁在等料",
    reads=True,
    permission="lot.view",
    group="物料",
    examples=("领料清单", "哪些领料单没发"),
)
def requests(ctx: Context) -> Card:
    """没发完的领料单：等了多久，谁接的，还差什么。"""
    found = known.open_ones(ctx.work)
    if not found:
        return Card(title=_("领料单都发完了。"))
    title = _("没发完的领料单 {count} 张").format(count=len(found))
    buttons = tuple(map(_button, found[:MOST_BUTTONS]))
    return Card(title=title, lines=tuple(_line(ctx, it) for it in found), buttons=buttons)


def _line(ctx: Context, it: RequisitionView) -> str:
    where = " ".join(part for part in (it.code, it.order, it.line) if part)
    status = " ".join(part for part in (names.status("requisition", it.status), it.taker) if part)
    since = waited(ctx.work.now - it.requested_at)
    return " · ".join(part for part in (where, status, since, _materials(it.left)) if part)


def _materials(codes: tuple[str, ...]) -> str:
    shown = "、".join(codes[:MOST_MATERIALS])
    if len(codes) <= MOST_MATERIALS:
        return shown
    return _("{materials} 等 {count} 种").format(materials=shown, count=len(codes))


def _button(it: RequisitionView) -> Button:
    if it.status is RequisitionStatus.REQUESTED:
        return Button(text=_("接 {thing}").format(thing=it.code), say=f"接 {it.code}", style="primary")
    return Button(text=_("备料单 {thing}").format(thing=it.order), say=f"备料单 {it.order}")
