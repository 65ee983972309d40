"""评审清单: reviews that are not closed."""

from commands.kit import Context, command
from domain.queries import reviews as known
from domain.queries.reviews import ReviewView
from notifier import names
from notifier.card import Button, Card
from notifier.text import _

MOST_BUTTONS = 6


@command("评审清单", "查评审", reads=True, permission="order.view", group="品质", examples=("评审清单",))
def reviews(ctx: Context) -> Card:
    """没有关闭的不良评审，还差几项没判。"""
    found = known.open_ones(ctx.work)
    if not found:
        return Card(title=_("没有开着的不良评审。"))
    buttons = tuple(Button(text=it.code, say=f"评审 {it.code}") for it in found[:MOST_BUTTONS])
    title = _("不良评审 {count} 件").format(count=len(found))
    return Card(title=title, lines=tuple(_line(it) for it in found), buttons=buttons)


def _line(it: ReviewView) -> str:
    status = names.status("nonconformance", it.status)
    left = _("，{count} 项待判").format(count=len(it.pending)) if it.pending else ""
    parts = (it.code, it.order, it.operation, it.lot, it.text, "·", status)
    return " ".join(part for part in parts if part) + left
