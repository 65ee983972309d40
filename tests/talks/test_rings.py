"""A rung of the ladder that rings by telephone: the head's telephone rings when nobody has taken the call."""

import shutil
from pathlib import Path

import pytest

from bot.settings import DEMO_PLAYBOOK
from tests.talks.stage import Stage

HEAD = "{who: head, after: 10m}"


@pytest.fixture
def ringing(tmp_path: Path) -> Path:
    """The demo plant, whose standard ladder telephones the head."""
    folder = tmp_path / "playbook"
    shutil.copytree(DEMO_PLAYBOOK, folder)
    page = folder / "andon.yaml"
    text = page.read_text(encoding="utf-8")
    assert HEAD in text
    page.write_text(text.replace(HEAD, "{who: head, after: 10m, ring: phone}"), encoding="utf-8")
    return folder


async def call_and_wait(stage: Stage) -> None:
    """Somebody calls, nobody answers for ten minutes."""
    await stage.says("张伟", "一车间生产群", "设备 ST-201 焊台不热")
    stage.hears("一车间生产群", "A-1 设备：已通知设备部")
    stage.hears("设备报修群", "异常 A-1 设备")
    stage.hears("钉钉", "异常 A-1 设备", who="马骏")
    await stage.later(minutes=10)
    stage.hears("设备报修群", "没人接，往上叫")


async def test_the_head_gets_the_card_and_the_telephone_rings(
    database_url: str, tmp_path: Path, ringing: Path
) -> None:
    async with Stage(database_url, tmp_path, playbook=ringing) as stage:
        await call_and_wait(stage)
        stage.hears("钉钉", "没人接，往上叫", "【接】", who="林晓雯")
        rang = stage.hears("钉钉", "没人接，往上叫", "焊台不热", who="林晓雯")
        assert rang.body["ding"] == "phone"


async def test_without_the_purchased_pack_the_app_rings(
    database_url: str, tmp_path: Path, ringing: Path
) -> None:
    async with Stage(database_url, tmp_path, playbook=ringing) as stage:
        stage.faults.add("status", "dingtalk.ding", times=2, status=400, code="ding.serverquota.insufficient")
        await call_and_wait(stage)
        stage.hears("钉钉", "没人接，往上叫", who="林晓雯")
        assert stage.hears("钉钉", "没人接，往上叫", who="林晓雯").body["ding"] == "app"
