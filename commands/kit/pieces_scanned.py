"""What a posted code of a piece or a container is, and what can be done with it."""

from collections.abc import Sequence
from typing import Final

from commands.kit import onward
from commands.kit.context import Context
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
    hold = onward.held(ctx, kind="unit", ref=found.id)
    lines += [onward.held_line(ctx, hold)] if hold else []
    buttons = onward.unholding(ctx, hold.code) if hold else onward.unit_buttons(ctx, found)
    title = f"{_('单件')} {code} · {names.status('unit', found.status)}"
    return Card(title=title, lines=tuple(lines), buttons=(*buttons, _trace(code)))


def _where(ctx: Context, found: UnitView) -> list[str]:
    if found.entered_at is not None:
        since = moment(found.entered_at, ctx.work.playbook.zone)
        return [_("{since} 进了 {operation} 站").format(since=since, operation=found.operation)]
    return [_("在等 {operation}").format(operation=found.operation)] if found.operation else []


def _trace(code: str) -> Button:
    return Button(text=_("追溯"), say=f"追溯 {code}")


def container_card(ctx: Context, code: str) -> Card:
    """Return what a container is; raises NotFound."""
    found = units.container(ctx.work, code=code)
    lines = [found.product] if found.product else []
    lines.append(_("装了 {count} 件").format(count=number(found.holds)))
    lines += [_("在 {inside} 里").format(inside=found.inside)] if found.inside else []
    hold = onward.held(ctx, kind="container", ref=found.id)
    lines += [onward.held_line(ctx, hold)] if hold else []
    buttons = onward.unholding(ctx, hold.code) if hold else onward.container_buttons(ctx, found)
    title = f"{_(CONTAINERS[found.kind])} {code} · {names.status('container', found.status)}"
    return Card(title=title, lines=tuple(lines), buttons=(*buttons, _trace(code)))


def pieces_overview(ctx: Context, codes: Sequence[str], *, repeated: int) -> Card:
    """Return where many pieces wait, and how to pass them: nobody is signed on who could have meant more."""
    waiting = units.waiting(ctx.work, codes)
    lines = [_("{order} {count} 件在等 {operation}").format(**vars(it)) for it in waiting[:MOST_LINES]]
    lines.append(_("先「上岗」再发一次；或者在前面写「过站 工序」。"))
    parts = [_("{count} 个码").format(count=len(codes))]
    parts += [_("重复 {count} 个").format(count=repeated)] if repeated else []
    return Card(title=_("，").join(parts), lines=tuple(lines))
