"""Others who are mentioned in a message: what follows an @ is a name and never a verb or a number."""

import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

from commands.kit.normal import fold
from commands.kit.vocabulary import Vocabulary

LONGEST: Final = 40  # characters of a name
MOST: Final = 16  # names in one message
PERSON: Final = "person"
_AT: Final = re.compile(r"(?<![0-9a-z._%+\-])@(?=[^\s@])")
_END: Final = re.compile(r"[\s@,;:!?]|$")


@dataclass(frozen=True)
class Mention:
    """A mentioned name with its @ and its place; `person` is whom the plant knows by it, or nothing."""

    start: int
    end: int
    person: str = ""


def mentions(text: str, vocabulary: Vocabulary) -> tuple[Mention, ...]:
    """Return who is mentioned in a normalised text: up to a blank, or up to the end of a name of the plant.

    Both platforms put a blank behind a name (and leave names in that are not the bot's own); names of their
    people may hold blanks.
    """
    if "@" not in text:
        return ()
    folded = fold(text)
    return tuple(_mention(folded, found.start(), vocabulary) for found in islice(_AT.finditer(folded), MOST))


def _mention(folded: str, at: int, vocabulary: Vocabulary) -> Mention:
    name = folded[at + 1 : at + 1 + LONGEST]
    for start, end, values in vocabulary.names_in(name, limit=LONGEST):
        for value in values:
            if start == 0 and value.kind == PERSON:
                return Mention(at, at + 1 + end, value.name)
    ended = _END.search(name)
    return Mention(at, at + 1 + (ended.start() if ended else len(name)))


def blanked(text: str, found: tuple[Mention, ...]) -> str:
    """Return the text with blanks in place of those mentions: every other character keeps its place."""
    for it in found:
        text = f"{text[: it.start]}{' ' * (it.end - it.start)}{text[it.end :]}"
    return text
