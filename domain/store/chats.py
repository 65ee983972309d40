"""Chats that the bot knows: learnt from what it hears, named by the playbook."""

from typing import Final

from sqlalchemy import bindparam, select

from domain.models.people import Chat
from domain.store.prepared import Prepared
from domain.work import Work

_KNOWN: Final = Prepared(select(Chat.chat_key).where(Chat.chat_key == bindparam("key")))


def is_known(work: Work, *, chat_key: str) -> bool:
    """Say whether this chat has been heard of."""
    return bool(_KNOWN.all(work, key=chat_key))


def known_keys(work: Work) -> set[str]:
    """Return the keys of every chat of this site."""
    return set(work.session.scalars(select(Chat.chat_key).where(Chat.site_id == work.site_id)))
