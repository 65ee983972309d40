"""Rings in WeCom's groups: an AI bot's card mentions nobody, a group's own webhook really does."""

from dataclasses import replace
from typing import Final

from domain.playbook.plant import Chat
from domain.queries.andons import AndonView
from domain.work import Happened, Work
from notifier.card import Card
from notifier.delivery import HOOK
from notifier.post import Address, post

PLATFORM: Final = "wecom"
MOST_LINES: Final = 2


def ring_groups(work: Work, happened: Happened, andon: AndonView, *, card: Card) -> None:
    """Queue the head of an urgent call for each WeCom group of its department that has a webhook.

    It is superseded together with the call. What is not urgent, or calls nobody, rings nobody.
    """
    if not card.mentions or not (andon.severity != "normal" or happened.type == "andon.escalated"):
        return
    short = replace(card, lines=card.lines[:MOST_LINES], buttons=(), key="")
    for code in _hooked(work, andon.department):
        to = Address(platform=PLATFORM, chat_id=f"{HOOK}{code}", chat_kind="group")
        post(
            work,
            to,
            short,
            kind="alert",
            dedup_key=f"{happened.id}:{to.key}",
            urgent=True,
            guard_id=None if andon.void else andon.id,
            guard_generation=None if andon.void else andon.generation,
        )


def _hooked(work: Work, department: str) -> list[str]:
    """Return the codes of the department's WeCom groups that have a webhook."""
    unit = work.playbook.departments_by_word.get(department)
    chats = [work.playbook.chat(code) for code in unit.chats] if unit else []
    return [
        chat.code for chat in chats if chat.platform == PLATFORM and chat.webhook and chat.id != _own(chat)
    ]


def _own(chat: Chat) -> str:
    """Return the id of a group that has no other way than its webhook: its card rings by itself."""
    return f"{HOOK}{chat.code}"
