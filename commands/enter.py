"""录入: values that an operation asks for."""

from commands.kit import AnyCode, Context, OperationName, Text, command, pieces
from domain.actions import measuring
from notifier.card import Card
from notifier.text import _, listed


@command(
    "录入 <code> [<operation>] <text>",
    "测量",
    permission="work.report",
    group="单件",
    examples=("录入 SN-1001-0001 电压 5.02 电流 0.31",),
)
def enter(ctx: Context, code: AnyCode, text: Text, operation: OperationName = "") -> Card:
    """录入一个单件（或一张工单这一批）的测量值，超出上下限会说出来。"""
    done = measuring.enter(ctx.work, code=pieces.scanned([code])[0], said=text, operation=operation)
    said = [
        _("{name} {value}{unit} 合格").format(**it)
        if it["good"]
        else _("{name} {value}{unit} 超限（{low} – {high}）").format(**it)
        for it in done["values"]
    ]
    missing = (_("还差：{names}").format(names=listed(done["missing"])),) if done["missing"] else ()
    return Card(
        title=_("{thing} {operation} 已录入").format(**done),
        lines=(*said, *missing),
        tone="good" if done["all_good"] else "warn",
    )
