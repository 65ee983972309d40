"""A posted code needs no verb: signed on, it is the obvious act; else its card says what can be done."""

from commands.kit import AnyCode, Context, command, pieces
from commands.kit.pieces_scanned import pieces_overview
from commands.kit.scanned import describe, overview
from commands.kit.stations import came_to
from domain.actions import passing
from domain.actions.going import Way
from domain.permits import may
from domain.queries import units
from notifier.card import Card


@command("<code>", permission="lot.view", group="常用", examples=("WO-1001", "LOT-0001"))
def scan(ctx: Context, code: tuple[AnyCode, ...]) -> Card:
    """发一个码（或拍一张标签）：告诉你它是什么、能做什么；上岗以后扫序列号就是过站，一次 200 个也行。"""
    given, different = pieces.scanned(code), tuple(dict.fromkeys(code))
    of_pieces = units.pieces_among(ctx.work, given)
    if of_pieces and passing.operations_here(ctx.work) and _may_report(ctx):
        done = passing.pass_units(ctx.work, codes=given, way=Way.AS_IT_STANDS)
        return pieces.passed_card(ctx, done, twice=len(code) - len(given))
    if len(different) == 1:
        return came_to(ctx, different[0].upper()) or describe(ctx, different[0])
    if of_pieces and len(different) > pieces.SHOWN:
        return pieces_overview(ctx, given, repeated=len(code) - len(given))
    return overview(ctx, different, repeated=len(code) - len(different))


def _may_report(ctx: Context) -> bool:
    return may(ctx.work.actor, "work.report", playbook=ctx.work.playbook)
