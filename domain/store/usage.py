"""What the platforms meter, added up in rows: any node adds, nobody reads first."""

from collections.abc import Mapping
from typing import Final, cast

from sqlalchemy import Table

from domain.models.usage import Spent, Usage
from domain.store.prepared import PreparedInsert
from domain.work import Work

KEY: Final = ("site_id", "month", "platform", "robot", "chat_key", "use")
_ADD: Final = PreparedInsert(cast("Table", Usage.__table__), same=KEY, adds="units")


def month_of(work: Work) -> str:
    """Return the plant's month of this moment (2026-03)."""
    return f"{work.now.astimezone(work.playbook.zone):%Y-%m}"


def add(work: Work, spent: Mapping[Spent, int]) -> None:
    """Add units to this month's rows, in the same order on every node: none waits for another in a ring."""
    if not spent:
        return
    known = {"site_id": work.site_id, "month": month_of(work)}
    work.will_change()
    rows = [{**known, **it._asdict(), "units": units} for it, units in sorted(spent.items())]
    _ADD.run(work.connection, rows)
