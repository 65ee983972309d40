"""谁在等我: the balls in the speaker's court."""

from commands.kit import Context, command
from domain.queries import andons
from notifier import names
from notifier.card import Button, Card
from notifier.text import _, waited


@command(
    "谁在等我",
    "我的待办",
    "待办",
    "有什么事",
    "要我处理",
    "接下来做什么",
    "我要做什么",
    "等我处理",
    reads=True,
    permission="order.view",
    examples=("谁在等我",),
)
def waiting(ctx: Context) -> Card:
    """在等你处理的异常：你接了的，和你们部门还没人接的。"""
    if ctx.person is None:
        return Card(title=_("没有人在等你。"))
    found = andons.in_court_of(ctx.work, person_id=ctx.person.id, department=ctx.person.department)
    lines = tuple(
        " · ".join((" ".join(filter(None, (it.code, it.kind, it.text))), *_standing(ctx, it))) for it in found
    )
    take, mend, agree = ("接", _("接")), ("解决", _("解决")), ("确认", _("确认"))
    steps = {"open": take, "reopened": take, "acknowledged": mend, "contained": mend, "resolved": agree}
    buttons = tuple(
        Button(text=f"{step[1]} {it.code}", say=f"{step[0]} {it.code}", guard=f"{it.code}@{it.generation}")
        for it in found
        if (step := steps.get(it.status))
    )
    title = _("{count} 件事在等你").format(count=len(found)) if found else _("没有人在等你。")
    return Card(title=title, lines=lines, buttons=buttons[:5])


def _standing(ctx: Context, it: andons.AndonView) -> tuple[str, str]:
    """Say how it stands and for how long."""
    return names.status("andon", it.status), waited(ctx.work.now - it.raised_at) or _("刚报")
