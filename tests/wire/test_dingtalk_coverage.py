"""The table of frames, doors and tests is true: nothing is missing from it and every test it names exists."""

import re
from pathlib import Path

from tests.wire.dingtalk_probe import a_cloud

HERE = Path(__file__).parent
TABLE = (HERE / "dingtalk_coverage.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in row.strip("|").split("|")] for row in TABLE.splitlines() if "| test" in row]
VENDOR = "test_dingtalk_vendor.py"
HOLDING = ["acks", "cards", "directory", "events", "every_fault", "hooks", "http", "media", "recalls"]
HOLDING += ["sending", "sockets", "stream", "webhook"]
FRAMES = (
    "SYSTEM ping",
    "SYSTEM disconnect",
    "CALLBACK card",
    "EVENT",
    "acknowledgement",
    "redelivery",
    "HTTP",
)
MESSAGES = ("text", "richText", "picture", "file", "audio", "video", "quoted", "unknownMsgType", "20001")


def defined_in(*files: str) -> set[str]:
    """Return the names of the tests in these files."""
    sources = ((HERE / file).read_text(encoding="utf-8") for file in files)
    return {
        name for source in sources for name in re.findall(r"^(?:async )?def (test_\w+)", source, re.MULTILINE)
    }


def named(column: int) -> set[str]:
    """Return the names of the tests in a column of the table."""
    return {name for row in ROWS for name in row[column].split(", ")} - {"–"}


def test_every_frame_and_every_door_has_a_row() -> None:
    rows = [row[0] for row in ROWS]
    robot = " ".join(row for row in rows if row.startswith("CALLBACK robot"))
    assert [kind for kind in MESSAGES if kind not in robot] == []
    assert [frame for frame in FRAMES if not any(row.startswith(frame) for row in rows)] == []
    assert [door for door in a_cloud().doors() if not any(f"`{door}`" in row for row in rows)] == []


def test_every_named_test_exists() -> None:
    assert named(1) - defined_in(*(f"test_dingtalk_{file}.py" for file in HOLDING)) == set()
    assert named(2) - defined_in(VENDOR) == set()


def test_every_vendor_run_is_in_the_table() -> None:
    assert defined_in(VENDOR) - named(2) == set()
