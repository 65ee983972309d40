"""What can be done next with a thing, by who looks at it: only buttons that can succeed as it stands."""

from collections.abc import Iterator

from commands.kit.context import Context
from domain.models.container import ContainerStatus
from domain.models.unit import UnitStatus
from domain.models.work_order import OPEN_ORDER, OrderStatus
from domain.permits import may, may_report, who_may
from domain.queries import completeness, orders, units
from domain.queries.holds import HoldView, holds_over
from domain.queries.orders import OrderView
from domain.queries.units import ContainerView, UnitView
from notifier.card import Button
from notifier.text import _

REPORTED = (OrderStatus.RELEASED, OrderStatus.READY, OrderStatus.RUNNING)
AT_THE_END = (OrderStatus.RUNNING, OrderStatus.IN_REVIEW)
AMISS = (UnitStatus.FAILED, UnitStatus.QUARANTINED, UnitStatus.RETURNED)


def allowed(ctx: Context, permission: str) -> bool:
    """Say whether the speaker may."""
    return may(ctx.work.actor, permission, playbook=ctx.work.playbook)


def order_buttons(ctx: Context, found: OrderView) -> tuple[Button, ...]:
    """Return what moves an order on: release, report, resume, finish, put away."""
    return tuple(_order(ctx, found))


def _order(ctx: Context, found: OrderView) -> Iterator[Button]:
    code, at = found.code, found.at
    if found.status is OrderStatus.DRAFT and allowed(ctx, "order.release"):
        yield Button(text=_("下达"), say=f"下达 {code}", style="primary")
    if found.status in REPORTED and at and may_report(ctx.work, department=at.department):
        yield Button(text=f"{_('报工')} {at.name}", say=f"报工 {code} {at.name}", style="primary")
    if found.status is OrderStatus.PAUSED and allowed(ctx, "order.pause"):
        yield Button(text=_("恢复"), say=f"恢复 {code}", style="primary")
    if found.status is OrderStatus.CHANGE_HOLD and allowed(ctx, "order.change"):
        yield Button(text=_("解除变更"), say=f"解除变更 {code}", style="primary")
    yield from finishing(ctx, found)
    if found.status is OrderStatus.COMPLETED:
        yield from _completed(ctx, found)


def finishing(ctx: Context, found: OrderView) -> Iterator[Button]:
    """Yield how an order of which everything is reported is finished: by who may, or handed to who may."""
    if found.status not in AT_THE_END or found.at or not found.tasks:
        return
    if allowed(ctx, "order.complete"):
        yield Button(text=_("完工"), say=f"完工 {found.code}", style="primary")
    elif found.status is OrderStatus.RUNNING and allowed(ctx, "work.report"):
        yield Button(text=_("送审"), say=f"送审 {found.code}", style="primary")


def all_reported(ctx: Context, code: str) -> tuple[Button, ...]:
    """Return how an order is finished after its last report."""
    return tuple(finishing(ctx, orders.order(ctx.work, code=code)))


def _completed(ctx: Context, found: OrderView) -> Iterator[Button]:
    whole = completeness.of_order(ctx.work, code=found.code).is_complete
    if whole and allowed(ctx, "order.close"):
        yield Button(text=_("归档"), say=f"归档 {found.code}")
    elif not whole:
        yield Button(text=_("完整性"), say=f"完整性 {found.code}")


def packing(ctx: Context, found: OrderView) -> tuple[Button, ...]:
    """Return how finished pieces are packed: the box is asked for."""
    if found.status is not OrderStatus.COMPLETED or not allowed(ctx, "unit.pack"):
        return ()
    loose = units.to_pack(ctx.work, order_id=found.id)
    return (Button(text=_("装箱"), say="装箱"),) if loose > 0 else ()


def shortage(found: OrderView) -> tuple[Button, ...]:
    """Return the call for material, where the order still takes any."""
    if found.status not in OPEN_ORDER:
        return ()
    return (Button(text=_("缺料"), say=f"缺料 {found.code}", style="danger"),)


