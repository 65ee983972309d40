"""Workbooks for tests."""

import io
from collections.abc import Sequence

from openpyxl import Workbook


def workbook(*rows: Sequence[object]) -> bytes:
    """Return an .xlsx with one sheet of these rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
