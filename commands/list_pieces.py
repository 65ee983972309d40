"""单件清单: the pieces behind a lot, an order, a box or a shipment, page by page."""

from commands.kit import AnswerNumber, AnyCode, Context, command, pieces
from domain.queries import pieces as listing
from domain.queries.named import Named
from domain.queries.pieces import Piece
from notifier import names
from notifier.card import Button, Card
from notifier.text import _


@command(
    "单件清单 <code> [第<page>页]",
    reads=True,
    permission="trace.view",
    group="追溯",
    examples=("单件清单 LOT-0001", "单件清单 CH-1 第2页"),
)
def list_pieces(ctx: Context, code: AnyCode, page: AnswerNumber | None = None) -> Card:
    """用一个批次做的、或一张工单、一个箱、一张出货单里的每一件：状态、在哪个箱、出给了谁。"""
    found = listing.of_thing(ctx.work, code=pieces.scanned([code])[0], page=page)
    if not found.total:
        return Card(title=_("{code} 没有带序列号的单件").format(code=found.code))
    turns = [(found.number - 1, _("上一页")), (found.number + 1, _("下一页"))]
    buttons = tuple(
        Button(text=text, say=f"单件清单 {found.code} 第{at}页")
        for at, text in turns
        if 1 <= at <= found.pages
    )
    title = _("{code} 的单件：共 {total} 件，第 {number} / {pages} 页")
    return Card(title=title.format(**vars(found)), lines=tuple(map(_line, found.pieces)), buttons=buttons)


def _line(it: Piece) -> str:
    sure = names.status("confidence", it.confidence)
    where = "".join(f" → {_named(outer)}" for outer in it.inside)
    return f"{it.code} {it.order} {names.status('unit', it.status)}（{sure}）{where}"


def _named(outer: Named) -> str:
    return f"{outer.code} {outer.what}" if outer.kind == "shipment" else outer.code
