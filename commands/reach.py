"""影响: what is made of a thing, counted."""

from collections.abc import Sequence

from commands.kit import AnyCode, Context, command
from domain.models.genealogy import Confidence
from domain.queries.reach import Reached, Sent
from domain.queries.reach import reach as reached
from notifier import names
from notifier.card import Button, Card
from notifier.text import _, listed, moment, number

BOXES = 6


@command(
    "影响 <code>", "看影响", reads=True, permission="trace.view", group="追溯", examples=("影响 LOT-0001",)
)
def reach(ctx: Context, code: AnyCode) -> Card:
    """一个批次、工单、单件或箱做成了多少东西：「确定」和「共用」分开数。"""
    found = reached(ctx.work, code=code.upper())
    lines = [_line(it, which=found.orders if it.kind == "order" else ()) for it in found.reached]
    lines += [_shipped(ctx, it) for it in found.shipments]
    held = [
        _("{code} 冻结：{reason}").format(code=it.code, reason=it.reason or _("没有说原因"))
        for it in found.holds
    ]
    return Card(
        title=_("影响 {code}").format(code=found.code),
        lines=(found.what, *held, *(lines or [_("还没有用它做出什么。")])),
        buttons=(Button(text=_("追溯"), say=f"追溯 {found.code}"),),
        tone="bad" if held else "plain",
    )


def _shipped(ctx: Context, it: Sent) -> str:
    """Name who has it, for a recall: the shipment, the customer, the day, the boxes."""
    at = moment(it.shipped_at, ctx.work.playbook.zone) if it.shipped_at else ""
    head = " ".join(filter(None, (it.code, it.customer, at, names.status("shipment", it.status))))
    sure = names.status("confidence", it.confidence)
    more = _(" 等") if len(it.boxes) > BOXES else ""
    boxes = f"：{listed(it.boxes[:BOXES])}{more}" if it.boxes else ""
    return f"{head}（{sure}）{boxes}"


def _line(it: Reached, *, which: Sequence[str]) -> str:
    exact, shared = (
        names.status("confidence", Confidence.EXACT),
        names.status("confidence", Confidence.SHARED),
    )
    parts = [f"{exact} {number(it.exact)}"] if it.exact else []
    parts += [f"{shared} {number(it.shared)}"] if it.shared else []
    said = _("{kind}：{counts}").format(kind=names.kind(it.kind), counts=_("，").join(parts))
    more = _(" 等") if len(which) < it.exact + it.shared else ""
    return f"{said}（{listed(which)}{more}）" if which else said
