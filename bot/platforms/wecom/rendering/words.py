"""The words that every way of writing a card adds to it: marks of tone, 重发, and how to answer."""

import re
from typing import Final

from notifier.card import Button, Card, Tone
from notifier.delivery import ChatKind

_EVERYBODY: Final = re.compile(r"@(?=\s*(?:all\b|everyone\b|here\b|所有人|全体))", re.IGNORECASE)
_TAG: Final = re.compile(r"<(?=[@/!?A-Za-z])")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
REPEATED: Final = "（重发）"
_MARK: Final[dict[Tone, str]] = {"plain": "", "good": "✅ ", "warn": "⚠️ ", "bad": "🚨 "}


def disarmed(text: str) -> str:
    """Return a text that rings nobody and opens no tag, without control characters and marks of direction."""
    text = _CONTROL.sub("", text.replace("\r", " ").encode("utf-8", "replace").decode())
    return _EVERYBODY.sub("＠", _TAG.sub("＜", text))


def marked(card: Card, title: str, *, repeat: int) -> str:
    """Return the title behind the marks of repetition and tone; the marks alone where there is no title."""
    return f"{REPEATED if repeat else ''}{_MARK[card.tone]}{title}".strip()


def spelt(button: Button) -> str:
    """Return what a button means and what to say instead of pressing it, once where that is the same."""
    return button.say if button.text == button.say else f"{button.text}：{button.say}"


def ask(chat_kind: ChatKind, *, hears: bool = True) -> str:
    """Return how buttons that cannot be pressed are said: a group is heard only where it mentions the bot."""
    if chat_kind == "direct":
        return "请回复其中一句："
    return f"请 @{'我' if hears else '班长'} 说其中一句："
