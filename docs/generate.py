"""Writes the pages of docs/ that only repeat what the code says: `./dev docs`.

A house test compares them with the code, so that a new command or setting cannot be forgotten.
"""

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
NOTE = "<!-- 由 ./dev docs 生成，请勿手改 · written by ./dev docs: change the code, not this page -->"


def commands() -> str:
    """Return the page of everything that can be said, by group: usage, help, who may, examples."""
    registry = importlib.import_module("commands.kit.registry").Registry.discover("commands")
    lines = ["# 能说的话 · What can be said", "", NOTE]
    ordered = sorted(registry.specs, key=lambda spec: (spec.group, spec.verb))
    for group, specs in groupby(ordered, key=lambda spec: spec.group):
        lines += ["", f"## {group}", "", "| 说 | 意思 | 权限 | 例子 |", "|---|---|---|---|"]
        lines += [_row(_usages(spec), spec.help, _who(spec), _quoted(spec.examples)) for spec in specs]
    return "\n".join(lines) + "\n"


def settings() -> str:
    """Return the page of every setting: name, default, meaning."""
    fields = importlib.import_module("bot.settings").Settings.model_fields
    lines = ["# 设置 · Settings", "", NOTE, "", "| 环境变量 | 默认 | 含义 |", "|---|---|---|"]
    lines += [
        _row(f"`BANZHANG_{name.upper()}`", _default(field), field.description)
        for name, field in fields.items()
    ]
    return "\n".join(lines) + "\n"


PAGES: dict[str, tuple[str, Callable[[], str]]] = {
    "commands.md": ("commands.kit.registry", commands),
    "settings.md": ("bot.settings", settings),
}


def pages() -> dict[str, str]:
    """Return every page by its file name; a page waits for the module that it is about."""
    return {name: write() for name, (source, write) in PAGES.items() if importlib.util.find_spec(source)}


def main() -> None:
    """Write the pages."""
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"docs/{name}\n")


def _usages(spec: Any) -> str:
    return _quoted(phrasing.shown for phrasing in spec.phrasings)


def _who(spec: Any) -> str:
    return "、".join((*spec.roles, *filter(None, [spec.permission])))


def _default(field: Any) -> str:
    value = field.get_default()
    hidden = hasattr(value, "get_secret_value")
    return "" if value is None or value == "" or hidden else f"`{value}`"


def _quoted(texts: Iterable[str]) -> str:
    return "<br>".join(f"`{text}`" for text in texts)


def _row(*cells: str) -> str:
    return f"| {' | '.join(' '.join((cell or '').replace('|', '｜').split()) for cell in cells)} |"


if __name__ == "__main__":
    main()
