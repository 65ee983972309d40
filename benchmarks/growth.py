"""P3 and P7: what a command costs on a plant with years behind it, beside the same plant in its first days.

`python -m benchmarks.growth [--quick] [--database sqlite|postgresql] [--events N] [--keep FOLDER]`

Two plants are grown by the generator of `banzhang load`, one of 10 thousand events and one of 10 million
(--quick: 400 thousand); where plants are kept (`grown.py`) they are talked at again. Then the same sentences
are said at both, in turns, sentence by sentence: from the text to the committed answer, its delivery settled,
on one connection, with the durability that the product promises. What is said touches both the newest rows
and things from anywhere in the past. The figure is the median of a round of all sentences; what each sentence
alone costs is printed beside it. At last the grown plant is pasted two hundred codes in one message, as in
`benchmarks.bulk`.
"""

import json
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

from benchmarks import bulk
from benchmarks.asking import asked_of_grown
from benchmarks.grown import ORDER, grow, office_of, places
from bot.load.plant import PARTS
from bot.terminal import Terminal
from domain.store.office import Office

GROWN: Final = 1.2
FEW, MANY, SOME = 10_000, 10_000_000, 400_000
OPERATOR, CLERK = "1004", "1009"
ROUNDS, WARMING = 150, 10


class Plant:
    """One of the plants, with somebody at its terminal."""

    def __init__(self, office: Office, *, grown: int) -> None:
        self.grown = grown
        self._terminal = Terminal(office)
        self._random = Random(7)  # noqa: S311 (a plant, no secret)
        self._lots = time.time_ns() // 1_000_000  # a kept plant has those of the last time

    def sentences(self) -> Iterator[tuple[str, str, str]]:
        """Yield what is said in one round: its name, who says it, the words."""
        past = self._random.randrange(self.grown) + 1
        self._lots += 1
        yield "report", OPERATOR, f"报工 {ORDER} 焊接 2 良"
        yield "receive", CLERK, f"收料 {PARTS[3].code} GROW-{self._lots} 100"
        yield "stock", CLERK, f"LD-{past:06} 到哪了"
        yield "scan", OPERATOR, f"LD-{past:06}"

    def say(self, words: str, *, by: str) -> float:
        """Say something; returns the seconds to the answer."""
        began = time.perf_counter()
        card = self._terminal.say(words, job_number=by)
        taken = time.perf_counter() - began
        if card.tone in ("bad", "warn"):
            raise SystemExit(f"{words}: {card.plain_text()}")
        return taken


def measure(database: str, *, events: int, keep: Path | None) -> list[dict[str, Any]]:
    """Grow both plants, let people talk at both in turns; returns the promises' lines."""
    with ExitStack() as stack:
        place = stack.enter_context(places(database, keep=keep))
        urls = {count: place(count) for count in (FEW, events)}
        grown = {count: grow(url, events=count) for count, url in urls.items()}
        offices = {count: stack.enter_context(office_of(url)) for count, url in urls.items()}
        plants = {count: Plant(office, grown=grown[count]) for count, office in offices.items()}
        growth = promise(database, talk(plants), events=events)
        pasted = bulk.compare(database, offices[events], url=urls[events], runs=bulk.RUNS)
    return [growth, {**pasted, "events": events}]


def talk(plants: dict[int, Plant]) -> dict[int, dict[str, list[float]]]:
    """Say everything at every plant, in turns; returns the seconds of each sentence."""
    taken: dict[int, dict[str, list[float]]] = {count: {} for count in plants}
    for turn in range(ROUNDS + WARMING):
        for said in zip(*(plant.sentences() for plant in plants.values()), strict=True):
            for (count, plant), (name, by, words) in zip(plants.items(), said, strict=True):
                seconds = plant.say(words, by=by)
                if turn >= WARMING:
                    taken[count].setdefault(name, []).append(seconds)
    return taken


def promise(database: str, taken: dict[int, dict[str, list[float]]], *, events: int) -> dict[str, Any]:
    """Print the figures and return the promise's line."""
    for name in taken[FEW]:
        few, many = (statistics.median(taken[count][name]) * 1000 for count in (FEW, events))
        print(f"{database} {name:8} {few:6.2f} ms with {FEW:,} events, {many:6.2f} ms with {events:,}")
    rounds = {count: list(map(sum, zip(*taken[count].values(), strict=True))) for count in taken}
    few, many = (statistics.median(rounds[count]) * 1000 for count in (FEW, events))
    ratio = many / few
    return {"promise": "P3", "database": database, "figure": round(many, 2), "floor": round(few, 2),
            "ratio": round(ratio, 3), "unit": "ms", "runs": ROUNDS, "events": [FEW, events],
            "holds": ratio <= GROWN}  # fmt: skip


def main() -> None:
    """Measure what was asked for; the last line is JSON."""
    said = asked_of_grown(__doc__, some=SOME, many=MANY)
    kept = partial(measure, events=said.events, keep=said.keep)
    print(json.dumps({"promises": [line for name in said.databases for line in kept(name)]}))


if __name__ == "__main__":
    main()
