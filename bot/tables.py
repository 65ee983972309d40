"""A table that somebody posts as a file: read in a process of its own, and looked at before it is taken."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from bot.bridge import Clerk
from bot.meaning import language_of
from bot.media import MediaStore
from bot.platforms.base import Incoming
from bot.platforms.whole import sheet, sheet_name
from bot.sheets import LARGEST
from commands.kit.imported import SHOWN
from domain.actions import importing
from domain.actions.importing import Imported
from domain.permits import may
from domain.playbook import PlaybookInvalid
from domain.queries.people import speaker
from domain.work import Work
from notifier.card import Card, File, Table

ROOT: Final = Path(__file__).resolve().parent.parent
ENDINGS: Final = (".xlsx", ".xlsm", ".csv", ".tsv", ".xls")
ARCHIVE: Final = b"PK\x03\x04"
HEAD: Final = 4_096
SECONDS: Final = 30.0
MOST_ROWS: Final = 2_000
MOST_CHARACTERS: Final = 1_000_000
WORDS: Final = ("", "导入")
"""What may be said beside a table that is to be imported; anything else is a sentence of its own."""


@dataclass(frozen=True, kw_only=True)
class Posted:
    """A table in a message: its rows and what they would come to, or what is wrong with them.

    Neither where its sender may not import: then nobody has looked into it. `whole` has all the mistakes.
    """

    name: str
    rows: Sequence[Sequence[str]] = ()
    found: Imported | None = None
    wrong: list[str] = field(default_factory=list)
    whole: File | None = None

    def to_json(self) -> dict[str, Any]:
        """Return what is kept of it with its message until it is taken."""
        return {"name": self.name, "rows": [list(row) for row in self.rows]}


def is_table(data: bytes, *, name: str, said: str) -> bool:
    """Whether a file in a message that says this may be a table to be imported."""
    if said.strip() not in WORDS:
        return False
    return name.lower().endswith(ENDINGS) if name else _looks_like_one(data)


def _looks_like_one(data: bytes) -> bool:
    """Judge a file by what is in it: WeCom gives no name (a workbook, or text with columns)."""
    if data.startswith(ARCHIVE):
        return b"xl/" in data
    first = data[:HEAD].partition(b"\n")[0]
    return b"\x00" not in data[:HEAD] and any(sign in first for sign in (b",", b";", b"\t"))


class Tables:
    """Looks at tables, one after the other."""

    def __init__(self, *, clerk: Clerk, media: MediaStore) -> None:
        self._clerk = clerk
        self._media = media
        self._turn = asyncio.Lock()

    async def look(self, data: bytes, *, name: str, incoming: Incoming) -> Posted:
        """Return what a file comes to, if its sender may import."""
        name = name[:60] or "表格"
        language = await self._clerk.read(partial(_language, incoming=incoming))
        if language is None:
            return Posted(name=name)
        async with self._turn:
            said = await rows_of(data, name=name)
        if isinstance(said, str):
            return Posted(name=name, wrong=[said])
        look = partial(_preview, rows=said, name=name, incoming=incoming, language=language)
        found = await self._clerk.read(look)
        if isinstance(found, list):
            whole = await asyncio.to_thread(self._kept, found, name) if len(found) > SHOWN else None
            return Posted(name=name, wrong=found, whole=whole)
        return Posted(name=name, rows=said, found=found)

    def _kept(self, wrong: list[str], name: str) -> File:
        """Write all mistakes into a file, a row each."""
        card = Card(title=name, table=Table(header=("",), rows=tuple((text,) for text in wrong)))
        return File(media=self._media.keep(sheet(card)), name=sheet_name(card))


def _language(work: Work, *, incoming: Incoming) -> str | None:
    """Return the language of who may import; None of anybody else."""
    actor = speaker(work, platform=incoming.platform, user_id=incoming.sender_id)
    if actor is None or not may(actor, "order.change", playbook=work.playbook):
        return None
    work.actor = actor
    return language_of(work)


def _preview(
    work: Work, *, rows: Sequence[Sequence[str]], name: str, incoming: Incoming, language: str
) -> Imported | list[str]:
    work.actor = speaker(work, platform=incoming.platform, user_id=incoming.sender_id) or work.actor
    try:
        return importing.preview(work, rows=rows, file=name)
    except PlaybookInvalid as invalid:
        return [problem.text(language=language) for problem in invalid.problems]


async def rows_of(data: bytes, *, name: str) -> list[list[str]] | str:
    """Return the rows of a file, or why it cannot be read."""
    if len(data) > LARGEST:
        return f"{name} 超过 {LARGEST // 1_000_000} MB，请分成几个文件"
    answer = await _ask(data, name=name)
    if answer is None:
        return f"{name} 读不了：读它要的时间或内存太多"
    said = json.loads(answer)
    if "error" in said:
        return str(said["error"])
    rows: list[list[str]] = said["rows"]
    if len(rows) > MOST_ROWS or sum(len(cell) for row in rows for cell in row) > MOST_CHARACTERS:
        return f"{name} 超过 {MOST_ROWS:,} 行，在群里导不了，请让工厂 IT 用 banzhang import"
    return rows


async def _ask(data: bytes, *, name: str) -> bytes | None:
    """Have a child read it, in an empty environment; None where it died or took too long."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.sheet_worker", name),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        cwd=ROOT,
        env={},
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(SECONDS):
            answer, _ = await child.communicate(data)
    except TimeoutError:
        return None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return answer if child.returncode == 0 else None
