"""Many new rows of one kind at once: no objects are made of them, and the event has their images."""

from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, Table, inspect

from domain.models.columns import Base
from domain.store.images import RecordingSession
from domain.store.prepared import PreparedInsert
from domain.work import Work


def insert(work: Work, kind: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that name all columns but those with a default of the database; the next event owns them.

    What was changed before is flushed first, so that it comes before them.
    """
    if not rows:
        return
    session = cast("RecordingSession", work.session)
    session.flush()
    session.images.note_rows(kind.__tablename__, rows)
    work.will_change()
    _insert(kind).run(cast("Connection", session.bind), rows)


@cache
def _insert(kind: type[Base]) -> PreparedInsert:
    return PreparedInsert(cast("Table", inspect(kind).local_table))
