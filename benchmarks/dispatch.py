"""P10: grammar and dispatch with 10, 100 and 1,000 commands, beside Errbot and a dictionary.

`python -m benchmarks.dispatch [--quick] [--peer]`. A message is one full sentence of a report: it is
normalised and understood (verb, order, operation, two quantities by their marks), its command is called,
the card becomes text. The dictionary splits at blanks and calls: it understands nothing and is the limit.
Errbot runs in a process and an environment of its own (`--peer` makes `.venv-errbot`), set up by its own
template and test backend, without threads; "bare" is it with its log off and its reply dropped. Rates are
per second of processor time: both sides run in one thread and wait for nothing.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from commands.kit import (
    Chat,
    Context,
    OperationName,
    OrderCode,
    Quantity,
    Registry,
    Run,
    WordList,
    command,
    execute,
    understand,
)
from domain.work import Work
from notifier.card import Card

ROOT = Path(__file__).parents[1]
PEER_ENVIRONMENT = ROOT / ".venv-errbot"
PEER = PEER_ENVIRONMENT / "bin" / "python"
SIZES = (10, 100, 1000)
FLAT = 1.3  # a thousand commands may cost this much more than ten: noise, not growth
FACTOR = 5.0
FIRST = "报检入出开关停换拆装收发领退移盘交接验审签批改查算列排补送拿贴印"
SECOND = "工料单件库线机点样板箱托标签号量期程序图表账卡证据货车门灯水电气胶"
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
WORDS = WordList(
    {
        "operation": {"焊接": ("hj",), "组装": (), "检验": (), "包装": ()},
        "person": {f"张{at}": () for at in range(200)},
        "station": {f"{at}号线": () for at in range(20)},
    }
)


def verbs(count: int) -> list[str]:
    """Return so many verbs of two 汉字; many begin alike, as real ones do."""
    return [first + second for second in SECOND for first in FIRST][:count]


def make(verb: str, number: int) -> Callable[..., Card]:
    """Return a command that reports under `verb`."""

    def report(
        ctx: Context, order: OrderCode, operation: OperationName, good: Quantity, scrap: Quantity = 0
    ) -> Card:
        """登记良品和废品。"""
        return Card(title=f"{order} {operation}: {good} {scrap}", lines=(ctx.said,))

    report.__name__ = f"report{number}"
    return command(f"{verb} <order> <operation> <good>良 [<scrap>废]")(report)


def ours(count: int) -> Callable[[int], None]:
    """Return a function that dispatches message number n with `count` commands."""
    names = verbs(count)
    registry = Registry(make(verb, at) for at, verb in enumerate(names))
    said = [f"{verb} WO-1001 焊接 50 良 2 废" for verb in names]
    ctx = Context(
        work=cast("Work", None),
        person=None,
        chat=Chat(id="1", kind="group", platform="bench"),
        vocabulary=WORDS,
        registry=registry,
    )

    def dispatch(at: int) -> None:
        run = understand(registry, said[at % count], vocabulary=WORDS, now=NOW)
        if not isinstance(run, Run) or run.spec.name != f"report{at % count}":
            raise SystemExit(f"not understood: {said[at % count]}: {run}")
        reply = execute(run, ctx).plain_text()
        if reply != "WO-1001 焊接: 50 2":
            raise SystemExit(f"misunderstood: {reply}")

    return dispatch


def dictionary(count: int) -> Callable[[int], None]:
    """Return the limit: the same commands behind a dictionary, the sentence split at blanks."""
    names = verbs(count)

    def report(order: str, operation: str, good: int, scrap: int) -> Card:
        return Card(title=f"{order} {operation}: {good} {scrap}")

    commands = dict.fromkeys(names, report)
    said = [f"{verb} WO-1001 焊接 50 良 2 废" for verb in names]

    def dispatch(at: int) -> None:
        verb, order, operation, good, _, scrap, _ = said[at % count].split()
        commands[verb](order, operation, int(good), int(scrap)).plain_text()

    return dispatch


def rate(dispatch: Callable[[int], None], calls: int) -> float:
    """Return messages per second of processor time over `calls` messages."""
    began = time.process_time()
    for at in range(calls):
        dispatch(at)
    return calls / (time.process_time() - began)


class Peer:
    """Errbot in its own process: one line in, one figure out."""

    def __init__(self, commands: int) -> None:
        self._process = subprocess.Popen(
            [str(PEER), str(Path(__file__).with_name("errbot_peer.py")), str(commands)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip

    def rate(self, kind: str, calls: int) -> float:
        """Return its messages per second; kind is whole or bare."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{kind} {calls}\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def stop(self) -> None:
        """End the process."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(10)


def install_peer() -> None:
    """Make the peer's environment with the newest Errbot (and pytest, which its backends import)."""
    uv = [sys.executable, "-m", "uv"]
    subprocess.run(
        [*uv, "venv", "-q", "--clear", "--python", sys.executable, str(PEER_ENVIRONMENT)], check=True
    )
    subprocess.run([*uv, "pip", "install", "-q", "--python", str(PEER), "errbot", "pytest"], check=True)


