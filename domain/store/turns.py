"""The order in which a chat hears its answers, over all nodes: one that waits holds up the younger.

An answer that has failed `GIVES_WAY` times, or is not tried again `SOON`, holds up nobody: one that no
platform takes, or takes only in an hour, must not silence its chat. What nobody has asked for (an alert, a
digest) waits for no answer, nor an answer for it.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, ScalarSelect, and_, bindparam, exists, func, or_, select, text
from sqlalchemy.orm import aliased

from domain.models.journal import Outbox, OutboxState

ANSWER: Final = "reply"
GIVES_WAY: Final = 5
"""Attempts; with their back-off some 15 seconds."""
SOON: Final = timedelta(minutes=1)

_WAITS: Final = "state in ('pending', 'leased') and {0}.kind = 'reply'"

NEWEST_ELSEWHERE: Final[ScalarSelect[Any]] = (
    select(func.max(Outbox.id))
    .where(Outbox.chat_key == bindparam("key"), text("outbox." + _WAITS.format("outbox")))
    .where(Outbox.attempts < GIVES_WAY, Outbox.not_before <= bindparam("soon"))
    .where(or_(Outbox.state == OutboxState.PENDING, Outbox.lease != bindparam("node")))
    .scalar_subquery()
)
"""The newest answer of chat `key` that holds up a new one, because it is not in the hands of node `node`.

`soon` is `SOON` from now.
"""


def is_first(now: datetime) -> ColumnElement[bool]:
    """Say of a row of the outbox that no older answer holds it up; `now` is what `not_before` goes by."""
    older = aliased(Outbox, name="older")
    comes_back = and_(older.attempts < GIVES_WAY, older.not_before <= now + SOON)
    holds_up = or_(older.state == OutboxState.LEASED, older.not_before <= now, comes_back)
    before = exists().where(
        older.chat_key == Outbox.chat_key,
        older.id < Outbox.id,
        text("older." + _WAITS.format("older")),
        holds_up,
    )
    return or_(Outbox.kind != ANSWER, ~before)
