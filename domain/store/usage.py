"""What the platforms meter, added up in rows: any node adds, nobody reads first."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy.dialects import postgresql, sqlite

from domain.models.usage import Spent, Usage
from domain.work import Work

KEY: Final = ("site_id", "month", "platform", "robot", "chat_key", "use")


def month_of(work: Work) -> str:
    """Return the plant's month of this moment (2026-03)."""
    return f"{work.now.astimezone(work.playbook.zone):%Y-%m}"


def add(work: Work, spent: Mapping[Spent, int]) -> None:
    """Add units to this month's rows, in the same order on every node: none waits for another in a ring."""
    if not spent:
        return
    known = {"site_id": work.site_id, "month": month_of(work)}
    rows = [{**known, **it._asdict(), "units": units} for it, units in sorted(spent.items())]
    build = postgresql.insert if work.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    added = build(Usage)
    added = added.on_conflict_do_update(
        index_elements=KEY, set_={"units": Usage.units + added.excluded.units}
    )
    work.session.execute(added, rows)
