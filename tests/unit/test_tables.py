"""Tables that are posted: read in a process of their own, and refused before they cost anything."""

import io
import zipfile

import pytest

from bot.sheets import LARGEST
from bot.tables import MOST_ROWS, is_table, rows_of
from tests.workbooks import workbook


def bomb() -> bytes:
    """Return some 100 KB that unpack to 100 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000_000)
    return out.getvalue()


async def test_what_is_read_are_texts_and_never_formulas() -> None:
    rows = await rows_of(workbook(["料号", "名称"], ["N-1", "=1+1"], ["N-2", "@SUM(A1)"]), name="物料.xlsx")
    assert rows == [["料号", "名称"], ["N-1", ""], ["N-2", "@SUM(A1)"]]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (bomb(), "展开以后超过"),
        (b"PK\x03\x04 broken", "坏了"),
        (b"," * (LARGEST + 1), "超过 5 MB"),
        ("料号,名称\n".encode() + b"N,1\n" * MOST_ROWS, "banzhang import"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", ".xls"),
    ],
    ids=["bomb", "broken", "large", "long", "old"],
)
async def test_what_is_too_much_or_no_table_is_said_and_not_read(data: bytes, why: str) -> None:
    said = await rows_of(data, name="表")
    assert isinstance(said, str)
    assert why in said


@pytest.mark.parametrize(
    ("data", "name", "said", "is_one"),
    [
        (b"a,b\n", "路线.CSV", "", True),
        (b"a,b\n", "路线.csv", " 导入 ", True),
        (b"a,b\n", "路线.csv", "报工 WO-1001 焊接 5 良", False),
        (b"%PDF-1.7", "图纸.pdf", "", False),
        (workbook(["a"]), "", "", True),
        ("产品,工序\n".encode("gbk"), "", "", True),
        (b"%PDF-1.7\n", "", "", False),
        (b"\x89PNG\r\n\x1a\n\x00,", "", "", False),
    ],
)
def test_a_table_is_known_by_its_name_or_without_one_by_what_is_in_it(
    data: bytes,
    name: str,
    said: str,
    is_one: bool,  # noqa: FBT001 (a parameter of the table above)
) -> None:
    assert is_table(data, name=name, said=said) is is_one
