"""Writes the pages of docs/ that only repeat what the code says: `./dev docs`.

A house test compares them with the code, so that a new command or setting cannot be forgotten.
"""

import importlib
import sys
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

from docs import cards, words

ROOT = Path(__file__).parents[1]
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


def example() -> str:
    """Return the example of an environment file: every setting, commented out at its default."""
    lines = ["# 复制为 .env 后按需修改；每项的含义也在 docs/settings.md。由 ./dev docs 生成。"]
    for name, field in importlib.import_module("bot.settings").Settings.model_fields.items():
        value = _default(field).strip("`")
        lines += ["", f"# {field.description}", f"# BANZHANG_{name.upper()}={value}".rstrip()]
    return "\n".join(lines) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "docs/cards.md": lambda: cards.page(NOTE),
    "docs/commands.md": commands,
    "docs/settings.md": settings,
    "deploy/env.example": example,
}


def pages() -> dict[str, str]:
    """Return every page, and every catalogue of words, by its path in the checkout."""
    return {name: write() for name, write in PAGES.items()} | words.pages()


def main() -> None:
    """Write the pages."""
    for name, text in pages().items():
        (ROOT / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"{name}\n")
    words.report()


def _usages(spec: Any) -> str:
    return _quoted(phrasing.shown for phrasing in spec.phrasings)


def _who(spec: Any) -> str:
    return "、".join((*spec.roles, *filter(None, [spec.permission])))


def _default(field: Any) -> str:
    value = field.get_default()
    hidden = hasattr(value, "get_secret_value")
    shown = value.relative_to(ROOT) if isinstance(value, Path) and value.is_absolute() else value
    return "" if value is None or value == "" or hidden else f"`{shown}`"


def _quoted(texts: Iterable[str]) -> str:
    return "<br>".join(f"`{text}`" for text in texts)


def _row(*cells: str) -> str:
    return f"| {' | '.join(' '.join((cell or '').replace('|', '｜').split()) for cell in cells)} |"


if __name__ == "__main__":
    main()
