"""The whole of a card as a file: what is too long for messages goes as a sheet, one line or row a row.

A sheet for texts too, because DingTalk's robot sends no .txt and no .csv (`sampleFile`). All cells are text,
so that nothing that somebody typed becomes a formula or a link.
"""

import io
import re
from datetime import datetime
from typing import Final

from notifier.card import Card

_MOST_IN_CELL: Final = 32_000  # Excel's limit is 32,767
_UNFIT_FOR_A_NAME: Final = re.compile(r"[\\/:*?\"<>|\s\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]+")
_MADE: Final = datetime(2000, 1, 1)  # noqa: DTZ001 (the same card gives the same bytes)
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def sheet_name(card: Card) -> str:
    """Return the name under which people get the file."""
    name = _UNFIT_FOR_A_NAME.sub("_", _clean(card.title)).strip("._")[:40]
    return f"{name or '全文'}.xlsx"


def sheet(card: Card) -> bytes:
    """Return everything the card says as an Excel file; some 10 ms for 1,000 lines."""
    import xlsxwriter  # noqa: PLC0415 (10 MB that most days need not)

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, _OPTIONS)
    book.set_properties({"created": _MADE})
    page, bold = book.add_worksheet("全文"), book.add_format({"bold": True})
    for at, (cells, heads) in enumerate(_rows(card)):
        for column, text in enumerate(cells):
            page.write_string(at, column, text, bold if heads else None)
    page.set_column(0, 0, 30)
    page.set_column(1, 20, 16)
    book.close()
    return file.getvalue()


def _rows(card: Card) -> list[tuple[list[str], bool]]:
    """Return title, lines, table and buttons as rows of cells, and whether a row is a heading."""
    rows = [([text], True) for text in _cells(card.title)]
    rows += [([text], False) for line in card.lines for text in _cells(line)]
    if card.table:
        rows += [(list(map(_cell, card.table.header)), True)]
        rows += [(list(map(_cell, row)), False) for row in card.table.rows]
    return rows + [([_cell(button.text), _cell(button.say)], False) for button in card.buttons]


def _cells(text: str) -> list[str]:
    """Return a text in as many cells, one below the other, as it needs."""
    text = _clean(text)
    return [text[at : at + _MOST_IN_CELL] for at in range(0, len(text), _MOST_IN_CELL)]


def _cell(text: str) -> str:
    return _clean(text)[:_MOST_IN_CELL]


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
