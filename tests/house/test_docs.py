"""The generated pages say what the code says."""

import runpy

import pytest

from tests.house.tree import ROOT

PAGES: dict[str, str] = runpy.run_path(str(ROOT / "docs" / "generate.py"))["pages"]()


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_generated_page_is_fresh(name: str) -> None:
    place = ROOT / name
    assert place.read_text(encoding="utf-8") == PAGES[name], "run ./dev docs and commit what it writes"
