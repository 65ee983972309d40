"""A platform is away for six hours: no call is lost, and what could not be said is told another way (R3)."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from domain.models.journal import Outbox, OutboxState
from tests.talks.patience import until
from tests.talks.stage import Stage

pytestmark = pytest.mark.slow


def rows(stage: Stage) -> list[Outbox]:
    assert stage.house.office is not None
    return stage.house.office.read(lambda work: list(work.session.scalars(select(Outbox)))).result()


async def passes(stage: Stage, *, minutes: int) -> None:
    """Let time pass in steps of ten minutes; what is said meanwhile is looked at afterwards."""
    for _step in range(minutes // 10):
        stage.clock.advance(timedelta(minutes=10))
        stage.house.ticks._rounds_at.clear()
        while await stage.house.ticks.tick():
            pass
        stage.house.dispatcher.wake()
        await until(lambda: stage.house.dispatcher.idle, "班长停不下来")


async def test_in_six_hours_without_dingtalk_no_call_is_lost(database_url: str, tmp_path: Path) -> None:
    async with Stage(database_url, tmp_path) as stage:
        outage = stage.faults.add("status", "dingtalk.*", status=503, code="ServiceUnavailable")
        await stage.says("郑凯", "仓库群", "设备 ST-201 焊台不热")
        await passes(stage, minutes=6 * 60)
        during = [change for change in stage.left() if stage.world.rooms[change.room_id].platform == "wecom"]
        rooms = {stage.world.rooms[change.room_id].title for change in during}
        assert "周建国" in rooms, "the plant manager, who can be reached on WeCom, was called there"
        sent = [row.chat_key for row in rows(stage) if row.state is OutboxState.SENT]
        assert not [chat for chat in sent if chat.startswith("dingtalk:")]
        stage.faults.remove(outage)
        await passes(stage, minutes=30)
        await stage.idle()
        calls = [row for row in rows(stage) if row.kind == "alert"]
        assert calls
        open_ = {OutboxState.PENDING, OutboxState.LEASED}
        assert not [row.reason for row in calls if row.state in open_]
        assert not [
            row.chat_key for row in rows(stage) if row.state is OutboxState.DEAD and "nobody" in row.reason
        ]
        assert [row for row in calls if row.chat_key == "dingtalk:majun" and row.state is OutboxState.SENT]
        for change in stage.left():
            stage.takes(change)
