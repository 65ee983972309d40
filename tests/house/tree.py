"""The files of the house as the rules see them: path, text and syntax tree."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "commands", "notifier", "domain")
GENERATED = "domain/store/migrations/versions/"


@dataclass(frozen=True)
class Source:
    """One text file; `path` is relative to the checkout, with forward slashes."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.text)

    @property
    def name(self) -> str:
        """Its file name without ending."""
        return Path(self.path).stem

    def within(self, *places: str) -> bool:
        """Say whether it is one of these files, or below one of these folders."""
        return any(self.path == place or self.path.startswith(f"{place}/") for place in places)

    def nodes(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        """Every node of these kinds."""
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))

    def at(self, node: ast.AST, problem: str) -> str:
        """A problem with its place."""
        return f"{self.path}:{getattr(node, 'lineno', 0)}: {problem}"


@cache
def paths() -> tuple[str, ...]:
    """What git has, or would take."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(sorted(path for path in listed.split("\0") if path and (ROOT / path).is_file()))


@cache
def texts() -> tuple[Source, ...]:
    """Every text file of the checkout; what does not decode is a picture."""
    found = []
    for path in paths():
        try:
            found.append(Source(path, (ROOT / path).read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return tuple(found)


@cache
def modules() -> tuple[Source, ...]:
    """Every Python file that a person wrote."""
    return tuple(s for s in texts() if s.path.endswith(".py") and not s.path.startswith(GENERATED))
