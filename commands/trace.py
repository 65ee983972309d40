"""追溯: what a lot went into, what an order was made from."""

from commands.kit import AnyCode, Context, command
from domain.queries import lots
from domain.queries.lots import Link
from notifier import names
from notifier.card import Card
from notifier.text import _, number


@command(
    "追溯 <code>",
    "查来源",
    "查去向",
    reads=True,
    permission="trace.view",
    group="追溯",
    examples=("追溯 LOT-0001",),
)
def trace(ctx: Context, code: AnyCode) -> Card:
    """一个批次用到了哪里，一张工单用了哪些料；「共用」和「确定」分开标。"""
    found = lots.trace(ctx.work, code=code)
    lines = [_line(ctx, "→", link) for link in found.went_into]
    lines += [_line(ctx, "←", link) for link in found.made_from]
    title = _("追溯 {code}：{what}").format(code=found.code, what=found.what)
    return Card(title=title, lines=tuple(lines) or (_("还没有记录到它的来源和去向。"),))


def _line(ctx: Context, arrow: str, link: Link) -> str:
    sure = names.status("confidence", link.confidence)
    where = f" {ctx.work.playbook.operation(link.operation).name}" if link.operation else ""
    state = names.status(link.kind, link.status)
    amount = f"{number(link.quantity)} {link.unit}{where}"
    standing = _("（{sure}，{state}）").format(sure=sure, state=state)
    return f"{'　' * (link.depth - 1)}{arrow} {link.code} {link.what} {amount}{standing}"
