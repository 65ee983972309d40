"""The plant's own tables: bytes of an Excel workbook or a CSV file into rows of text, within limits.

Nothing is ever calculated: of a formula the value that Excel last saw is read, and a text that begins with
= stays a text. A workbook is unpacked once beforehand, only to be measured: what it says of its own size is
not believed.
"""

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from openpyxl import load_workbook

LARGEST: Final = 5_000_000
UNPACKED: Final = 60_000_000
MOST_PARTS: Final = 300
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 60
LONGEST: Final = 500
CHUNK: Final = 65_536
ENCODINGS: Final = ("utf-8-sig", "gb18030")  # gb18030 reads all that GBK and GB 2312 write
DELIMITERS: Final = (",", "\t", ";")
FORBIDDEN: Final = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
WIDE: Final = (b"\xff\xfe", b"\xfe\xff")


class SheetUnreadable(Exception):
    """The file is no table that can be read; the text says why, in Chinese."""


def read_rows(path: Path) -> list[list[str]]:
    """Return the rows of the first sheet with text in it; raises SheetUnreadable."""
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as error:
        raise SheetUnreadable(f"读不了 {path.name}：{error.strerror}") from error
    if data is None:
        raise SheetUnreadable(f"{path.name} 超过 {LARGEST // 1_000_000} MB，请分成几个文件")
    return read_bytes(data, name=path.name)


def read_bytes(data: bytes, *, name: str) -> list[list[str]]:
    """Return the rows of a file by what it is, whatever its name says; raises SheetUnreadable."""
    if data[:4] == b"PK\x03\x04":
        _measure(data)
        return _workbook(data)
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise SheetUnreadable(f"{name} 是旧的 .xls 或加了密码，请另存为 .xlsx")
    return _csv(data, name=name)


def _measure(data: bytes) -> None:
    """Unpack every part and throw it away: a bomb, or an XML that defines its own entities, ends here."""
    left = UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise SheetUnreadable("表格文件里的东西太多，请只留一张表")
            for part in parts:
                left = _unpack(archive, part, left=left)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise SheetUnreadable("表格文件坏了或加了密码") from error


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo, *, left: int) -> int:
    tail = b""
    with archive.open(part) as unpacked:
        while chunk := unpacked.read(CHUNK):
            left -= len(chunk)
            if left < 0:
                raise SheetUnreadable(f"表格展开以后超过 {UNPACKED // 1_000_000} MB，没有读")
            if part.filename.lower().endswith((".xml", ".rels")) and _forbidden(tail, chunk):
                raise SheetUnreadable("表格文件里有不许有的定义，没有读")
            tail = chunk[-16:]
    return left


def _forbidden(tail: bytes, chunk: bytes) -> bool:
    """Definitions of entities; and wide characters, in which they would not be seen."""
    return bool(FORBIDDEN.search(tail + chunk)) or (not tail and chunk[:2] in WIDE)


def _workbook(data: bytes) -> list[list[str]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl says of styles and extensions it leaves out
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets:
                rows = _taken(_cells(sheet))
                if any(any(row) for row in rows):
                    return rows
    except SheetUnreadable:
        raise
    except Exception as error:  # openpyxl raises anything for a file that is not as it should be
        raise SheetUnreadable("表格文件读不了，请另存为新的 .xlsx 再试") from error
    return []


def _cells(sheet: Any) -> Iterator[Sequence[Any]]:
    sheet.reset_dimensions()  # what the file says of its size is not believed
    yield from sheet.iter_rows(values_only=True)


def _taken(rows: Iterator[Sequence[Any]]) -> list[list[str]]:
    taken: list[list[str]] = []
    for row in rows:
        if len(taken) >= MOST_ROWS:
            raise SheetUnreadable(f"超过 {MOST_ROWS} 行，请分成几个文件")
        said = [_text(value) for value in row]
        if any(said[MOST_COLUMNS:]):
            raise SheetUnreadable(f"超过 {MOST_COLUMNS} 列")
        taken.append(said[:MOST_COLUMNS])
    while taken and not any(taken[-1]):
        taken.pop()
    return taken


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case float():
            return f"{Decimal(format(value, '.15g')).normalize():f}"  # as many digits as Excel shows
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value).strip()[:LONGEST]


def _csv(data: bytes, *, name: str) -> list[list[str]]:
    text = _decoded(data, name=name)
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        return _taken(iter(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)))
    except csv.Error as error:
        raise SheetUnreadable(f"{name} 不是完整的 CSV：{error}") from error


def _decoded(data: bytes, *, name: str) -> str:
    encodings = ("utf-16",) if data[:2] in WIDE else ENCODINGS
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise SheetUnreadable(f"{name} 不是表格：既不是 .xlsx，也不是 UTF-8 或 GBK 的 CSV")
