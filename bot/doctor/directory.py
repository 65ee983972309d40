"""The directory, read whole as every night: how many people are found, or which permission is missing."""

from typing import Final

from bot.doctor.findings import Chart, Finding
from bot.platforms.base import DirectoryReader, DirectoryUnavailable

_STEP: Final = "通讯录"
_WITHOUT: Final = "人要自己「绑定 工号」，离职的人不会自动失效"


async def examine(reader: DirectoryReader, *, chart: Chart, remedy: str) -> Finding:
    """Read the directory; without it the house runs, with more work for people."""
    try:
        found = await reader.directory()
    except DirectoryUnavailable as problem:
        return chart.warn(_STEP, f"读不到：{problem.reason}；{_WITHOUT}", remedy)
    if not found.people:
        return chart.warn(_STEP, f"一个人也没有读到；{_WITHOUT}", remedy)
    return chart.good(_STEP, f"{len(found.departments)} 个部门，{len(found.people)} 个人")
