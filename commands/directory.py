"""通讯录: how the platforms' directories stand."""

from commands.kit import Context, command
from notifier.card import Card
from notifier.digests import directory


@command("通讯录", reads=True, permission="directory.manage", group="系统", examples=("通讯录",))
def show_directory(ctx: Context) -> Card:
    """各平台通讯录什么时候读的、有几个人、哪里对不上、谁在等确认离职。"""
    return directory.standing(ctx.work)
