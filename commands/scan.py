"""A posted code needs no verb: it is answered by what it is and what can be done with it."""

from commands.kit import AnyCode, Context, command
from commands.kit.scanned import describe
from notifier.card import Card


@command("<code>", reads=True, permission="lot.view", group="常用", examples=("WO-1001", "LOT-0001"))
def scan(ctx: Context, code: AnyCode) -> Card:
    """发一个码（或拍一张标签）：告诉你它是什么、能做什么。"""
    return describe(ctx, code)
