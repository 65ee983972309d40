"""A WeCom group with a webhook: who is called by an urgent andon is really rung there, once per call."""

import shutil
from pathlib import Path

import pytest

from bot.settings import DEMO_PLAYBOOK
from tests.talks.stage import Stage

GROUP, ID = "仓库群", "id: wrDemoWarehouse"


@pytest.fixture
def hooked(tmp_path: Path) -> Path:
    """The demo plant, whose warehouse group has a robot; its key lies in a file."""
    folder = tmp_path / "playbook"
    shutil.copytree(DEMO_PLAYBOOK, folder)
    key = tmp_path / "hook.key"
    key.write_text("sandbox-key\n")
    page = folder / "departments.yaml"
    text = page.read_text(encoding="utf-8")
    assert ID in text
    page.write_text(text.replace(ID, f'{ID}\n    webhook: "file:{key}"'), encoding="utf-8")
    return folder


async def test_the_warehouse_is_rung_by_its_own_robot(
    database_url: str, tmp_path: Path, hooked: Path
) -> None:
    stage = Stage(database_url, tmp_path, playbook=hooked)
    room = stage.room(GROUP)
    stage.wecom.app.hooks.add(room.id, key="sandbox-key")
    async with stage:
        await stage.says("张伟", "一车间生产群", "缺料 SMT-1 少电阻")
        stage.hears("一车间生产群", "A-1 缺料")
        posts = [stage.hears(GROUP, "异常 A-1 缺料", "SMT-1 少电阻") for _ in ("card", "ring")]
        card, rung = sorted(posts, key=lambda post: len(post.mentions))
        assert [it["text"] for it in card.body["buttons"]] == ["接"]
        assert rung.body["text"].endswith("@郑凯")
        assert [stage.world.residents[it].name for it in rung.mentions] == ["郑凯"]
        stage.hears("企业微信", "异常 A-1 缺料", who="郑凯")
        await stage.presses("郑凯", GROUP, "接")
        stage.hears(GROUP, "异常 A-1 缺料", "已响应")
        stage.hears("一车间生产群", "A-1")
        assert sum(bool(post.mentions) for post in stage.world.posts(room.id, author="bot")) == 1
