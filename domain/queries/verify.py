"""State = sum of events: the `after` images replayed in order, and compared with the rows as they are.

What does not fit into memory at once is done in shares: each share of the keys replays by itself.
"""

from collections.abc import Iterator
from typing import Any, Final
from zlib import crc32

from sqlalchemy import func, inspect, select

from domain.models.columns import Base, plain
from domain.models.journal import EVENT_ORDER, MACHINERY, Event
from domain.work import Work

Images = dict[tuple[str, str], dict[str, Any]]
AT_ONCE: Final = 500_000
"""Events whose images may stand in memory together: about a gigabyte."""


def differences(work: Work, *, at_once: int = AT_ONCE) -> tuple[list[str], int]:
    """Return every row and column in which state and events differ, in words, and the number of events."""
    count = work.session.scalar(select(func.count()).select_from(Event)) or 0
    shares = max(1, -(-count // at_once))
    found = [line for share in range(shares) for line in _of_share(work, share, shares)]
    return sorted(found), count


def _of_share(work: Work, share: int, shares: int) -> Iterator[str]:
    told = _replay(work, share, shares)
    for row, columns in _rows(work, share, shares):
        stood = told.pop(row, None)
        if stood is None:
            yield f"{row[0]} {row[1]}: in the tables, not in the events"
            continue
        for name, value in stood.items():
            if columns.get(name) != value:
                yield f"{row[0]} {row[1]}.{name}: events {value!r}, table {columns.get(name)!r}"
    for table, key in told:
        yield f"{table} {key}: in the events, not in the tables"


def _replay(work: Work, share: int, shares: int) -> Images:
    """Return what the events add up to for the keys of this share, by (table, key)."""
    state: Images = {}
    images = select(Event.after).order_by(EVENT_ORDER).execution_options(yield_per=1000)
    for image in work.session.scalars(images):
        for table, rows in image.items():
            for key, columns in rows.items():
                if _is_in(key, share, shares):
                    state.setdefault((table, key), {}).update(columns)
    return state


def _rows(work: Work, share: int, shares: int) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    for mapper in Base.registry.mappers:
        kind = mapper.class_
        if kind.__tablename__ in MACHINERY:
            continue
        names = [attribute.key for attribute in inspect(kind).column_attrs]
        columns = [getattr(kind, name) for name in names]  # read without making objects
        for values in work.session.execute(select(*columns).execution_options(yield_per=1000)):
            row = dict(zip(names, values, strict=True))
            key = "/".join(str(row[column.key]) for column in mapper.primary_key)
            if _is_in(key, share, shares):
                yield (kind.__tablename__, key), {name: plain(value) for name, value in row.items()}


def _is_in(key: str, share: int, shares: int) -> bool:
    return shares == 1 or crc32(key.encode()) % shares == share
