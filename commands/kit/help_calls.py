"""What the six calls for help share: the place, the order, and an answer that says who was told."""

from commands.kit.context import Context
from commands.kit.guards import andon_number
from domain.actions import andons
from domain.models.andon import AndonStatus
from domain.queries import orders
from domain.queries.andons import numbered
from domain.work import Work
from notifier.card import Card
from notifier.text import _, listed, moment

TAKEN = (AndonStatus.ACKNOWLEDGED, AndonStatus.CONTAINED)


def call_for_help(ctx: Context, *, kind: str, order: str, station: str, note: str) -> Card:
    """Raise an andon where the speaker is, or add to the one that is live already."""
    found = orders.order(ctx.work, code=order) if order else None
    line = (found.line if found else "") or ctx.chat.line
    place = station or ctx.work.actor.station or line or ctx.work.actor.place
    done = andons.raise_(
        ctx.work,
        kind=kind,
        text=note,
        place=place,
        order_id=found.id if found else None,
        chat_key=ctx.work.heard_in,
    )
    if done["repeats"]:
        title = _("{andon} 已经报过，加到同一件里（第 {n} 次）").format(
            andon=done["andon"], n=done["repeats"] + 1
        )
        return Card(title=title, lines=(_whose(ctx.work, done["andon"]),), tone="good")
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


def _whose(work: Work, code: str) -> str:
    """Say whether anybody has taken it, and when the next is called if not."""
    found = numbered(work, andon_number(code))
    if found.status in TAKEN:
        return _("{who} 已接").format(who=found.holder)
    if found.due_at is None:
        return _("还没人接")
    at = moment(found.due_at, work.playbook.zone, today=work.now)
    return _("还没人接，{at} 再往上叫").format(at=at)


def _called(work: Work) -> list[str]:
    called = [it.data["called"] for it in work.happened if it.type == "andon.raised"]
    return [work.playbook.person(job_number).name for numbers in called for job_number in numbers]
