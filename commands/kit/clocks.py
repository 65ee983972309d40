"""Clocks on a scanned lot: how those that run stand, and buttons to start and end them."""

from commands.kit.context import Context
from domain.permits import may
from domain.queries import clocks
from domain.queries.clocks import ClockView
from notifier.card import Button
from notifier.text import _, moment

MOST = 3


def lines(ctx: Context, thing: str) -> list[str]:
    """Return a line for each clock that runs on a thing (its code)."""
    return [_line(ctx, it) for it in clocks.running(ctx.work, thing=thing)]


def _line(ctx: Context, it: ClockView) -> str:
    at = moment(it.due_at, ctx.work.playbook.zone, today=ctx.work.now)
    return _("{thing} {timer}：到 {at}").format(thing=it.thing, timer=it.timer, at=at)


def buttons(ctx: Context, *, thing: str, material: str, say: str) -> list[Button]:
    """Return what can be started or ended on a lot; `say` is what names it in a sentence."""
    if not may(ctx.work.actor, "timer.run", playbook=ctx.work.playbook):
        return []
    runs = {it.timer for it in clocks.running(ctx.work, thing=thing) if not it.waits}
    waits = {it.timer for it in clocks.running(ctx.work, thing=thing) if it.waits}
    rules = [it for it in ctx.work.playbook.timers if material in it.materials and it.name not in waits]
    made = [_button(it.name, say=say, ends=it.name in runs) for it in rules]
    return made[:MOST]


def _button(timer: str, *, say: str, ends: bool) -> Button:
    if ends:
        return Button(text=_("结束{timer}").format(timer=timer), say=f"结束计时 {say} {timer}")
    return Button(text=_("开始{timer}").format(timer=timer), say=f"计时 {timer} {say}")
