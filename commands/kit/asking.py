"""Questions that sound like orders: 「LOT-0001 冻结了吗」 asks, and must not freeze anything."""

import re
from collections.abc import Sequence
from typing import Final

TAIL: Final = 12  # characters at the end in which a question shows
_ASKS: Final = re.compile(r"(?:没有|[没吗么])[\s.~!?]*$|\?[\s?!.]*$")


ASKING: Final = ("没", "有", "吗", "么", "?", "!", ".", "~", " ")
"""What a question ends with."""


def question_at(text: str) -> int | None:
    """Return where the words begin that make a normalised text a question; None where it is none."""
    found = _ASKS.search(text, max(0, len(text) - TAIL))
    return found.start() if found else None


def is_in_words(claimed: Sequence[tuple[int, int]], text: str, at: int) -> bool:
    """Say whether `at` is within a word or a remark that was understood: 料齐了没, 探头没有."""
    return any(start < at < end and text[start:at].strip(" 了") for start, end in claimed)
