"""追溯: what a thing went into, and what it was made from."""

from operator import itemgetter

from commands.kit import AnyCode, Context, command, pieces
from domain.queries import trace as tracing
from domain.queries.links import Link
from domain.queries.trace import Pieces, Side
from notifier import names
from notifier.card import Button, Card
from notifier.text import _, listed, number


@command(
    "追溯 <code>",
    "查来源",
    "查去向",
    "用到哪了",
    "用到哪里",
    "用到哪里了",
    "用在哪里",
    "用在哪",
    "用哪了",
    "哪来的",
    "去哪了",
    "谁用了",
    "做了哪些",
    "做成了什么",
    "用了什么料",
    "用了哪些料",
    "用的什么料",
    "用了什么",
    "用了哪批料",
    "用了哪些批次",
    reads=True,
    permission="trace.view",
    group="追溯",
    examples=("追溯 LOT-0001", "追溯 SN-1001-0001"),
)
def trace(ctx: Context, code: AnyCode) -> Card:
    """批次、工单、单件、箱、出货单都能查：用到了哪里、由什么做的；「共用」和「确定」分开标；件多只说件数。"""
    found = tracing.trace(ctx.work, code=pieces.scanned([code])[0])
    lines = [*_side(ctx, "→", found.went_into), *_side(ctx, "←", found.made_from)]
    lines += [_("投诉：{text}").format(text=text) for text in found.complaints]
    title = _("追溯 {code}：{what}").format(code=found.code, what=found.what)
    many = found.went_into.pieces or found.made_from.pieces
    each = (Button(text=_("单件清单"), say=f"单件清单 {found.code}"),) if many else ()
    return Card(title=title, lines=tuple(lines) or (_("还没有记录到它的来源和去向。"),), buttons=each)


def _side(ctx: Context, arrow: str, side: Side) -> list[str]:
    told = [(link.depth, _line(ctx, arrow, link)) for link in side.links]
    told += [(it.depth, _many(arrow, it)) for it in side.pieces]
    lines = [line for _depth, line in sorted(told, key=itemgetter(0))]
    if not side.is_cut:
        return lines
    counts = listed(
        _("{kind} {exact} 确定、{shared} 共用").format(
            kind=names.kind(it.kind), exact=it.exact, shared=it.shared
        )
        for it in side.reached
    )
    return [*lines, _("{arrow} 一共：{counts}").format(arrow=arrow, counts=counts)]


def _many(arrow: str, it: Pieces) -> str:
    """Say of many pieces of an order how many there are, and how many stand how."""
    states = listed(
        names.status("unit", status) + ("" if len(it.statuses) == 1 else f" {count}")
        for status, count in it.statuses
    )
    sure = names.status("confidence", it.confidence)
    said = _("{order} 的 {count} 件：{first} … {last}").format(**vars(it))
    return f"{'　' * (it.depth - 1)}{arrow} {said}" + _("（{sure}，{state}）").format(sure=sure, state=states)


def _line(ctx: Context, arrow: str, link: Link) -> str:
    sure = names.status("confidence", link.confidence)
    known = ctx.work.playbook.operations_by_word.get(link.operation)
    where = f" {known.name}" if known else ""
    where += f" {link.position}" if link.position else ""
    state = _("已取出") if link.ended else names.status(link.kind, link.status)
    amount = f"{number(link.quantity)} {link.unit}{where}"
    standing = _("（{sure}，{state}）").format(sure=sure, state=state)
    return f"{'　' * (link.depth - 1)}{arrow} {link.code} {link.what} {amount}{standing}"
