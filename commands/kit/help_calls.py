"""What the six calls for help share: the place, the order, and an answer that says who was told."""

from commands.kit.context import Context
from domain.actions import andons
from domain.queries import orders
from domain.work import Work
from notifier.card import Card
from notifier.text import _, listed


def call_for_help(ctx: Context, *, kind: str, order: str, station: str, note: str) -> Card:
    """Raise an andon where the speaker is, or add to the one that is live already."""
    found = orders.order(ctx.work, code=order) if order else None
    place = station or (found.line if found else "") or ctx.chat.line or ctx.work.actor.place
    done = andons.raise_(
        ctx.work,
        kind=kind,
        text=_noted(ctx, note),
        place=place,
        order_id=found.id if found else None,
        chat_key=ctx.work.heard_in,
    )
    if done["repeats"]:
        title = _("{andon} 已经报过，加到同一件里（第 {n} 次）").format(
            andon=done["andon"], n=done["repeats"] + 1
        )
        return Card(title=title, tone="warn")
    unit = ctx.work.playbook.department(done["department"])
    called = _called(ctx.work)
    lines = (_("叫了：{who}").format(who=listed(called)) if called else _("现在没有人当班，上班就叫。"),)
    return Card(
        title=_("{andon} {kind}：已通知{department}").format(
            andon=done["andon"], kind=done["kind"], department=unit.name
        ),
        lines=lines,
        tone="good",
    )


def _noted(ctx: Context, note: str) -> str:
    """Return the note, with the name of a caller whom the house does not know."""
    if ctx.person:
        return note
    return _("{note}（{name} 报的，账号还没绑定）").format(note=note, name=ctx.work.actor.name)


def _called(work: Work) -> list[str]:
    called = [it.data["called"] for it in work.happened if it.type == "andon.raised"]
    return [work.playbook.person(job_number).name for numbers in called for job_number in numbers]
