"""Chat lanes: one chat, one handler at a time, over all nodes; and the chat's answer numbers."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, select, update

from domain.models.journal import ChatLane
from domain.store import turns
from domain.store.clock import database_now, database_time, note_time
from domain.store.prepared import Prepared
from domain.work import Work

ANSWERS: Final = 999
"""Answer numbers run from 1 to here and start again: short enough to type."""

_LEASED: Final = ChatLane.lease_until.is_not(None)
_HERE: Final = ChatLane.chat_key == bindparam("key")
_FREE: Final = update(ChatLane).where(_HERE).values(lease_until=None)
_TAKE: Final = Prepared(
    select(ChatLane.chat_key, ChatLane.fence, ChatLane.lease_until, database_now().label("moment"))
    .where(_HERE)
    .with_for_update(skip_locked=True)
)
_TAKE_LEASED: Final = Prepared(_FREE.where(ChatLane.fence == bindparam("held")))
_GIVE_BACK: Final = Prepared(_FREE.returning(turns.NEWEST_ELSEWHERE.label("behind")))
_LEASE: Final = Prepared(
    update(ChatLane)
    .where(_HERE)
    .values(fence=bindparam("fence"), holder=bindparam("by"), lease_until=bindparam("until"))
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
    lane = _TAKE.first(work, key=chat_key)
    if lane is not None:
        note_time(work, lane.moment)
    return lane


def is_leased(work: Work, lane: Any) -> bool:
    """Say whether another holder keeps the lane beyond its transaction."""
    return lane.lease_until is not None and lane.lease_until > database_time(work)


def take_leased(work: Work, *, chat_key: str, fence: int) -> bool:
    """Lock the lane that we leased, which ends the lease; False if it was lost to another holder since."""
    return _TAKE_LEASED.run(work, key=chat_key, held=fence) > 0


def free(work: Work, *, chat_key: str, node: str) -> int:
    """Give a leased lane back: its message is concluded; locks it, as `take` does.

    Returns the answer in this chat that waits elsewhere than in the hands of `node`, or 0.
    """
    return _GIVE_BACK.first(work, key=chat_key, node=node, soon=work.now + turns.SOON).behind or 0


def lease(work: Work, lane: Any, *, holder: str, seconds: float) -> int:
    """Keep others off the lane beyond this transaction; returns the fence to come back with.

    A `holder` that dies has its lanes freed by `nodes.forget_dead`; one that stands still loses them in time.
    """
    fence = int(lane.fence) + 1
    until = database_time(work) + timedelta(seconds=seconds)
    _LEASE.run(work, key=lane.chat_key, fence=fence, by=holder, until=until)
    return fence


def next_answer(work: Work, *, chat_key: str) -> int:
    """Return the chat's next answer number; locks the lane."""
    return int(_ANSWER.first(work, key=chat_key).answer_no)


def holders(work: Work) -> set[str]:
    """Name the nodes that keep a lane beyond a transaction."""
    leased = select(ChatLane.holder).where(_LEASED, ChatLane.holder.is_not(None)).distinct()
    return {str(holder) for holder in work.session.scalars(leased)}


def free_of(work: Work, holders: Collection[str]) -> None:
    """Free what these nodes held, and raise the fence: should one of them live after all, it is too late.

    A lane that is locked at this moment is somebody's already, or is looked at again in a second.
    """
    held = (
        select(ChatLane.chat_key)
        .where(_LEASED, ChatLane.holder.in_(holders))
        .order_by(ChatLane.chat_key)
        .with_for_update(skip_locked=True)
    )
    _forget(work, ChatLane.chat_key.in_(work.session.scalars(held).all()))


def free_all(work: Work) -> None:
    """Forget every lease: only at the start of an embedded database, which has no other node."""
    _forget(work, _LEASED)


def _forget(work: Work, which: ColumnElement[bool]) -> None:
    freed = update(ChatLane).where(which).values(lease_until=None, fence=ChatLane.fence + 1)
    work.session.execute(freed, execution_options={"synchronize_session": False})
