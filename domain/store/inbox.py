"""The inbox: what was heard, once, and whether it has been handled."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, exists, select, update

from domain.models.journal import IS_PENDING, ChatLane, Inbox, InboxState
from domain.store import turns
from domain.store.prepared import Prepared
from domain.work import Work

LONGEST_GUARD: Final = 120
_KNOWN: Final = Prepared(
    select(Inbox.id).where(
        Inbox.platform == bindparam("platform"),
        Inbox.tenant == bindparam("tenant"),
        Inbox.message_id == bindparam("message_id"),
    )
)
_ALONE: Final = Prepared(
    select(ChatLane.lease_until, turns.NEWEST_ELSEWHERE.label("behind")).where(
        ChatLane.chat_key == bindparam("key"),
        ~exists().where(Inbox.chat_key == bindparam("key"), IS_PENDING),
        ~exists().where(
            Inbox.platform == bindparam("platform"),
            Inbox.tenant == bindparam("tenant"),
            Inbox.message_id == bindparam("message_id"),
        ),
    )
)
_UNDONE: Final = {"state": InboxState.PENDING, "person_id": None, "answer_no": None, "done_at": None}
_LOWEST: Final = Prepared(
    select(Inbox.id, Inbox.platform, Inbox.chat_key, Inbox.payload, turns.NEWEST_ELSEWHERE.label("behind"))
    .where(Inbox.chat_key == bindparam("key"), IS_PENDING)
    .order_by(Inbox.id)
    .limit(2)
)
_KEEP: Final = Prepared(update(Inbox).where(Inbox.id == bindparam("heard")).values(payload=bindparam("kept")))
_GUARD: Final = Prepared(update(Inbox).where(Inbox.id == bindparam("heard")).values(guard=bindparam("given")))
_DONE: Final = Prepared(
    update(Inbox)
    .where(Inbox.id == bindparam("heard"))
    .values(
        state=InboxState.DONE,
        person_id=bindparam("person"),
        answer_no=bindparam("answer"),
        done_at=bindparam("at"),
    )
)


@dataclass(frozen=True)
class Waiting:
    """A heard message that is not handled yet; `more` says whether others of its chat wait behind it.

    `behind`: the answer in this chat that waits elsewhere and comes before the one to this message.
    """

    id: int
    platform: str
    chat_key: str
    payload: dict[str, Any]
    behind: int | None = None
    more: bool = False
    row: dict[str, Any] | None = None  # where it is only queued yet


def write_down_alone(work: Work, *, node: str, payload: dict[str, Any], **known: str) -> Waiting | None:
    """Queue a heard message that can be handled by this very job, unread; None where it must be looked for.

    Only where nobody else can write meanwhile (SQLite): the message is new, its chat is known, nothing waits
    there and nobody attends to it. `known`: platform, tenant, message_id, chat_key.
    """
    if work.connection.dialect.name == "postgresql":
        return None
    chat_key = known["chat_key"]
    work.see_rows(chat=chat_key)
    lane = _ALONE.first(work, **known, key=chat_key, node=node, soon=work.now + turns.SOON)
    if lane is None or lane.lease_until is not None:
        return None
    row = _row(work, payload=payload, **known)
    work.add_row("inbox", row)
    return Waiting(row["id"], known["platform"], chat_key, payload, behind=lane.behind, row=row)


def still_waits(message: Waiting) -> None:
    """Take back that a queued message is done."""
    assert message.row is not None  # noqa: S101 (as `write_down_alone` has returned it)
    message.row.update(_UNDONE)


def write_down(
    work: Work, *, platform: str, tenant: str, message_id: str, chat_key: str, payload: dict[str, Any]
) -> int | None:
    """Queue a heard message and its lane; returns its id, or None if it stands there already."""
    known = {"platform": platform, "tenant": tenant, "message_id": message_id}
    if _KNOWN.all(work, **known):
        return None
    row = _row(work, **known, chat_key=chat_key, payload=payload)
    work.add_row("chat_lane", {"chat_key": chat_key, "fence": 0, "answer_no": 0})
    work.add_row("inbox", row)
    return int(row["id"])


def _row(work: Work, *, payload: dict[str, Any], **known: str) -> dict[str, Any]:
    return {
        "id": work.new_id(),
        **known,
        "payload": payload,
        "guard": str(payload.get("guard", ""))[:LONGEST_GUARD] or None,
        "received_at": work.now,
        "attempts": 0,
        **_UNDONE,
    }


def lock(work: Work, *, inbox_id: int) -> Inbox:
    """Return a message as it stands now, locked: of two nodes with an answer the second finds it done."""
    query = select(Inbox).where(Inbox.id == inbox_id).with_for_update()
    return work.session.scalars(query.execution_options(populate_existing=True)).one()


def lowest_pending(work: Work, *, chat_key: str, node: str) -> Waiting | None:
    """Return the message of this chat that comes next, to be answered by this node."""
    work.see_rows(chat=chat_key)
    found = _LOWEST.all(work, key=chat_key, node=node, soon=work.now + turns.SOON)
    return Waiting(**found[0]._asdict(), more=len(found) > 1) if found else None


def table_of(work: Work, *, inbox_id: int) -> dict[str, Any] | None:
    """Return the table that came with a message as a file: `name` and `rows`; None where none did."""
    found: Inbox | None = work.session.get(Inbox, inbox_id)
    raw = found.payload.get("raw") if found else None
    return raw.get("table") if raw else None


def keep_payload(work: Work, *, inbox_id: int, payload: dict[str, Any]) -> None:
    """Keep what has become known of a message since (the files of its pictures)."""
    _KEEP.run(work, heard=inbox_id, kept=payload)


def keep_guard(work: Work, message: Waiting, *, guard: str) -> None:
    """Keep of a message in hand that it stands for the press of the button of this guard."""
    if message.row is not None:
        message.row["guard"] = guard[:LONGEST_GUARD] or None
    else:
        _GUARD.run(work, heard=message.id, given=guard[:LONGEST_GUARD] or None)


def chats_with_pending(work: Work, *, limit: int = 200) -> Sequence[str]:
    """Name chats in which something waits (after a restart, or from another node)."""
    pending = select(Inbox.chat_key).where(IS_PENDING).distinct().limit(limit)
    return work.session.scalars(pending).all()


def by_answer(work: Work, *, chat_key: str, number: int) -> Inbox | None:
    """Return the newest act with this answer number in this chat."""
    found = (
        select(Inbox)
        .where(Inbox.chat_key == chat_key, Inbox.answer_no == number)
        .order_by(Inbox.id.desc())
        .limit(1)
    )
    return work.session.scalars(found).first()


def acts_by_button(work: Work, *, chat_key: str, guard: str) -> Sequence[Inbox]:
    """Return the numbered acts that pressing the button of this guard came to in this chat, newest first."""
    work.see_rows()
    found = (
        select(Inbox)
        .where(Inbox.chat_key == chat_key, Inbox.guard == guard, Inbox.answer_no.is_not(None))
        .order_by(Inbox.id.desc())
    )
    return work.session.scalars(found).all()


def answered_of(work: Work, *, chat_key: str, person_id: int, limit: int) -> Sequence[Inbox]:
    """Return the newest numbered acts of a person in this chat, the last one first."""
    found = (
        select(Inbox)
        .where(Inbox.chat_key == chat_key, Inbox.person_id == person_id, Inbox.answer_no.is_not(None))
        .order_by(Inbox.id.desc())
        .limit(limit)
    )
    return work.session.scalars(found).all()


def mark_done(
    work: Work,
    *,
    inbox_id: int,
    person_id: int | None,
    answer_no: int | None,
    row: dict[str, Any] | None = None,
) -> None:
    """Say that the message has had its effect; `row` is its own, where it is only queued yet."""
    if row is not None:
        done = {"state": InboxState.DONE, "person_id": person_id, "answer_no": answer_no}
        row.update(done, done_at=work.now)
        return
    _DONE.run(work, heard=inbox_id, person=person_id, answer=answer_no, at=work.now)


def count_failure(work: Work, *, inbox_id: int, incident: str, aside_after: int) -> InboxState:
    """Count a crash of the handler; after `aside_after` of them the message is put aside."""
    message = work.session.get_one(Inbox, inbox_id)
    message.attempts += 1
    message.incident = incident
    if message.attempts >= aside_after:
        message.state = InboxState.ASIDE
        message.done_at = work.now
    return message.state
