"""One person reads English, the plant Chinese: answers in the reader's language, pushes in the plant's."""

import shutil
from pathlib import Path

from tests.plants import DEMO
from tests.talks.pictures import photo
from tests.talks.stage import Stage

PERSON = "name: 张伟\n"


def english(folder: Path) -> Path:
    """The demo's playbook, in which 张伟 reads English."""
    playbook = Path(shutil.copytree(DEMO, folder / "playbook"))
    people = playbook / "people.yaml"
    text = people.read_text(encoding="utf-8")
    assert PERSON in text
    people.write_text(text.replace(PERSON, f"{PERSON}    language: en_US\n"), encoding="utf-8")
    return playbook


async def test_who_reads_english_is_answered_in_english(database_url: str, tmp_path: Path) -> None:
    async with Stage(database_url, tmp_path, playbook=english(tmp_path)) as stage:
        await stage.says("张伟", "钉钉", "报工 WO-1001 焊接 50 良 2 废")
        stage.hears("钉钉", "WO-1001 焊接: good 50, scrap 2", "left 148", who="张伟")
        await stage.says("张伟", "钉钉", "WO-1001 到哪了")
        stage.hears("钉钉", "WO-1001: Running, 0 / 200 done", "Status Running", who="张伟")
        await stage.says("张伟", "钉钉", "下达 WO-1001")
        stage.hears("钉钉", "You do not have the permission “release work orders”", who="张伟")
        await stage.says("张伟", "钉钉", "帮助 报工")
        stage.hears("钉钉", "Reports good, scrap and rework", "<Work order> <Operation> <good>良", who="张伟")
        await stage.says("张伟", "钉钉", "啦啦啦啦")
        stage.hears("钉钉", "I did not understand; nothing was changed.", who="张伟")
        await stage.says("张伟", "钉钉", images=(photo(),))
        stage.hears("钉钉", "There is no code in the picture.", who="张伟")
        await stage.says("张伟", "钉钉", "上岗 ST-201")
        stage.hears("钉钉", "signed on: ST-201", "Equipment: EQ-SI-01", who="张伟")
        await stage.says("张伟", "钉钉", "报工 WO-1001 组装 5")
        stage.hears("钉钉", "is not done at ST-201", "Stations for it: ST-202", who="张伟")
        await stage.says("张伟", "钉钉", "计时 水洗 WO-1001")
        stage.hears("钉钉", "水洗: until 17:", who="张伟")


async def test_what_others_are_told_is_in_the_language_of_the_plant(
    database_url: str, tmp_path: Path
) -> None:
    async with Stage(database_url, tmp_path, playbook=english(tmp_path)) as stage:
        await stage.says("张伟", "一车间生产群", "缺料 WO-1001")
        stage.hears("一车间生产群", "仓库 has been told")
        stage.hears("仓库群", "状态：待响应", "【接】")
        for change in stage.left():
            stage.takes(change)
        await stage.says("刘洋", "一车间生产群", "WO-1001 到哪了")
        stage.hears("一车间生产群", "WO-1001 已下达，已完成 0 / 200")
