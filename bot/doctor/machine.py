"""What must be right on our own side: the rules, the data directory, the database."""

import asyncio
import os
import shutil
from pathlib import Path
from typing import Final

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.doctor.findings import Chart, Finding, Findings
from bot.settings import Settings
from domain.playbook import PlaybookInvalid, load, load_master
from domain.store import version
from domain.store.faults import said

LITTLE_SPACE: Final = 1_000_000_000  # bytes
_FOLDER: Final = "改 BANZHANG_DATA_DIR 或目录的权限"
_HERE: Final = Chart(area="本机")


async def examine(settings: Settings) -> Findings:
    """Look at rules, data directory and database."""
    yield await asyncio.to_thread(_playbook, settings.playbook)
    yield await asyncio.to_thread(_folder, settings.data_dir)
    yield await asyncio.to_thread(_database, settings)


def _playbook(folder: Path) -> Finding:
    try:
        book = load(folder)
        if (folder / "master").is_dir():
            load_master(folder / "master", playbook=book)
    except PlaybookInvalid as problem:
        first = str(problem).splitlines()[0]
        return _HERE.bad("规则", first, f"运行 banzhang check {folder}，它列出每一处的文件和行号")
    demo = "（这是演示用的规则）" if folder.name == "demo" else ""
    return _HERE.good("规则", f"{book.site.name}，{len(book.people)} 人，没有错误{demo}")


def _folder(folder: Path) -> Finding:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    except OSError as problem:
        return _HERE.bad("数据目录", f"{folder} 建不了：{problem.strerror}", _FOLDER)
    if not os.access(folder, os.W_OK):
        return _HERE.bad("数据目录", f"{folder} 写不了", _FOLDER)
    room = f"{folder}，还有 {free / 1e9:.1f} GB"
    if free < LITTLE_SPACE:
        return _HERE.warn("数据目录", room, "磁盘快满了：写满以后班长什么都记不下")
    return _HERE.good("数据目录", room)


def _database(settings: Settings) -> Finding:
    where = make_url(settings.database).render_as_string(hide_password=True)
    try:
        version.refuse_newer(settings.database)
    except version.NewerDatabase as problem:
        return _HERE.bad("数据库", f"{where} 是更新的版本写的（{problem}）", "装回更新的版本")
    except SQLAlchemyError as problem:
        way = "检查 BANZHANG_DATABASE_URL、账号权限和网络"
        return _HERE.bad("数据库", f"{where} 用不了：{said(problem)}", way)
    return _HERE.good("数据库", f"{where} 能打开")
