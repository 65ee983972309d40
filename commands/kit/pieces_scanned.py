"""What a posted code of a piece or a container is, and what can be done with it."""

from collections.abc import Sequence
from typing import Final

from commands.kit.context import Context
from domain.models.container import ContainerStatus
from domain.models.unit import UnitStatus
from domain.permits import may
from domain.queries import units
from domain.queries.units import UnitView
from notifier import names
from notifier.card import Button, Card
from notifier.named.pieces import CONTAINERS
from notifier.text import _, moment, number

MOST_LINES: Final = 6


def unit_card(ctx: Context, code: str) -> Card:
    """Return what a piece is; raises NotFound."""
    found = units.unit(ctx.work, code=code)
    lines = [f"{found.product} {found.product_name} · {found.order}"]
    lines += _where(ctx, found)
    lines += [_("返修第 {count} 次").format(count=found.rounds)] if found.rounds else []
    lines += [_("在 {inside} 里").format(inside=found.inside)] if found.inside else []
    lines += [_("原因：{reason}").format(reason=found.reason)] if found.reason else []
    buttons = []
    if found.operation and _may(ctx, "work.report"):
        buttons.append(_onward(found))
        buttons.append(Button(text=_("不良"), say=f"判不良 {found.operation} {code}", style="danger"))
    if found.status in (UnitStatus.FAILED, UnitStatus.QUARANTINED) and _may(ctx, "unit.judge"):
        buttons.append(Button(text=_("返修"), say=f"返修 {code}", style="primary"))
    buttons.append(Button(text=_("追溯"), say=f"追溯 {code}"))
    title = f"{_('单件')} {code} · {names.status('unit', found.status)}"
    return Card(title=title, lines=tuple(lines), buttons=tuple(buttons))


def _where(ctx: Context, found: UnitView) -> list[str]:
    if found.entered_at is not None:
        since = moment(found.entered_at, ctx.work.playbook.zone)
        return [_("{since} 进了 {operation} 站").format(since=since, operation=found.operation)]
    return [_("在等 {operation}").format(operation=found.operation)] if found.operation else []


def _onward(found: UnitView) -> Button:
    if found.tracks_in and found.entered_at is None:
        say, text = f"进站 {found.operation} {found.code}", _("进站")
    else:
        say = f"过站 {found.operation} {found.code}"
        text = _("{operation} 通过").format(operation=found.operation)
    return Button(text=text, say=say, style="primary")


def container_card(ctx: Context, code: str) -> Card:
    """Return what a container is; raises NotFound."""
    found = units.container(ctx.work, code=code)
    lines = [found.product] if found.product else []
    lines.append(_("装了 {count} 件").format(count=number(found.holds)))
    lines += [_("在 {inside} 里").format(inside=found.inside)] if found.inside else []
    buttons = []
    if found.status is ContainerStatus.OPEN and _may(ctx, "unit.pack"):
        buttons.append(Button(text=_("封箱"), say=f"封箱 {code}", style="primary"))
    if found.status is ContainerStatus.CLOSED and _may(ctx, "unit.ship"):
        buttons.append(Button(text=_("出货"), say=f"出货 {code}", style="primary"))
    buttons.append(Button(text=_("追溯"), say=f"追溯 {code}"))
    title = f"{_(CONTAINERS[found.kind])} {code} · {names.status('container', found.status)}"
    return Card(title=title, lines=tuple(lines), buttons=tuple(buttons))


def pieces_overview(ctx: Context, codes: Sequence[str], *, repeated: int) -> Card:
    """Return where many pieces wait, and how to pass them: nobody is signed on who could have meant more."""
    waiting = units.waiting(ctx.work, codes)
    lines = [_("{order} {count} 件在等 {operation}").format(**vars(it)) for it in waiting[:MOST_LINES]]
    lines.append(_("先「上岗」再发一次；或者在前面写「过站 工序」。"))
    parts = [_("{count} 个码").format(count=len(codes))]
    parts += [_("重复 {count} 个").format(count=repeated)] if repeated else []
    return Card(title=_("，").join(parts), lines=tuple(lines))


def _may(ctx: Context, permission: str) -> bool:
    return may(ctx.work.actor, permission, playbook=ctx.work.playbook)
