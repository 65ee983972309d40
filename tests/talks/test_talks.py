"""Every talk of this folder, played on both databases."""

import os
from pathlib import Path

import pytest

from tests.talks.script import begins_at, play, rehearse
from tests.talks.stage import Stage

TALKS = {path.stem: path for path in sorted(Path(__file__).parent.glob("*.talk"))}
TEXTS = {name: path.read_text(encoding="utf-8") for name, path in TALKS.items()}
WRITE = os.environ.get("TALKS") == "write"


@pytest.mark.parametrize("name", TALKS)
async def test_talk(name: str, database_url: str, tmp_path: Path) -> None:
    async with Stage(database_url, tmp_path, at=begins_at(TEXTS[name])) as stage:
        if WRITE:
            TALKS[name].write_text(await rehearse(stage, TEXTS[name]), encoding="utf-8")
        else:
            assert await play(stage, TEXTS[name]) == TEXTS[name]
