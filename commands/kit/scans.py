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
_SHORT = re.compile(r"\d{2,8}")
_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z]{2,24}(?![a-z]|-\d)")  # LL-1 is no verb
_LONGEST_VERB = 6
_RUNS_TRIED = 4
_PIECES = re.compile(r"[^\s,;、，；]+")
MOST_PASTED = 300
MANY = 12
"""Codes that a sentence may hold; more than that were pasted."""
UNREAD = 4
"""Of a paste, one in so many may be unreadable: it is shown as it came."""


def lone_codes(text: str, codes: Sequence[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the codes of a message that holds nothing else, else (); known forms in the plant's writing.

    Of several lines a few may be unreadable: they come as they are.
    """
    lines = [line.strip(" \t　") for line in re.split(r"[\r\n\u2028]+", text)]
    found: list[str] = []
    unread = 0
    for line in filter(None, lines):
        if _SEPARATED.search(line) and line.isascii():
            found.append(line)
            continue
        for token in re.split(r"[ ,;、，；\t]+", normalise(line)):
            code = as_code(token, vocabulary)
            unread += code is None
            found.append(token if code is None else code)
            if len(found) > MOST_CODES or (unread and len(lines) < UNREAD) or 2 * unread > len(found) + MANY:
                return ()
    return (*found, *codes) if unread * UNREAD <= len(found) else ()


def pasted(plain: str, vocabulary: Vocabulary) -> tuple[str, tuple[str, ...]]:
    """Return what is said before a paste of many codes, and the codes; () where there are few.

    `plain` is normalised. A verb and what else it needs stand in front: 过站 焊接, and two hundred lines.
    """
    tokens = list(_PIECES.finditer(plain))
    if not MANY < len(tokens) <= MOST_PASTED:
        return plain, ()
    found: list[str] = []
    for token in reversed(tokens):
        code = as_code(token[0], vocabulary)
        if code is None:
            break
        found.append(code)
    if len(found) <= MANY:
        return plain, ()
    return plain[: tokens[-len(found)].start()].rstrip(), tuple(reversed(found))


def as_code(token: str, vocabulary: Vocabulary) -> str | None:
    """Return the code that a word is, in the plant's writing where its form is known; None if it is none."""
    folded, short = fold(token), _SHORT.fullmatch(token)
    for kind, forms in vocabulary.forms.items():
        for form in forms:
            if whole := form.regex.fullmatch(folded):
                return form.canonical_of(whole)
        if short:
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
