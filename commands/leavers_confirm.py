"""确认离职: those whom a reading of the directory missed have really left."""

from commands.kit import Context, Text, command
from domain.actions import directory
from notifier.card import Card
from notifier.text import _, listed


@command("确认离职 <code>", permission="directory.manage", group="系统", examples=("确认离职 L-123456",))
def confirm_leavers(ctx: Context, code: Text) -> Card:
    """通讯录里一次少了很多人时，确认他们都走了；账号马上停用。"""
    left = directory.confirm_leavers(ctx.work, code=code.strip())
    return Card(title=_("已停用：{names}").format(names=listed(left) or "0"), tone="good")
