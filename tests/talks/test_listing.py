"""A list of pieces that fills several pages goes with a table of all of them."""

import io
from pathlib import Path

from openpyxl import load_workbook

from bot.listings import in_a_file
from bot.media import MediaStore
from notifier.card import Card, Table
from tests.talks.stage import Stage

SHIPPED = (
    ("生成序列号 WO-1001 31", "已赋码 31 个"),
    *((f"过站 {step} SN-1001-0001", "通过") for step in ("焊接", "组装", "测试", "包装")),
    ("装箱 BOX-1 SN-1001-0001", "箱里共 1 件"),
    ("封箱 BOX-1", "已封箱"),
    ("出货 BOX-1 给 恒信仪表", "CH-1 已出货给 恒信仪表"),
    ("单件清单 WO-1001", "全部 31 件都在文件里"),
)


async def test_all_pieces_are_in_the_table(database_url: str, tmp_path: Path) -> None:
    async with Stage(database_url, tmp_path) as stage:
        for text, answer in SHIPPED:
            await stage.says("周建国", "钉钉", text)
            stage.hears("钉钉", answer, who="周建国")
        file = stage.hears("钉钉", "file", who="周建国").body
    rows = cells(stage.world.media(file["media"]))
    assert file["name"].endswith(".xlsx")
    assert rows[1] == ["序列号", "工单", "状态", "把握", "在哪里", "出货单", "客户"]
    assert rows[2] == ["SN-1001-0001", "WO-1001", "已出货", "确定", "BOX-1", "CH-1", "恒信仪表"]
    assert [row[0] for row in rows[2:]] == [f"SN-1001-{at:04}" for at in range(1, 32)]


def test_nothing_in_a_table_is_a_formula(tmp_path: Path) -> None:
    media = MediaStore(tmp_path)
    hostile = ("=1+1", "+1", "-1", "@SUM(1)", "https://example.com")
    card = in_a_file(Card(title="=cmd", listing=Table(header=("",) * 5, rows=(hostile,))), media=media)
    assert card.listing is None
    assert card.file is not None
    assert cells(media.path(card.file.media).read_bytes())[-1] == list(hostile)


def cells(data: bytes) -> list[list[str]]:
    """Return what is in a workbook, in which every cell is text."""
    page = load_workbook(io.BytesIO(data)).active
    assert page is not None
    rows = list(page.iter_rows())
    assert {cell.data_type for row in rows for cell in row if cell.value} == {"s"}
    return [[str(cell.value or "") for cell in row] for row in rows]
