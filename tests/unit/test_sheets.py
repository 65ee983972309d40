"""Tables as people send them: encodings, formulas, sizes, and files that are no tables."""

import io
import zipfile
from pathlib import Path

import pytest

from bot.sheets import MOST_ROWS, SheetUnreadable, read_bytes, read_rows
from tests.workbooks import workbook

ROWS = [["产品", "料号", "用量"], ["CB-100", "R-0603-10K", "0.002"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_in_any_writing_of_the_plant(encoding: str, delimiter: str) -> None:
    text = "\r\n".join(delimiter.join(row) for row in ROWS) + "\r\n\r\n"
    assert read_bytes(text.encode(encoding), name="a.csv") == ROWS


def test_a_workbook_says_numbers_as_they_are_written() -> None:
    data = workbook(["料号", "用量", "可选"], ["0012", 0.1 + 0.2, True], [None, 1.0, None], [7, 1e-5, ""])
    rows = read_bytes(data, name="a.xlsx")
    assert rows[1:] == [["0012", "0.3", "是"], ["", "1"], ["7", "0.00001", ""]]


def test_nothing_is_calculated() -> None:
    data = workbook(["料号"], ["=1+1"], ["=HYPERLINK(1)"])
    assert read_bytes(data, name="a.xlsx") == [["料号"]]
    assert read_bytes("料号\n=1+1\n".encode(), name="a.csv")[1] == ["=1+1"]


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(SheetUnreadable, match=str(MOST_ROWS)):
        read_bytes(b"a\n" * (MOST_ROWS + 1), name="a.csv")


def _zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (_zipped({"xl/sharedStrings.xml": b" " * 70_000_000}), "MB"),
        (_zipped({f"xl/{number}.xml": b"" for number in range(400)}), "太多"),
        (_zipped({"xl/a.xml": b'<?xml version="1.0"?>' + b" " * 70_000 + b"<!DOCTYPE x []><x/>"}), "定义"),
        (_zipped({"xl/a.xml": "<!DOCTYPE x []><x/>".encode("utf-16")}), "定义"),
        (_zipped({"hello.txt": b"hello"}), "另存"),
        (b"PK\x03\x04 and then nothing", "坏了"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "xls"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "不是表格"),
        (b'"never closed\n1,2', "CSV"),
    ],
    ids=["bomb", "parts", "entities", "wide", "no-workbook", "torn", "old-xls", "picture", "quote"],
)
def test_what_is_no_table_is_said_to_be_none(data: bytes, why: str) -> None:
    with pytest.raises(SheetUnreadable, match=why):
        read_bytes(data, name="a.xlsx")


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(SheetUnreadable, match=r"读不了 none\.xlsx"):
        read_rows(tmp_path / "none.xlsx")
