"""放行计时: what is over its time may be used after all, with a reason and a second pair of eyes."""

from commands.kit import AnyCode, Context, Reason, TimerName, command
from commands.kit.eyes import asked
from commands.kit.offers import clocks_over
from domain.actions import timers
from notifier.card import Card
from notifier.text import _


@command(
    "放行计时 <thing> [<timer>] <reason>",
    permission="timer.waive",
    group="物料",
    examples=("放行计时 LOT-0008 粘度测过合格",),
    choices={"thing": clocks_over},
)
def waive_clock(ctx: Context, thing: AnyCode, reason: Reason, timer: TimerName = "") -> Card:
    """放行超时（或还没等够）的料，要说原因，还要另一个人批准。"""
    done = timers.waive(ctx.work, thing=thing, reason=reason, word=timer)
    what = {"thing": done["thing"], "timer": done["timer"]}
    if done["waits"]:
        title = _("{thing} {timer}：等批准 {approval}").format(**what, approval=done["waits"])
        return Card(title=title, lines=(_("批准以前不能用。"), *asked(ctx)), tone="warn")
    return Card(title=_("{thing} {timer}：已放行").format(**what), lines=asked(ctx), tone="good")
