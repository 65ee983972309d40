"""What is answered when the warehouse takes a requisition: its one card where it stands, else a word."""

from commands.kit.context import Context
from domain.actions import requisitions
from notifier import supplies
from notifier.card import Button, Card
from notifier.text import _


def taken_requisition(ctx: Context, *, number: int) -> Card:
    """Take it, and answer with its card if its button was pressed on it."""
    done = requisitions.take(ctx.work, number=number)
    if ctx.guard.startswith("requisition-"):
        return supplies.requisition(done, key=ctx.guard)
    pick = Button(text=_("备料单"), say=f"备料单 {done['order']}")
    title = _("{requisition}：{who} 已接").format(requisition=done["requisition"], who=ctx.work.actor.name)
    return Card(title=title, buttons=(pick,), tone="good")
