"""State = sum of events: the `after` images replayed in order, and compared with the rows as they are."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import inspect, select

from domain.models.columns import Base, plain
from domain.models.journal import EVENT_ORDER, MACHINERY, Event
from domain.work import Work

Images = dict[tuple[str, str], dict[str, Any]]


def replay(work: Work) -> tuple[Images, int]:
    """Return the state that the events add up to, by (table, key), and how many events there were."""
    state: Images = {}
    count = 0
    for image in work.session.scalars(
        select(Event.after).order_by(EVENT_ORDER).execution_options(yield_per=1000)
    ):
        count += 1
        for table, rows in image.items():
            for key, columns in rows.items():
                state.setdefault((table, key), {}).update(columns)
    return state, count


def differences(work: Work) -> tuple[list[str], int]:
    """Return every row and column in which state and events differ, in words, and the number of events."""
    told, count = replay(work)
    actual = dict(_rows(work))
    found = [f"{table} {key}: in the events, not in the tables" for table, key in told.keys() - actual.keys()]
    found += [
        f"{table} {key}: in the tables, not in the events" for table, key in actual.keys() - told.keys()
    ]
    for row in told.keys() & actual.keys():
        for column, value in told[row].items():
            if actual[row].get(column) != value:
                found.append(
                    f"{row[0]} {row[1]}.{column}: events {value!r}, table {actual[row].get(column)!r}"
                )
    return sorted(found), count


def _rows(work: Work) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    for mapper in Base.registry.mappers:
        kind = mapper.class_
        if kind.__tablename__ in MACHINERY:
            continue
        names = [attribute.key for attribute in inspect(kind).column_attrs]
        for thing in work.session.scalars(select(kind)):
            key = "/".join(str(value) for value in mapper.primary_key_from_instance(thing))
            yield (kind.__tablename__, key), {name: plain(getattr(thing, name)) for name in names}
