"""Chat lanes: one chat, one handler at a time, over all nodes; and the chat's answer numbers."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import bindparam, select, update

from domain.models.journal import ChatLane
from domain.store.clock import database_time
from domain.store.prepared import Prepared
from domain.work import Work

ANSWERS: Final = 999
"""Answer numbers run from 1 to here and start again: short enough to type."""

_HERE: Final = ChatLane.chat_key == bindparam("key")
_FREE: Final = update(ChatLane).where(_HERE).values(lease_until=None)
_LANE: Final = select(ChatLane.chat_key, ChatLane.fence, ChatLane.lease_until).where(_HERE)
_TAKE: Final = Prepared(_LANE.with_for_update(skip_locked=True))
_TAKE_LEASED: Final = Prepared(_FREE.where(ChatLane.fence == bindparam("held")))
_GIVE_BACK: Final = Prepared(_FREE)
_LEASE: Final = Prepared(
    update(ChatLane).where(_HERE).values(fence=bindparam("fence"), lease_until=bindparam("until"))
)
_ANSWER: Final = Prepared(
    update(ChatLane)
    .where(_HERE)
    .values(answer_no=ChatLane.answer_no % ANSWERS + 1)
    .returning(ChatLane.answer_no)
)


def take(work: Work, *, chat_key: str) -> Any:
    """Lock the lane for this transaction; None if another transaction has it."""
    work.see_rows(chat=chat_key)
    return _TAKE.first(work, key=chat_key)


def is_leased(work: Work, lane: Any) -> bool:
    """Say whether another holder keeps the lane beyond its transaction."""
    return lane.lease_until is not None and lane.lease_until > database_time(work)


def take_leased(work: Work, *, chat_key: str, fence: int) -> bool:
    """Lock the lane that we leased, which ends the lease; False if it was lost to another holder since."""
    return _TAKE_LEASED.run(work, key=chat_key, held=fence) > 0


def free(work: Work, *, chat_key: str) -> None:
    """Give a leased lane back: its message is concluded."""
    _GIVE_BACK.run(work, key=chat_key)


def lease(work: Work, lane: Any, *, seconds: float) -> int:
    """Keep others off the lane beyond this transaction; returns the fence to come back with."""
    fence = int(lane.fence) + 1
    until = database_time(work) + timedelta(seconds=seconds)
    _LEASE.run(work, key=lane.chat_key, fence=fence, until=until)
    return fence


def next_answer(work: Work, *, chat_key: str) -> int:
    """Return the chat's next answer number; locks the lane."""
    return int(_ANSWER.first(work, key=chat_key).answer_no)


def free_all(work: Work) -> None:
    """Forget every lease: only at the start of an embedded database, which has no other node."""
    work.session.execute(update(ChatLane).where(ChatLane.lease_until.is_not(None)).values(lease_until=None))
