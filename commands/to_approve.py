"""待批: what waits for a second pair of eyes."""

from commands.kit import Context, command, numbered_cards
from domain.queries import approvals
from domain.queries.approvals import ApprovalView
from notifier import names
from notifier.card import Card
from notifier.text import _, moment

MOST_WITH_BUTTONS = 3


@command(
    "待批",
    "谁批",
    "要我批",
    "要批的",
    "有什么要批",
    reads=True,
    permission="work.approve",
    group="班组",
    examples=("待批",),
)
def to_approve(ctx: Context) -> Card:
    """等人批准的事，先来的在前；自己提的不算，要别人批。"""
    found = approvals.pending(ctx.work, besides=ctx.work.actor.person_id)
    if not found:
        return Card(title=_("没有等你批准的事。"))
    several = len(found) > 1
    few = found if len(found) <= MOST_WITH_BUTTONS else ()
    buttons = tuple(button for it in few for button in numbered_cards.deciding(it, named=several))
    title = _("等你批准 {count} 件").format(count=len(found))
    return Card(title=title, lines=tuple(_line(ctx, it) for it in found), buttons=buttons)


def _line(ctx: Context, it: ApprovalView) -> str:
    at = moment(it.asked_at, ctx.work.playbook.zone, today=ctx.work.now)
    done = _("（已先做）") if it.done else ""
    what = names.approval_kind(it.kind)
    return f"{it.code} {what}{done} {it.text} · {it.asker} {at}"
