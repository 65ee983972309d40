"""计时: a clock of the playbook starts on a lot, a piece or an order."""

from commands.kit import AnyCode, Context, TimerName, command
from commands.kit.offers import nothing
from domain.actions import timers
from notifier.card import Button, Card
from notifier.text import _, moment


@command(
    "计时 [<timer>] <thing>",
    "开始计时",
    "<timer> <thing>",
    permission="timer.run",
    group="物料",
    examples=("计时 锡膏开封 LOT-0008", "计时 LOT-0008"),
    choices={"thing": nothing},
)
def start_clock(ctx: Context, thing: AnyCode, timer: TimerName = "") -> Card:
    """开始计时：锡膏回温和开封、湿敏器件、烘烤、水洗；快到时提醒，超时不能用。"""
    done = timers.start(ctx.work, thing=thing, word=timer)
    at = moment(done["due_at"], ctx.work.playbook.zone, today=ctx.work.now)
    title = _("{thing} {timer}：到 {at}").format(thing=done["thing"], timer=done["timer"], at=at)
    end = Button(text=_("结束计时"), say=f"结束计时 {done['thing']} {done['timer']}")
    return Card(title=title, buttons=(end,), tone="good")
