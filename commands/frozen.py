"""冻结清单: everything that may not be used now, and why."""

from commands.kit import AnswerNumber, Context, command, turning
from domain.queries import frozen as freezing
from domain.queries.frozen import Frozen
from notifier import names
from notifier.card import Button, Card
from notifier.text import _, moment

MOST_BUTTONS = 4


@command(
    "冻结清单 [第<page>页]",
    "冻结列表",
    "冻结了哪些",
    "冻结了什么",
    "哪些冻结了",
    "哪些批次冻结了",
    "哪些料冻结了",
    "哪些工单冻结了",
    "哪些单件冻结了",
    "哪些被冻结了",
    "哪些批次被冻结了",
    "什么被冻结了",
    "有哪些冻结的",
    "有哪些冻结",
    "冻结的有哪些",
    "现在冻结的",
    "隔离清单",
    "哪些隔离了",
    reads=True,
    permission="lot.view",
    group="物料",
    examples=("冻结清单", "哪些批次冻结了"),
)
def frozen(ctx: Context, page: AnswerNumber | None = None) -> Card:
    """现在冻结、隔离着的批次、单件、箱和工单：为什么、谁、从什么时候起；变更冻结的工单也在里面。"""
    found = freezing.now(ctx.work, page=page)
    if not found.total:
        return Card(title=_("现在没有冻结或隔离的东西。"))
    each = (Button(text=it.code, say=f"查 {it.code}") for it in found.things[:MOST_BUTTONS])
    title = _("冻结清单：{total} 项，第 {number} / {pages} 页")
    return Card(
        title=title.format(total=found.total, number=found.number, pages=found.pages),
        lines=tuple(_line(ctx, it) for it in found.things),
        buttons=(*each, *turning.turns("冻结清单", number=found.number, pages=found.pages)),
    )


def _line(ctx: Context, it: Frozen) -> str:
    status = names.status(it.kind, it.status)
    held = _("冻结（{status}，用它做的还停着）") if it.gone else _("冻结（{status}）")
    standing = held.format(status=status) if it.held else status
    thing = f"{names.kind(it.kind)} {it.code} {it.what} · {standing}"
    at = moment(it.since, ctx.work.playbook.zone, today=ctx.work.now) if it.since else ""
    since = _("{at} 起").format(at=at) if at else ""
    why = _("，").join(filter(None, (it.reason or _("没有说原因"), it.who, since)))
    return f"{thing}：{why}"
