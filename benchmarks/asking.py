"""What a benchmark is asked on its command line: which databases, and how thorough."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DATABASES: Final = ("sqlite", "postgresql")


def asked(doc: str | None) -> tuple[list[str], bool]:
    """Return the databases to measure and whether it is to be quick; `doc` is the script's own docstring."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0] if doc else "")
    parser.add_argument("--quick", action="store_true", help="under 30 s")
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="sqlite")
    options = parser.parse_args()
    return _names(options.database), options.quick


@dataclass(frozen=True, kw_only=True)
class Grown:
    """On which databases a grown plant is measured, how many events it has, and where one on SQLite stays."""

    databases: list[str]
    events: int
    keep: Path | None


def asked_of_grown(doc: str | None, *, some: int, many: int) -> Grown:
    """Return what to measure on plants with a past: of `many` events, or `some` where it is to be quick."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0] if doc else "")
    parser.add_argument("--quick", action="store_true", help=f"{some:,} events instead of {many:,}")
    parser.add_argument("--events", type=int, help="how many the grown plant has")
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="sqlite")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where plants on SQLite stay")
    options = parser.parse_args()
    events = options.events or (some if options.quick else many)
    return Grown(databases=_names(options.database), events=events, keep=options.keep)


def _names(said: str) -> list[str]:
    return list(DATABASES) if said == "both" else [said]
