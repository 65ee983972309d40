"""The gallery against its files: what the house says, and how each kind of message shows it."""

import json
import os
from pathlib import Path

import pytest

from tests.golden import day, gallery
from tests.golden.gallery import CARDS, Shown
from tests.golden.renderings import renderings
from tests.talks.stage import Stage

GOLDEN = Path(__file__).parent / "renderings"
WRITE = os.environ.get("CARDS") == "write"


@pytest.mark.slow
async def test_the_house_says_these_cards(tmp_path: Path) -> None:
    async with Stage(f"sqlite:///{tmp_path / 'gallery.db'}", tmp_path) as stage:
        shown = await day.played(stage)
    files = {f"{it.name}.json": gallery.to_json(it) for it in shown}
    files[gallery.INDEX] = json.dumps([it.name for it in shown]) + "\n"
    if WRITE:
        _write(CARDS, files)
        for it in gallery.kept():
            _write(GOLDEN / it.name, _rendered(it))
    assert {path.name: path.read_text(encoding="utf-8") for path in CARDS.iterdir()} == files


@pytest.mark.parametrize("shown", [] if WRITE else gallery.kept(), ids=lambda shown: shown.name)
def test_each_card_is_rendered_as_it_was(shown: Shown) -> None:
    kept = {path.name: path.read_text(encoding="utf-8") for path in (GOLDEN / shown.name).iterdir()}
    assert _rendered(shown) == kept


def _rendered(shown: Shown) -> dict[str, str]:
    made = renderings(shown).items()
    return {f"{kind}.json": json.dumps(it, ensure_ascii=False, indent=1) + "\n" for kind, it in made}


def _write(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
