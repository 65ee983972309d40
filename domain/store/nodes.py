"""Who is there: what a process that died held in its hands is free at once, not when its lease runs out.

On PostgreSQL a node lives as long as one session of the database carries its name: the server notices within
milliseconds that a killed process is gone. One that stands still keeps its sessions, and its leases run out.
"""

from typing import Final

from sqlalchemy import select, text, update

from domain.ids import IdMaker
from domain.models.journal import IS_WAITING, Lease, Outbox, OutboxState
from domain.store import lanes
from domain.store.clock import database_time
from domain.work import Work

SESSION: Final = "banzhang:"
_SESSIONS: Final = text(
    "select application_name from pg_stat_activity "
    "where datname = current_database() and application_name like :name"
)


def session_name(node: str) -> str:
    """Return the name that the sessions of a node carry."""
    return SESSION + node


def forget_dead(work: Work, *, starting: bool = False) -> int:
    """Free messages, connections and lanes of nodes that are gone; returns how many messages they held.

    What was in hand is of unknown outcome. An embedded database has one node: when it starts, all are gone.
    """
    is_shared = work.connection.dialect.name == "postgresql"
    if not is_shared and not starting:
        return 0
    holders = _holders(work)
    if is_shared:
        holders -= _living(work)  # asked after the holders: one that has come since is not taken for dead
    else:
        lanes.free_all(work)
    return _free(work, holders) if holders else 0


def set_ids_by_database(work: Work, *, ids: IdMaker) -> None:
    """Let a node's ids go by the clock of the database: those of all nodes are in order then.

    But for milliseconds; what must be right to the last is not told by ids (`Event.sequence`).
    """
    if work.connection.dialect.name == "postgresql":
        ids.go_by(int(database_time(work).timestamp() * 1000))


def alive(work: Work) -> frozenset[str]:
    """Return the nodes there are: at once without one whose process is gone, and with one that stands still.

    An embedded database has one node, which needs no name.
    """
    if work.connection.dialect.name != "postgresql":
        return frozenset()
    return frozenset(_living(work) - {""})


def _holders(work: Work) -> set[str]:
    messages = select(Outbox.lease).where(IS_WAITING, Outbox.state == OutboxState.LEASED).distinct()
    connections = select(Lease.holder).where(Lease.until > database_time(work)).distinct()
    found = {*work.session.scalars(messages), *work.session.scalars(connections)}
    return {str(holder) for holder in found if holder} | lanes.holders(work)


def _living(work: Work) -> set[str]:
    names = work.session.scalars(_SESSIONS, {"name": SESSION + "%"})
    return {name.removeprefix(SESSION) for name in names}


def _free(work: Work, dead: set[str]) -> int:
    again = {
        "state": OutboxState.PENDING,
        "unknowns": Outbox.unknowns + 1,
        "lease": None,
        "lease_until": None,
    }
    freed = work.session.execute(
        update(Outbox)
        .where(IS_WAITING, Outbox.state == OutboxState.LEASED, Outbox.lease.in_(dead))
        .values(again),
        execution_options={"synchronize_session": False},
    )
    work.session.execute(
        update(Lease).where(Lease.holder.in_(dead)).values(until=database_time(work)),
        execution_options={"synchronize_session": False},
    )
    lanes.free_of(work, dead)
    return int(freed.rowcount)  # type: ignore[attr-defined]
