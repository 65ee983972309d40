"""Tables for talks: what a sheet says in the talk, as the file that is posted."""

import re
from typing import Final

from tests.workbooks import workbook

TABLE: Final = re.compile(r"〔(?P<quoted>引用)?表格：(?P<name>[^；〕]*)(?P<rows>[^〕]*)〕", re.DOTALL)


def table(name: str, rows: str) -> tuple[str, bytes]:
    """Return name and bytes of a table whose rows stand one behind the other: ；产品 序号；TS-300 10."""
    cells = [row.split() for row in rows.split("；") if row.strip()]
    if not name.endswith(".xlsx"):
        return name, "\n".join(",".join(row) for row in cells).encode("gbk")
    return name, workbook(*cells)
