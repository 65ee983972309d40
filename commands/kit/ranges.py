"""A run of serial numbers that is said by its ends: SN-1~SN-20, SN-001 到 SN-020, SN-001-SN-020."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from commands.kit.dialogue import Ask, Confirm, Run, Suggest, Understood
from commands.kit.normal import fold
from commands.kit.scans import as_code
from commands.kit.sentence import HEAD
from commands.kit.vocabulary import Vocabulary

MOST: Final = 200
"""Pieces of one message; a longer run is offered in parts."""
PARTS: Final = 3
LONG_NUMBER: Final = 8  # digits from which a code may have no letter
LIKE: Final = re.compile(r"\d(?: ?[~…到至]| ?-{1,3} ?[A-Za-z])")
"""What a run has between its ends: a cheap look before a close one."""
_STEM: Final = r"(?<![a-z0-9._/\-])(?P<stem>[a-z0-9][a-z0-9._/\-]{0,40}?)(?P<first>\d{1,9})"
_END: Final = r"(?P<last>\d{1,9})(?![a-z0-9%:/.\-个件片只块台套盘月日号点时])"
_RUN: Final = re.compile(
    rf"{_STEM} ?(?:(?:[~…]{{1,3}}|到|至|-{{1,3}}) ?(?P=stem)|(?:[~…]{{1,3}}|到|至) ?(?=(?P<short>\d))){_END}"
)


@dataclass(frozen=True, kw_only=True)
class CodeRun:
    """A run of codes with the place where it is said; `first` is its first code as the plant writes it."""

    start: int
    end: int
    stem: str
    width: int
    numbers: range
    first: str

    def code(self, number: int) -> str:
        """Return the code with this number."""
        return f"{self.stem}{number:0{self.width}d}"

    @property
    def codes(self) -> list[str]:
        """The codes, of which no message may hold more."""
        return [self.code(number) for number in self.numbers[:MOST]]

    def parts(self) -> Iterator[str]:
        """Yield the run as it is said, in parts of which none is too long."""
        for start in range(self.numbers.start, self.numbers.stop, MOST)[:PARTS]:
            yield f"{self.code(start)}~{self.code(min(start + MOST, self.numbers.stop) - 1)}"


def runs_in(text: str, vocabulary: Vocabulary) -> tuple[CodeRun, ...]:
    """Return the runs in a normalised text, in their order."""
    head = fold(text[:HEAD])
    return tuple(run for found in _RUN.finditer(head) if (run := _run(found, text, vocabulary)))


def _run(found: "re.Match[str]", text: str, vocabulary: Vocabulary) -> CodeRun | None:
    first, last = found["first"], found["last"]
    padded = first.startswith("0")
    if len(first) != len(last) and (padded or (found["short"] and len(first) > len(last))):
        return None
    numbers = range(int(first), int(last) + 1)
    start, begins = found.start(), found.start("first")
    stem = text[start:begins]
    said = stem + first
    if len(numbers) < 2 or (said.isdigit() and len(said) < LONG_NUMBER):  # noqa: PLR2004 (one is no run)
        return None
    known = (as_code(said, vocabulary) or said).upper()
    stem = known.removesuffix(first)
    return CodeRun(
        start=start,
        end=found.end(),
        stem=stem,
        width=len(first) if padded else 0,
        numbers=numbers,
        first=known,
    )


def shortened(text: str, runs: Sequence[CodeRun]) -> str:
    """Return the text with the first code of each run in its place: so long a run is one word."""
    for run in reversed(runs):
        text = f"{text[: run.start]}{run.first} {text[run.end :]}"
    return text


def widened(meant: Understood, runs: Sequence[CodeRun]) -> Understood | None:
    """Return the shortened meaning with the runs in place of their first codes; None if one has no place.

    A run that is longer than `MOST` is offered in parts.
    """
    if isinstance(meant, Suggest):
        return replace(meant, sentences=tuple(_said(it, runs) for it in meant.sentences))
    if not isinstance(meant, Run | Confirm | Ask):
        return None
    arguments, places = dict(meant.arguments), 0
    for slot in meant.phrasing.slots:
        if slot.many and (given := arguments.get(slot.name)):
            found = [run for run in runs if run.first.upper() in _upper(given)]
            arguments[slot.name] = tuple(_all(given, found))
            places += len(found)
    if places < len(runs):
        return None
    long = next((run for run in runs if len(run.numbers) > MOST), None)
    if long:
        said = (meant.sentence.replace(long.first, part, 1) for part in long.parts())
        return Suggest(sentences=tuple(said), spec=meant.spec)
    return replace(meant, arguments=arguments)


def _upper(given: Sequence[Any]) -> list[str]:
    return [str(it).upper() for it in given]


def _all(given: Sequence[Any], runs: Sequence[CodeRun]) -> Iterator[Any]:
    firsts = {run.first.upper(): run for run in runs}
    for value in given:
        run = firsts.get(str(value).upper())
        yield from (run.codes if run else [value])


def _said(sentence: str, runs: Sequence[CodeRun]) -> str:
    for run in runs:
        sentence = sentence.replace(run.first, next(run.parts()), 1)
    return sentence
