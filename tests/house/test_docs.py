"""Generated pages say what the code says; written ones name what there is, and all that must be named."""

import re
import runpy
from typing import get_args

import pytest

from domain.playbook.rules import Use
from notifier.rounds import ROUNDS
from notifier.schedule import RENDERINGS
from tests.house.tree import ROOT, texts

PAGES: dict[str, str] = runpy.run_path(str(ROOT / "docs" / "generate.py"))["pages"]()
WRITTEN = [source for source in texts() if source.path.endswith(".md") and not source.within("tests")]
LINK = re.compile(r"""\]\(([^)#\s]+)|src="([^"]+)\"""")
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
METRIC = re.compile(r"""["'](banzhang_[a-z_]+)["']""")


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_generated_page_is_fresh(name: str) -> None:
    place = ROOT / name
    assert place.read_text(encoding="utf-8") == PAGES[name], "run ./dev docs and commit what it writes"


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.path))
def test_a_link_leads_somewhere(page: object) -> None:
    source = next(it for it in WRITTEN if it is page)
    links = ["".join(found) for found in LINK.findall(FENCED.sub("", source.text))]
    here = (ROOT / source.path).parent
    assert [link for link in links if "://" not in link and not (here / link).exists()] == []


def test_every_metric_is_in_the_runbook() -> None:
    health = (ROOT / "bot" / "web" / "health.py").read_text(encoding="utf-8")
    metrics = METRIC.findall(health)
    assert len(metrics) > 2
    assert [name for name in metrics if name not in runbook()] == []


def test_every_scheduled_job_is_in_the_runbook() -> None:
    assert [kind for kind in RENDERINGS if f"`{kind}`" not in runbook()] == []


def test_every_round_is_in_the_runbook() -> None:
    assert [it.name for it in ROUNDS if f"`{it.name}`" not in runbook()] == []


def test_every_use_that_is_metered_is_explained() -> None:
    page = (ROOT / "docs" / "budgets.md").read_text(encoding="utf-8")
    assert [use for use in get_args(Use) if f"`{use}`" not in page] == []


def test_what_is_to_be_typed_exists() -> None:
    written = "\n".join(source.text for source in WRITTEN)
    verbs = set(re.findall(r"\./dev ([a-z]+)", written))
    known = set(re.findall(r"^    ([a-z]+)\)", (ROOT / "dev").read_text(encoding="utf-8"), re.MULTILINE))
    typed = set(re.findall(r"bin/banzhang ([a-z]+)", written))
    commands = set(
        re.findall(r"@app\.command\(\)\ndef ([a-z]+)", (ROOT / "bot" / "cli.py").read_text(encoding="utf-8"))
    )
    assert (verbs - known, typed - commands) == (set(), set())


def runbook() -> str:
    """Return the runbook."""
    return (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
