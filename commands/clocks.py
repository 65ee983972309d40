"""计时表: the clocks that run."""

from commands.kit import Context, command
from domain.queries import clocks as running
from domain.queries.clocks import ClockView
from notifier import names
from notifier.card import Card
from notifier.text import _, moment, span


@command("计时表", "在计时", reads=True, permission="lot.view", group="物料", examples=("计时表",))
def clocks(ctx: Context) -> Card:
    """正在走的计时，先到的在前。"""
    found = running.running(ctx.work)
    if not found:
        return Card(title=_("现在没有在走的计时。"))
    title = _("正在走的计时 {count} 个").format(count=len(found))
    return Card(title=title, lines=tuple(_line(ctx, it) for it in found))


def _line(ctx: Context, it: ClockView) -> str:
    at = moment(it.due_at, ctx.work.playbook.zone, today=ctx.work.now)
    left = span(it.due_at - ctx.work.now)
    status = names.status("timer", it.status)
    return _("{thing} {timer} {status}：到 {at}，还有 {left}").format(
        thing=it.thing, timer=it.timer, status=status, at=at, left=left
    )
