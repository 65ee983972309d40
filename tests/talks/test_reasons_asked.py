"""Where the plant demands a reason, a report without one is asked for it, on both platforms."""

from pathlib import Path
from shutil import copytree

import pytest

from bot.settings import DEMO_PLAYBOOK
from tests.talks.script import play
from tests.talks.stage import Stage

TALK = """\
张伟@钉钉：报工 WO-1001 焊接 20 良 1 废
班长@张伟的钉钉：报工：还差原因
    已记下：报工 WO-1001 焊接 20良 1废
    直接回复即可；不做了就回「取消」。
    【虚焊】【短路】【错件】【划伤】
张伟@钉钉：短路
班长@张伟的钉钉：✅ WO-1001 焊接：良 20，废 1
    原因：短路
    累计良 20，废 1，返工中 0，还剩 179
    #1
班长@张伟的钉钉（改）：报工：还差原因
    已记下：报工 WO-1001 焊接 20良 1废
    已回：短路
张伟@钉钉：报工 WO-1001 焊接 20 良 1 废
班长@张伟的钉钉：报工：还差原因
    已记下：报工 WO-1001 焊接 20良 1废
    直接回复即可；不做了就回「取消」。
    【虚焊】【短路】【错件】【划伤】
张伟@钉钉：锡珠
班长@张伟的钉钉：✅ WO-1001 焊接：良 20，废 1
    原因：锡珠
    累计良 40，废 2，返工中 0，还剩 158
    #2
班长@张伟的钉钉（改）：报工：还差原因
    已记下：报工 WO-1001 焊接 20良 1废
    已回：锡珠
张伟@钉钉：报工 WO-1001 焊接 20 良 1 废
班长@张伟的钉钉：报工：还差原因
    已记下：报工 WO-1001 焊接 20良 1废
    直接回复即可；不做了就回「取消」。
    【虚焊】【短路】【错件】【划伤】
张伟@钉钉【错件】
班长@张伟的钉钉：✅ WO-1001 焊接：良 20，废 1
    原因：错件
    累计良 60，废 3，返工中 0，还剩 137
    #3
班长@张伟的钉钉（改）：报工：还差原因
    已记下：报工 WO-1001 焊接 20良 1废
    已回：报工 WO-1001 焊接 20良 1废 错件
周建国@企业微信：报工 WO-1001 焊接 10 良 1 废
班长@周建国的企业微信：报工：还差原因
    直接回复即可；不做了就回「取消」。
    已记下：报工 WO-1001 焊接 10良 1废
    【虚焊】【短路】【错件】【划伤】
周建国@企业微信：取消
班长@周建国的企业微信：「报工」没有做，什么都没有改动。
"""


@pytest.mark.slow
async def test_a_demanded_reason_is_asked_for(database_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "playbook"
    copytree(DEMO_PLAYBOOK, folder)
    site = folder / "site.yaml"
    site.write_text(site.read_text(encoding="utf-8") + "\nfloor:\n  reasons: [scrap]\n", encoding="utf-8")
    async with Stage(database_url, tmp_path, playbook=folder) as stage:
        assert await play(stage, TALK) == TALK
