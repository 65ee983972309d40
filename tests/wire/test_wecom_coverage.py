"""The table of frames and tests is true: nothing is missing from it and every test it names exists."""

import re
from pathlib import Path
from typing import get_args

from bot.sandbox.wecom.ledger import EventType
from bot.sandbox.wecom.switchboard import COMMANDS

HERE = Path(__file__).parent
TABLE = (HERE / "wecom_coverage.md").read_text(encoding="utf-8")
ALL = [[cell.strip() for cell in row.strip("|").split("|")] for row in TABLE.splitlines() if "| test" in row]
ROWS = [row for row in ALL if len(row) == 3]
CALLED = [row for row in ALL if len(row) == 2]
MESSAGES = ("text", "mixed", "image", "voice", "file", "quote")
VENDOR = "test_wecom_vendor.py"


def defined_in(files: str, *, but: str = "") -> set[str]:
    """Return the names of the tests in files of this pattern."""
    sources = (path.read_text(encoding="utf-8") for path in HERE.glob(files) if path.name != but)
    return {
        name for source in sources for name in re.findall(r"^(?:async )?def (test_\w+)", source, re.MULTILINE)
    }


def test_every_frame_has_a_row() -> None:
    frames = " ".join(row[0] for row in ROWS)
    wanted = {"`aibot_subscribe`", "`ping`", *(f"`{cmd}`" for cmd in COMMANDS)}
    wanted |= {f"`aibot_msg_callback` {kind}" for kind in MESSAGES}
    wanted |= {f"`aibot_event_callback` {kind}" for kind in get_args(EventType)}
    assert {frame for frame in wanted if frame not in frames} == set()


def test_every_named_test_exists() -> None:
    held = {name for row in ROWS for name in row[1].split(", ")}
    proved = {name for row in ROWS for name in row[2].split(", ")}
    assert held - defined_in("test_wecom_*.py", but=VENDOR) == set()
    assert proved - defined_in(VENDOR) == set()


def test_every_test_of_the_callback_urls_rows_exists() -> None:
    held = {name for row in CALLED for name in row[1].split(", ")}
    assert len(CALLED) > 10
    assert held - defined_in("test_wecom_called*.py") == set()


def test_every_vendor_run_is_in_the_table() -> None:
    assert defined_in(VENDOR) - {name for row in ROWS for name in row[2].split(", ")} == set()
