"""同步通讯录: read the platforms' directories now."""

from commands.kit import Context, command
from domain.actions import directory
from notifier import names
from notifier.card import Card
from notifier.text import _, listed


@command("同步通讯录", permission="directory.manage", group="系统", examples=("同步通讯录",))
def sync_directory(ctx: Context) -> Card:
    """马上从头核对一遍各平台的通讯录，结果发回这里。"""
    platforms = directory.ask(ctx.work, chat_key=ctx.work.heard_in)
    named = listed(names.platform(it) for it in platforms)
    if not named:
        return Card(title=_("规则里没有写从哪个平台读通讯录（directory）。"), tone="warn")
    return Card(title=_("正在读{platforms}的通讯录，读完告诉你。").format(platforms=named))
