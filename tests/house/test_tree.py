"""What the checkout holds, and what it must not."""

import re
from pathlib import PurePosixPath

import pytest

from tests.house.tree import PACKAGES, ROOT, modules, paths, texts

# Spelt in pieces, so that this file does not hold what it forbids.
REGISTRIES = "|".join(
    ["py" + r"pi\.org", "python" + r"hosted\.org", "npm" + r"js\.(?:org|com)", "crates" + r"\.io"]
)
FOREIGN = re.compile(rf"{REGISTRIES}|/(?:root|Users)/|{re.escape(str(ROOT))}/")
FRONT_END = (".min.js", ".min.css", ".ttf", ".otf", ".woff", ".woff2")
LONGEST_LINE = 500  # of a script or style sheet that a person wrote


def test_no_registry_and_no_folder_of_a_machine_is_named() -> None:
    wrong = [f"{source.path}: {found[0]}" for source in texts() for found in FOREIGN.finditer(source.text)]
    assert not wrong


@pytest.mark.parametrize(
    "text", ["https://files.python" + "hosted.org/x", f"{ROOT}/bot", "/ro" + "ot/.cache"]
)
def test_a_folder_of_a_machine_is_seen(text: str) -> None:
    assert FOREIGN.search(text)


def test_third_party_front_end_code_and_fonts_are_dependencies() -> None:
    assert [path for path in paths() if path.endswith(FRONT_END)] == []
    long = [s.path for s in texts() if s.path.endswith((".js", ".css")) and _longest(s.text) > LONGEST_LINE]
    assert not long


def test_every_folder_of_a_package_is_a_package() -> None:
    folders = {PurePosixPath(module.path).parent for module in modules() if module.within(*PACKAGES)}
    assert [str(folder) for folder in sorted(folders) if not (ROOT / folder / "__init__.py").exists()] == []


def test_the_two_commands_are_there_and_can_be_run() -> None:
    for path in ("dev", ".ci/run"):
        assert (ROOT / path).stat().st_mode & 0o111


def _longest(text: str) -> int:
    return max(map(len, text.splitlines()), default=0)
