"""The buttons by which a list of several pages is turned."""

from notifier.card import Button
from notifier.text import _


def turns(said: str, *, number: int, pages: int, back: str = "", on: str = "") -> tuple[Button, ...]:
    """Return the buttons for the pages before and after this one, of what was `said` without a page.

    `back` and `on` are what they say instead of 上一页 and 下一页.
    """
    places = ((number - 1, back or _("上一页")), (number + 1, on or _("下一页")))
    return tuple(Button(text=text, say=f"{said} 第{at}页") for at, text in places if 1 <= at <= pages)
