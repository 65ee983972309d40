"""Chats that the bot knows: learnt from what it hears, named by the playbook."""

from sqlalchemy import select

from domain.models.people import Chat
from domain.work import Work


def get(work: Work, *, chat_key: str) -> Chat | None:
    """Return a chat, or None if it was never heard of."""
    return work.session.get(Chat, chat_key)


def known_keys(work: Work) -> set[str]:
    """Return the keys of every chat of this site."""
    return set(work.session.scalars(select(Chat.chat_key).where(Chat.site_id == work.site_id)))
