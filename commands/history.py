"""履历: everything that happened to an order, a piece, a lot, a box."""

from commands.kit import AnswerNumber, AnyCode, Context, OrderCode, command, pieces, turning
from domain.queries import history as histories
from notifier import biography
from notifier.card import Card
from notifier.text import _


@command(
    "履历 <order> [第<page>页]",
    "工单履历",
    "记录",
    "历史记录",
    "谁做的",
    "谁干的",
    "履历 <code> [第<page>页]",
    "谁做的 <code>",
    "谁干的 <code>",
    "记录 <code>",
    reads=True,
    permission="order.view",
    group="追溯",
    examples=("WO-1001 履历", "履历 WO-1001 第1页", "履历 SN-1001-0001"),
)
def history(
    ctx: Context, order: OrderCode = "", code: AnyCode = "", page: AnswerNumber | None = None
) -> Card:
    """工单、单件、批次、箱从头到尾的每一件事：谁、什么时候、做了什么、谁批的；批次说发给、用在、出自哪张工单。"""
    what, kind = (order, "order") if order else (pieces.scanned([code])[0], "code")
    found = histories.of_thing(ctx.work, code=what, kind=kind, page=page)
    zone = ctx.work.playbook.zone
    place = {"number": found.number, "pages": found.pages}
    return Card(
        title=_("{code} 履历：共 {total} 件事，第 {number} / {pages} 页").format(
            code=found.code, total=found.total, **place
        ),
        lines=tuple(biography.line(entry, of=found, zone=zone) for entry in found.entries),
        buttons=turning.turns(f"履历 {found.code}", **place, back=_("更早"), on=_("更新")),
    )
