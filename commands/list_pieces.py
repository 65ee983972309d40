"""单件清单: the pieces behind a lot, an order, a box or a shipment, page by page."""

from typing import Final

from commands.kit import AnswerNumber, AnyCode, Context, command, pieces, turning
from domain.queries import pieces as listing
from domain.queries.named import Named
from domain.queries.pieces import Page, Piece
from notifier import names
from notifier.card import Card, Table
from notifier.text import _

MOST: Final = 20_000
"""Pieces in one file, which takes a second to be written."""


@command(
    "单件清单 <code> [第<page>页]",
    reads=True,
    permission="trace.view",
    group="追溯",
    examples=("单件清单 LOT-0001", "单件清单 CH-1 第2页"),
)
def list_pieces(ctx: Context, code: AnyCode, page: AnswerNumber | None = None) -> Card:
    """用一个批次做的、或一张工单、一个箱、一张出货单里的每一件：状态、在哪个箱、出给了谁；多的另附表格。"""
    thing = pieces.scanned([code])[0]
    found = listing.of_thing(ctx.work, code=thing, page=page, most=0 if page else MOST)
    if not found.total:
        return Card(title=_("{code} 没有带序列号的单件").format(code=found.code))
    title = _("{code} 的单件：共 {total} 件，第 {number} / {pages} 页")
    return Card(
        title=title.format(**vars(found)),
        lines=(*map(_line, found.pieces), *_in_file(found)),
        buttons=turning.turns(f"单件清单 {found.code}", number=found.number, pages=found.pages),
        listing=_table(found.every) if found.every else None,
    )


def _in_file(found: Page) -> tuple[str, ...]:
    if not found.every:
        return ()
    if len(found.every) < found.total:
        return (_("前 {count} 件都在文件里。").format(count=len(found.every)),)
    return (_("全部 {count} 件都在文件里。").format(count=found.total),)


def _line(it: Piece) -> str:
    sure = names.status("confidence", it.confidence)
    where = "".join(f" → {_named(outer)}" for outer in it.inside)
    return f"{it.code} {it.order} {names.status('unit', it.status)}（{sure}）{where}"


def _named(outer: Named) -> str:
    return f"{outer.code} {outer.what}" if outer.kind == "shipment" else outer.code


def _table(every: tuple[Piece, ...]) -> Table:
    """Return all pieces in columns: where each sits, and who has got it."""
    header = (_("序列号"), _("工单"), _("状态"), _("把握"), _("在哪里"), _("出货单"), _("客户"))
    return Table(header=header, rows=tuple(map(_row, every)))


def _row(it: Piece) -> tuple[str, ...]:
    boxes = " → ".join(outer.code for outer in it.inside if outer.kind != "shipment")
    sent = next((outer for outer in it.inside if outer.kind == "shipment"), None)
    state, sure = names.status("unit", it.status), names.status("confidence", it.confidence)
    return (it.code, it.order, state, sure, boxes, *((sent.code, sent.what) if sent else ("", "")))
