"""Takes the "@机器人名" off a text: the platform leaves it in, marked by nothing but a space after it."""

import re
from functools import cache
from typing import Final

_GAP: Final = r"[ \u2005\u00a0\u3000\t\n]"
_ANYONE: Final = re.compile(r"^\s*@\S+\s*")


def strip(text: str, *, bot_name: str) -> str:
    """Return a group text without the mention of the bot, wherever it stands.

    Where the name is unknown (or the bot was renamed), the first word goes if it is a mention: in a group
    nothing arrives that does not mention the bot.
    """
    without = strip_own(text, bot_name=bot_name)
    return _ANYONE.sub("", text, count=1).strip() if without == text.strip() else without


def strip_own(text: str, *, bot_name: str) -> str:
    """Return a text without mentions of exactly this bot; `bot_name` may hold spaces."""
    if not bot_name:
        return text.strip()
    return _own(bot_name).sub("", text).strip()


@cache
def _own(bot_name: str) -> re.Pattern[str]:
    return re.compile(rf"(?:(?<=\s)|^)@{re.escape(bot_name)}(?:{_GAP}+|$)")