def measure(*, rounds: int, calls: int, peer: Peer | None) -> dict[str, list[float]]:
    """Return the rates of every contender, taken in turns so that a noisy machine is noisy for all."""
    contenders: dict[str, Callable[[int], float]] = {
        f"ours {count}": partial(rate, ours(count)) for count in SIZES
    }
    contenders["dictionary 100"] = partial(rate, dictionary(100))
    if peer:
        contenders["errbot 100"] = partial(peer.rate, "whole")
        contenders["errbot 100 bare"] = partial(peer.rate, "bare")
    for contender in contenders.values():
        contender(1000)
    rates: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            rates[name].append(contender(calls))
    return rates


def promises(rates: dict[str, list[float]]) -> list[dict[str, Any]]:
    """Return the figures as the last line prints them; ratios are medians of the rounds' own ratios."""
    runs = len(rates["ours 10"])
    middle = {name: statistics.median(values) for name, values in rates.items()}

    def ratio(one: str, other: str) -> float:
        return statistics.median(a / b for a, b in zip(rates[one], rates[other], strict=True))

    def part(name: str, one: str, other: str, **more: Any) -> dict[str, Any]:
        return {"promise": "P10", "part": name, "figure": round(middle[one]), "floor": round(middle[other]),
                "unit": "messages per CPU second", "runs": runs, **more}  # fmt: skip

    growth = ratio("ours 10", "ours 1000")
    flat = part(
        "flat from 10 to 1,000 commands", "ours 1000", "ours 10", dictionary=round(middle["dictionary 100"])
    )
    told = [{**flat, "ratio": round(growth, 2), "limit": FLAT, "holds": growth <= FLAT}]
    name = "against Errbot, 100 commands"
    if "errbot 100" not in rates:
        return [*told, {"promise": "P10", "part": name, "skipped": "Errbot is not installed"}]
    faster = ratio("ours 100", "errbot 100")
    peer = part(name, "ours 100", "errbot 100", peer_bare=round(middle["errbot 100 bare"]))
    return [*told, {**peer, "ratio": round(faster, 2), "limit": FACTOR, "holds": faster >= FACTOR}]


def main() -> None:
    """Measure, show, and print the promise as the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under 30 s")
    parser.add_argument("--peer", action="store_true", help="install Errbot beside, if it is not there")
    parser.add_argument("--database", default="sqlite", help="taken like everywhere; dispatch needs none")
    options = parser.parse_args()
    if options.peer and not PEER.exists():
        install_peer()
    peer = Peer(100) if PEER.exists() else None
    rates = measure(rounds=9 if options.quick else 31, calls=1000 if options.quick else 3000, peer=peer)
    if peer:
        peer.stop()
    for name, values in rates.items():
        middle, best = statistics.median(values), max(values)
        print(f"{name:>16} {middle:>9,.0f} messages per CPU second (best {best:,.0f})")
    if peer is None:
        print("      errbot 100    skipped: not installed (--peer installs it)")
    print(json.dumps({"promises": promises(rates)}, ensure_ascii=False))


if __name__ == "__main__":
    main()
