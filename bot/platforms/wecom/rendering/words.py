"""The words that every way of writing a card adds to it: marks of tone, 重发, and how to answer."""

from typing import Final

from notifier.card import Card, Tone
from notifier.delivery import ChatKind

REPEATED: Final = "（重发）"
_MARK: Final[dict[Tone, str]] = {"plain": "", "good": "✅ ", "warn": "⚠️ ", "bad": "🚨 "}


def marked(card: Card, title: str, *, repeat: int) -> str:
    """Return the title behind the marks of repetition and tone; the marks alone where there is no title."""
    return f"{REPEATED if repeat else ''}{_MARK[card.tone]}{title}".strip()


def ask(chat_kind: ChatKind, *, hears: bool = True) -> str:
    """Return how buttons that cannot be pressed are said: a group is heard only where it mentions the bot."""
    if chat_kind == "direct":
        return "请回复其中一句："
    return f"请 @{'我' if hears else '班长'} 说其中一句："
