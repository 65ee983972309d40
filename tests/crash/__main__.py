"""`python -m tests.crash`: kills, counts, and says in one line of JSON whether the promise holds."""

import argparse
import asyncio
import json
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from tests import postgres
from tests.crash.run import Options, Outcome, run

QUICK: Final = Options(kills=2, people=6, life=1.0, freezes=0.0, settle=15.0, things=40)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a run shows of a promise: the counts that must be zero, and those of what was tried."""

    unit: str
    wrong: tuple[str, ...]
    tried: tuple[str, ...]


SHOWN: Final = {
    "R1": Shown(
        unit="acknowledged commands lost or applied twice",
        wrong=("lost", "double"),
        tried=("acknowledged", "kills", "freezes"),
    ),
    "R2": Shown(
        unit="messages with more than one effect, or acknowledged and with none",
        wrong=("lost", "double"),
        tried=("told_again", "said"),
    ),
    "R4": Shown(
        unit="answers shown again although a key protects them, unmarked, or more often than in doubt",
        wrong=("needless_repeats", "unmarked_repeats"),
        tried=("answered", "unknown_outcomes", "visible_repeats"),
    ),
}
DATABASES: Final = ("sqlite", "postgresql")


def main() -> int:
    """Run on the databases that were asked for; exit code 1 if anything was lost, doubled or left."""
    asked = _asked()
    signal.signal(
        signal.SIGTERM, signal.default_int_handler
    )  # whoever ends us ends the bot and the server too
    reports = [_report(name, asked) for name in ([asked.database] if asked.database else DATABASES)]
    print(json.dumps(_promises(reports), ensure_ascii=False))
    return 0 if all(report["holds"] for report in reports) else 1


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, help="how often to kill the process (30; the long run: 500)")
    parser.add_argument("--database", choices=DATABASES, help="only this one (both)")
    parser.add_argument("--quick", action="store_true", help="under 30 seconds a database")
    parser.add_argument("--seed", type=int, default=1, help="draw other moments, mishaps and commands")
    parser.add_argument("--people", type=int, help="how many people report work (24)")
    parser.add_argument("--nodes", type=int, default=1, help="processes on one database (PostgreSQL only)")
    parser.add_argument("--verify", action="store_true", help="replay the journal after every life")
    parser.add_argument("--doors", action="store_true", help="through every door of both platforms (R2, R4)")
    parser.add_argument(
        "--keep", type=Path, help="keep database, logs and the outside log in this new folder"
    )
    return parser.parse_args()


def _options(asked: argparse.Namespace) -> Options:
    options = QUICK if asked.quick else Options()
    given = {"kills": asked.kills, "people": asked.people, "seed": asked.seed, "nodes": asked.nodes}
    given |= {"doors": asked.doors or None, "verify": asked.verify or None}
    return replace(options, **{name: value for name, value in given.items() if value is not None})


def _report(name: str, asked: argparse.Namespace) -> dict[str, Any]:
    options = _options(asked)
    with _folder(asked.keep, name) as folder, _database(name, folder) as url:
        print(f"{name}: {options}", flush=True)
        outcome = asyncio.run(run(options, database=url, folder=folder, say=_say))
    figures = _figures(name, outcome)
    _say(json.dumps(figures))
    return figures


def _figures(name: str, outcome: Outcome) -> dict[str, Any]:
    verdict = outcome.verdict
    for line in verdict.wrong():
        print(f"  ! {line}")
    for ending, count in sorted(verdict.outbox.items()):
        print(f"    outbox {ending}: {count}")
    return {
        "database": name,
        "kills": outcome.kills,
        "freezes": outcome.freezes,
        "seconds": round(outcome.seconds, 1),
        "said": verdict.said,
        "acknowledged": verdict.acknowledged,
        "answered": verdict.answered,
        "events": verdict.events,
        "lost": len(verdict.lost),
        "double": len(verdict.double),
        "unanswered": len(verdict.unanswered),
        "told_again": verdict.told_again,
        "most_told": verdict.most_told,
        "visible_repeats": verdict.repeats,
        "unknown_outcomes": verdict.unknowns,
        "needless_repeats": len(verdict.needless),
        "unmarked_repeats": len(verdict.unmarked),
        "other_findings": len(verdict.others),
        "holds": verdict.holds,
    }


def _promises(reports: list[dict[str, Any]]) -> dict[str, Any]:
    """The last line: each promise that a run shows, with its figures summed over the databases."""
    promises = [_promise(name, reports) for name in SHOWN]
    holds = all(report["holds"] for report in reports)
    return {"promises": promises, "runs": reports, "holds": holds}


def _promise(name: str, reports: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a promise as it came out: it holds where something was tried and nothing went wrong."""
    shown = SHOWN[name]
    total = {key: sum(report[key] for report in reports) for key in (*shown.wrong, *shown.tried)}
    figure = sum(total[key] for key in shown.wrong)
    holds = figure == 0 and total[shown.tried[0]] > 0
    return {"promise": name, "figure": figure, "floor": 0, "unit": shown.unit, **total, "holds": holds}


@contextmanager
def _folder(keep: Path | None, name: str) -> Iterator[Path]:
    if keep is not None:
        folder = keep.absolute() / name
        folder.mkdir(parents=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix=f"banzhang-crash-{name}-") as folder_name:
        yield Path(folder_name)


@contextmanager
def _database(name: str, folder: Path) -> Iterator[str]:
    if name == "sqlite":
        yield f"sqlite:///{folder / 'data' / 'banzhang.db'}"
        return
    with postgres.running(durable=True) as server:
        yield server.create("crash")


def _say(line: str) -> None:
    print(f"  {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
