"""撤: void the act behind an answer number."""

from commands.kit import AnswerNumber, Context, command
from commands.kit.eyes import asked
from domain.actions import undo as undoing
from notifier import names
from notifier.card import Card
from notifier.text import _, listed


@command(
    "撤 [<number>]",
    "撤销",
    "撤回",
    "撤掉",
    "撤了",
    permission="undo.own",
    group="常用",
    examples=("撤 12", "撤"),
)
def undo(ctx: Context, number: AnswerNumber | None = None) -> Card:
    """撤销一个回答（看回答后面的编号）；不说编号就撤自己最近一次，说两遍也只撤一次。"""
    done = undoing.undo(ctx.work, chat_key=ctx.work.heard_in, number=number)
    what = listed(names.act(event) for event in done["types"])
    title = _("已撤销 #{number}：{what}").format(number=done["number"], what=what)
    return Card(title=title, lines=asked(ctx), tone="good")
