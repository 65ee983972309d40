"""结束计时: what was to be done in time is done."""

from commands.kit import AnyCode, Context, TimerName, command
from commands.kit.offers import running_clocks
from domain.actions import timers
from notifier.card import Card
from notifier.text import _


@command(
    "结束计时 <thing> [<timer>]",
    "停止计时",
    permission="timer.run",
    group="物料",
    examples=("结束计时 LOT-0008",),
    choices={"thing": running_clocks},
)
def stop_clock(ctx: Context, thing: AnyCode, timer: TimerName = "") -> Card:
    """结束计时：用完了、放回干燥柜了、洗好了；至少要等够的，等够才能结束。"""
    done = timers.end(ctx.work, thing=thing, word=timer)
    title = _("{thing} {timer}：已结束").format(thing=done["thing"], timer=done["timer"])
    return Card(title=title, tone="good")
