"""The table of the app's doors and tests is true: nothing is missing from it, every test it names exists."""

import re
from pathlib import Path

from bot.platforms.wecom.app import outcomes
from bot.platforms.wecom.app.hearing import _EVENTS
from bot.platforms.wecom.outcomes import TABLE as COMMON
from bot.sandbox.wecom import WeComCloud
from bot.sandbox.world import World

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
APP = ROOT / "bot" / "platforms" / "wecom" / "app"
WHOLE = (ROOT / "docs" / "platforms.md").read_text(encoding="utf-8")
PAGE = WHOLE.partition("## The self-built app and group webhooks\n")[2].partition("\n## ")[0]
TABLE = (HERE / "wecom_app_coverage.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in row.strip("|").split("|")] for row in TABLE.splitlines() if "| test" in row]
VENDOR = "test_wecom_app_vendor.py"
OURS = (
    "test_wecom_app_callback.py",
    "test_wecom_app_files.py",
    "test_wecom_app_sending.py",
    "test_wecom_app_refused.py",
    "test_wecom_hook.py",
)
ELSEWHERE = ("user/", "department/", "agent/")  # the directory and the doctor have tests of their own


def defined_in(*files: str) -> set[str]:
    """Return the names of the tests in these files."""
    sources = ((HERE / name).read_text(encoding="utf-8") for name in files)
    return {
        name for source in sources for name in re.findall(r"^(?:async )?def (test_\w+)", source, re.MULTILINE)
    }


def test_every_address_of_the_api_has_a_row() -> None:
    doors = " ".join(row[0] for row in ROWS)
    paths = [route.path.removeprefix("/cgi-bin/") for route in WeComCloud(World()).app.routes()]
    assert paths
    assert [path for path in paths if f"`{path}`" not in doors and not path.startswith(ELSEWHERE)] == []


def test_every_event_that_is_heard_has_a_row() -> None:
    events = " ".join(row[0] for row in ROWS)
    assert [name for name in _EVENTS if name not in events] == []


def test_every_error_code_stands_on_the_page() -> None:
    codes = PAGE.partition("### Error codes")[2]
    ours = [code for code, verdict in outcomes.TABLE.items() if COMMON.get(code) != verdict]
    assert ours
    assert [code for code in ours if not re.search(rf"(?<!\d){code}(?!\d)", codes)] == []


def test_every_file_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"`([\w/]+\.py)`", PAGE))
    assert named
    assert [name for name in named if not (APP / name).exists() and not (ROOT / name).exists()] == []


def test_every_named_test_exists() -> None:
    held = {name for row in ROWS for name in row[1].split(", ")}
    proved = {name for row in ROWS for name in row[2].split(", ")} - {"—"}
    assert held - defined_in(*OURS) == set()
    assert proved - defined_in(VENDOR) == set()


def test_every_vendor_run_is_in_the_table() -> None:
    proved = {name for row in ROWS for name in row[2].split(", ")}
    runs = {name for name in defined_in(VENDOR) if name.startswith(("test_wechatpy", "test_alertmanager"))}
    assert runs - proved == set()
