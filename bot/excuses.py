"""What is said of a message that came to nothing before a command could see it."""

from bot.platforms.base import MediaUnavailable
from notifier.card import Card
from notifier.text import _


def incident(number: str) -> Card:
    """Say that the message ran into a bug, by the number that its log has."""
    title = _("这条消息我处理不了，已记为事故 {incident}，请转告工厂 IT。").format(incident=number)
    return Card(title=title, lines=(_("没有改变任何数据。"),), tone="bad")


def photo_trouble(trouble: Exception) -> Card:
    """Say why a picture could not be had, or not be read."""
    if isinstance(trouble, MediaUnavailable):
        return Card(title=_("图片取不到了，请再发一次。"), tone="warn")
    return Card(title=_("这张图片读不了，请换一张清楚些、小一些的，或者把号码打出来。"), tone="warn")


def no_words() -> Card:
    """Say that there was nothing in it that is understood here."""
    title = _("收到了，但我只看得懂文字、码、照片和表格（.xlsx、.csv），什么都没有改动。")
    return Card(title=title, tone="warn")


def no_code() -> Card:
    """Say that there is no code on the picture, and how to take a better one."""
    return Card(
        title=_("图里没有找到码。"),
        lines=(_("请靠近一点、拍正、别反光，再拍一张；也可以把号码打出来。"),),
        tone="warn",
    )
