"""Messages that are nothing but codes, and the pieces of a message that may be a misspelt verb."""

import re
from collections.abc import Iterator, Sequence

from commands.kit.normal import fold, normalise
from commands.kit.vocabulary import Vocabulary

MOST_CODES = 1000  # codes of one message

_SEPARATED = re.compile(r"[\x1c-\x1e\x04]")
_TOKEN = re.compile(r"(?=[^\d]*\d)[\x21-\x7e]{4,400}")
_NO_CODE = re.compile(
    r"\d{1,5}(?:\.\d+)?[a-z%]{0,4}|[+-]?\d+(?:\.\d+)?%?(?<!\d{6})|\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?|\d{1,2}:\d{2}(?::\d{2})?",
    re.IGNORECASE,
)
_SHORT = re.compile(r"\d{2,12}")
_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z]{2,24}")
_LONGEST_VERB = 6
_RUNS_TRIED = 4


def lone_codes(text: str, codes: Sequence[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the codes of a message that holds nothing else, else (); known forms in the plant's writing."""
    lines = [line.strip(" \t　") for line in re.split(r"[\r\n\u2028]+", text)]
    found: list[str] = []
    for line in filter(None, lines):
        if _SEPARATED.search(line) and line.isascii():
            found.append(line)
            continue
        for token in re.split(r"[ ,;、，；\t]+", normalise(line)):
            code = _code(token, vocabulary)
            if code is None:
                return ()
            found.append(code)
            if len(found) > MOST_CODES:
                return ()
    return (*found, *codes)


def _code(token: str, vocabulary: Vocabulary) -> str | None:
    for kind, forms in vocabulary.forms.items():
        for form in forms:
            if whole := form.regex.fullmatch(fold(token)):
                return form.canonical_of(whole)
        if _SHORT.fullmatch(token):
            known = vocabulary.like(kind, token)
            if len(known) == 1:
                return known[0]
    return token if _TOKEN.fullmatch(token) and not _NO_CODE.fullmatch(token) else None


def windows(head: str) -> Iterator[tuple[int, int]]:
    """Yield what may be a misspelt verb: beginnings of the first runs of 汉字, latin words."""
    for _, run in zip(range(_RUNS_TRIED), _RUNS.finditer(head), strict=False):
        start, end = run.span()
        if head[start].isascii():
            yield start, end
            continue
        for length in range(2, min(_LONGEST_VERB, end - start) + 1):
            yield start, start + length
