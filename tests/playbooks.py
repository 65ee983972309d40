"""Playbooks on disk for tests: a good one, of which a test changes a file, and what the loader says of it."""

from pathlib import Path

import pytest

from domain.playbook import PlaybookInvalid, load

GOOD = {
    "site.yaml": "site:\n  code: t\n  name: 厂\n  plant_manager: 0007\n",
    "people.yaml": "people:\n  - {id: 0007, name: 喆, roles: [manager]}\n",
    "departments.yaml": (
        "departments:\n"
        "  - code: make\n"
        "    name: 生产部\n"
        "    head: 0007\n"
        "    shifts: [day]\n"
        "  - code: store\n"
        "    name: 仓库\n"
        "    head: 0007\n"
    ),
    "shifts.yaml": (
        "shifts:\n  - {code: day, name: 白班, start: 08:00, end: 20:00}\n"
        "rota:\n  - {department: make, shift: day, people: [0007]}\n"
    ),
    "andon.yaml": (
        "ladders:\n"
        "  - code: up\n"
        "    name: 升级\n"
        "    rungs:\n"
        "      - {who: duty, after: 0m}\n"
        "      - {who: head, after: 10m}\n"
        "andon_kinds:\n"
        "  - {code: part, name: 缺料, department: store, ladder: up}\n"
    ),
}


def written(folder: Path, **changed: str) -> Path:
    root = folder / "playbook"
    root.mkdir()
    for name, text in {**GOOD, **{f"{name}.yaml": text for name, text in changed.items()}}.items():
        (root / name).write_text(text, encoding="utf-8")
    return root


def complaints(path: Path) -> list[str]:
    with pytest.raises(PlaybookInvalid) as caught:
        load(path)
    return str(caught.value).splitlines()


def at_marker(text: str) -> str:
    """The line:column of the ▲."""
    before = text[: text.index("▲")]
    return f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
