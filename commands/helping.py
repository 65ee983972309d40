"""帮助: what can be said, by role."""

from collections.abc import Iterator

from commands.kit import Context, Text, command, help_card
from commands.kit.likely import MOST
from domain.permits import may
from notifier.card import Button, Card
from notifier.text import _


def _buttons(ctx: Context) -> Iterator[Button]:
    """Yield what is pressed at once; a call for help is explained first: it rings people."""
    playbook = ctx.work.playbook
    if may(ctx.work.actor, "work.report", playbook=playbook):
        yield Button(text=_("报工"), say="报工")
    yield Button(text=_("缺料"), say="帮助 缺料")
    yield Button(text=_("设备"), say="帮助 设备")
    if may(ctx.work.actor, "order.view", playbook=playbook):
        yield Button(text=_("谁在等我"), say="谁在等我")


@command("帮助 [<topic>]", "help", "怎么用", reads=True, group="常用", examples=("帮助", "帮助 报工"))
def helping(ctx: Context, topic: Text = "") -> Card:
    """你最常说的话；「帮助 全部」列出你能说的所有话。"""
    actor, playbook = ctx.work.actor, ctx.work.playbook
    most = MOST if ctx.person else ("bind", *MOST)
    return help_card(
        ctx.registry,
        may=lambda spec: not spec.permission or may(actor, spec.permission, playbook=playbook),
        topic=topic,
        most=most,
        buttons=tuple(_buttons(ctx)),
    )
