"""帮助: what can be said, by role."""

from commands.kit import Context, Text, command, help_card
from domain.permits import may
from notifier.card import Card


@command("帮助 [<topic>]", "help", "怎么用", reads=True, group="常用", examples=("帮助", "帮助 报工"))
def helping(ctx: Context, topic: Text = "") -> Card:
    """你能说的话，按你的角色列出来。"""
    actor, playbook = ctx.work.actor, ctx.work.playbook
    return help_card(
        ctx.registry,
        may=lambda spec: not spec.permission or may(actor, spec.permission, playbook=playbook),
        topic=topic,
    )
