"""Chat lanes: one chat, one handler at a time, over all nodes; and the chat's answer numbers."""

from datetime import timedelta

from sqlalchemy import select, update

from domain.models.journal import ChatLane
from domain.store.clock import database_time
from domain.work import Work

ANSWERS = 999
"""Answer numbers run from 1 to here and start again: short enough to type."""


def take(work: Work, *, chat_key: str) -> ChatLane | None:
    """Lock the lane for this transaction; None if another holder has it (locked or leased)."""
    work.see_rows()
    lane = work.session.scalars(
        select(ChatLane).where(ChatLane.chat_key == chat_key).with_for_update(skip_locked=True)
    ).first()
    if lane is None or (lane.lease_until is not None and lane.lease_until > database_time(work)):
        return None
    return lane


def take_leased(work: Work, *, chat_key: str, fence: int) -> ChatLane | None:
    """Lock the lane that we leased; None if the lease was lost to another holder since."""
    lane = work.session.scalars(
        select(ChatLane).where(ChatLane.chat_key == chat_key, ChatLane.fence == fence).with_for_update()
    ).first()
    if lane is not None:
        lane.lease_until = None
    return lane


def free(work: Work, *, chat_key: str) -> None:
    """Give a leased lane back: its message is concluded."""
    work.session.execute(
        update(ChatLane).where(ChatLane.chat_key == chat_key).values(lease_until=None),
        execution_options={"synchronize_session": False},
    )


def lease(work: Work, lane: ChatLane, *, seconds: float) -> int:
    """Keep others off the lane beyond this transaction; returns the fence to come back with."""
    lane.fence += 1
    lane.lease_until = database_time(work) + timedelta(seconds=seconds)
    return lane.fence


def next_answer(work: Work, lane: ChatLane) -> int:
    """Return the chat's next answer number."""
    number = lane.answer_no % ANSWERS + 1
    work.session.execute(
        update(ChatLane).where(ChatLane.chat_key == lane.chat_key).values(answer_no=number),
        execution_options={"synchronize_session": False},
    )
    return number


def free_all(work: Work) -> None:
    """Forget every lease: only at the start of an embedded database, which has no other node."""
    work.session.execute(update(ChatLane).where(ChatLane.lease_until.is_not(None)).values(lease_until=None))


def of(work: Work, *, chat_key: str) -> ChatLane:
    """Return the chat's lane, locked."""
    lane = work.session.get(ChatLane, chat_key)
    if lane is None:
        query = select(ChatLane).where(ChatLane.chat_key == chat_key).with_for_update()
        lane = work.session.scalars(query).one()
    return lane
