"""影响: what is made of a thing, counted."""

from commands.kit import AnyCode, Context, command
from domain.models.genealogy import Confidence
from domain.queries.reach import Reached
from domain.queries.reach import reach as reached
from notifier import names
from notifier.card import Button, Card
from notifier.text import _, listed, number


@command(
    "影响 <code>", "看影响", reads=True, permission="trace.view", group="追溯", examples=("影响 LOT-0001",)
)
def reach(ctx: Context, code: AnyCode) -> Card:
    """一个批次、工单、单件或箱做成了多少东西：「确定」和「共用」分开数。"""
    found = reached(ctx.work, code=code.upper())
    lines = [_line(it) for it in found.reached]
    lines += [_("工单：{orders}").format(orders=listed(found.orders))] if found.orders else []
    held = [
        _("{code} 冻结：{reason}").format(code=it.code, reason=it.reason or _("没有说原因"))
        for it in found.holds
    ]
    return Card(
        title=_("影响 {code}").format(code=found.code),
        lines=(*held, *(lines or [_("还没有用它做出什么。")])),
        buttons=(Button(text=_("追溯"), say=f"追溯 {found.code}"),),
        tone="bad" if held else "plain",
    )


def _line(it: Reached) -> str:
    exact, shared = (
        names.status("confidence", Confidence.EXACT),
        names.status("confidence", Confidence.SHARED),
    )
    parts = [f"{exact} {number(it.exact)}"] if it.exact else []
    parts += [f"{shared} {number(it.shared)}"] if it.shared else []
    return _("{kind}：{counts}").format(kind=names.kind(it.kind), counts=_("，").join(parts))
