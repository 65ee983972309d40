"""What the checkout holds, and what it must not."""

import re
import tomllib
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


@pytest.mark.parametrize(
    ("lock", "group"),
    [
        ("deploy/requirements.lock", None),
        ("deploy/requirements-dev.lock", "dev"),
        ("deploy/bootstrap.lock", "bootstrap"),
    ],
)
def test_the_locks_hold_what_the_project_file_asks_for(lock: str, group: str | None) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = project["dependency-groups"][group] if group else project["project"]["dependencies"]
    pinned = (ROOT / lock).read_text(encoding="utf-8")
    missing = [name for name in map(_package, asked) if not re.search(rf"^{name}==", pinned, re.MULTILINE)]
    assert not missing, f"run ./dev lock: {missing}"
    assert all("--hash" in part for part in re.split(r"^(?=[a-z])", pinned, flags=re.MULTILINE)[1:])


def test_the_two_commands_are_there_and_can_be_run() -> None:
    for path in ("dev", ".ci/run"):
        assert (ROOT / path).stat().st_mode & 0o111


def _package(requirement: str) -> str:
    """The name as a lock file spells it."""
    return re.sub(r"[._]", "-", re.split(r"[\[<>=~!; ]", requirement)[0]).lower()


def _longest(text: str) -> int:
    return max(map(len, text.splitlines()), default=0)
