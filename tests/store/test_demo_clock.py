"""A demo that begins at another hour loads its master data at that hour, and stays there when restarted."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from bot.app import House
from bot.settings import Settings
from domain.clock import SystemClock
from domain.models.work_order import WorkOrder
from domain.work import Work
from tests.plants import DEMO

TWO_DAYS = timedelta(days=2)


def last_due(work: Work) -> datetime | None:
    query = select(WorkOrder.due_at).where(WorkOrder.due_at.is_not(None))
    return work.session.scalars(query.order_by(WorkOrder.due_at.desc()).limit(1)).first()


async def due_after_a_start(folder: Path, *, ahead: timedelta) -> tuple[datetime, timedelta]:
    """Start and stop a house; returns when the last order is due, and how far the clock is ahead."""
    settings = Settings(
        database_url=f"sqlite:///{folder / 'banzhang.db'}", data_dir=folder, playbook=DEMO, http_port=0
    )
    house = House(settings, movable_clock=True, clock=SystemClock(ahead))
    await house.start()
    assert house.office is not None
    due = house.office.read(last_due).result()
    await house.stop()
    assert due is not None
    return due, house.clock.offset


async def test_master_data_is_loaded_at_the_hour_of_the_demo(data_dir: Path) -> None:
    plain, ahead = data_dir / "plain", data_dir / "ahead"
    usual, _offset = await due_after_a_start(plain, ahead=timedelta())
    due, _offset = await due_after_a_start(ahead, ahead=TWO_DAYS)
    assert abs(due - usual - TWO_DAYS) < timedelta(minutes=1)
    again, offset = await due_after_a_start(ahead, ahead=timedelta())
    assert (again, offset) == (due, TWO_DAYS)
