"""补扫: what the last scan could not take is taken."""

from commands.kit import Context, command, pieces
from commands.kit.once import message_of
from domain.actions import mending
from notifier.card import Card


@command("补扫", permission="work.report", group="单件", examples=("补扫",))
def mend_scan(ctx: Context) -> Card:
    """处理上一次扫码剩下的：别的工单的按它自己的工单过站，没登记过的序列号先赋码再过站。"""
    done = mending.mend(ctx.work, chat_key=ctx.work.heard_in, message=message_of(ctx.guard))
    cards = [pieces.passed_card(ctx, one) for one in done]
    lines = tuple(line for card in cards for line in (card.title, *card.lines))
    return Card(title=cards[0].title, lines=lines[1:], buttons=cards[0].buttons, tone=cards[0].tone)
