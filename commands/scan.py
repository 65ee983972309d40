"""A posted code needs no verb: it is answered by what it is and what can be done with it."""

from commands.kit import AnyCode, Context, command
from commands.kit.scanned import describe, overview
from notifier.card import Card


@command("<code>", reads=True, permission="lot.view", group="常用", examples=("WO-1001", "LOT-0001"))
def scan(ctx: Context, code: tuple[AnyCode, ...]) -> Card:
    """发一个码（或拍一张标签）：告诉你它是什么、能做什么；一次发好多个也行。"""
    different = tuple(dict.fromkeys(code))
    if len(different) == 1:
        return describe(ctx, different[0])
    return overview(ctx, different, repeated=len(code) - len(different))