def container_buttons(ctx: Context, found: ContainerView) -> tuple[Button, ...]:
    """Return what can be done with a container: closed while open; shipped or put on a pallet when closed."""
    return tuple(_container(ctx, found))


def _container(ctx: Context, found: ContainerView) -> Iterator[Button]:
    if found.status is ContainerStatus.OPEN and found.holds and allowed(ctx, "unit.pack"):
        yield Button(text=_("封箱"), say=f"封箱 {found.code}", style="primary")
    if found.status is ContainerStatus.CLOSED and not found.inside:
        yield from _closed(ctx, found)
    if found.status is ContainerStatus.RETURNED and allowed(ctx, "unit.pack"):
        yield Button(text=_("开箱"), say=f"开箱 {found.code}")


def _closed(ctx: Context, found: ContainerView) -> Iterator[Button]:
    if allowed(ctx, "unit.ship"):
        yield Button(text=_("出货"), say=f"出货 {found.code}", style="primary")
    if allowed(ctx, "unit.pack"):
        if found.kind == "box":
            yield Button(text=_("装栈板"), say=f"装栈板 {found.code}")
        yield Button(text=_("开箱"), say=f"开箱 {found.code}")


def amiss_buttons(ctx: Context, *codes: str, failed: bool = True) -> tuple[Button, ...]:
    """Return what is decided about bad pieces: by who may, or by a review that anybody may ask for."""
    which = " ".join(codes)
    if not allowed(ctx, "unit.judge"):
        return (Button(text=_("评审"), say=f"评审 {which}"),) if allowed(ctx, "review.raise") else ()
    aside = (Button(text=_("隔离"), say=f"单件隔离 {which}"),) if failed else ()
    return (
        Button(text=_("返修"), say=f"返修 {which}", style="primary"),
        *aside,
        Button(text=_("报废"), say=f"单件报废 {which}", style="danger"),
    )


def unit_buttons(ctx: Context, found: UnitView) -> tuple[Button, ...]:
    """Return what can be done with a piece: it goes on, or what is bad about it is decided."""
    if found.operation and may_report(ctx.work, department=found.department):
        bad = Button(text=_("不良"), say=f"判不良 {found.operation} {found.code}", style="danger")
        return (_pass(found), bad)
    if found.status in AMISS:
        return amiss_buttons(ctx, found.code, failed=found.status is UnitStatus.FAILED)
    loose = found.status is UnitStatus.DONE and not found.inside and allowed(ctx, "unit.ship")
    return (Button(text=_("出货"), say=f"出货 {found.code}"),) if loose else ()


def _pass(found: UnitView) -> Button:
    if found.tracks_in and found.entered_at is None:
        say, text = f"进站 {found.operation} {found.code}", _("进站")
    else:
        say = f"过站 {found.operation} {found.code}"
        text = _("{operation} 通过").format(operation=found.operation)
    return Button(text=text, say=say, style="primary")


def held(ctx: Context, *, kind: str, ref: int) -> HoldView | None:
    """Return what holds a thing, itself or something that went into it; None where nothing does."""
    found = holds_over(ctx.work, kind=kind, ref=ref)
    return found[0] if found else None


def held_line(ctx: Context, hold: HoldView) -> str:
    """Say by whom and why a thing may not go on, and who lets it go."""
    reason = hold.reason or _("没有说原因")
    said = _("冻结中：{code}（{reason}，{who}）").format(code=hold.code, reason=reason, who=hold.held_by)
    if allowed(ctx, "lot.unhold"):
        return said
    return said + _("，要用请找：{who}").format(who=who_may(ctx.work, "lot.unhold"))


def unholding(ctx: Context, code: str) -> tuple[Button, ...]:
    """Return the button that lets go what is held itself, for who may."""
    return (Button(text=_("解冻"), say=f"解冻 {code}"),) if allowed(ctx, "lot.unhold") else ()
