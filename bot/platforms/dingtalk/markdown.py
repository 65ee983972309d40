"""Text into DingTalk's Markdown: nothing that a person typed becomes markup or exceeds its bytes."""

import json
import re
from collections.abc import Sequence

from bot.platforms.dingtalk.payload import clean_text
from bot.platforms.parting import character_end, short_ones_known

NEWLINE = "  \n "  # DingTalk breaks a line only with spaces around it ("robot message type", Markdown)

# Underscores inside part numbers (R_0402_10K) are left alone, a comparison (5 < 8) and a product (3 * 5) too.
_INLINE = re.compile(
    r"[\\`\[\]]|\*(?!\s)|(?<!\s)\*|~(?=~)|(?<=~)~|<(?=[A-Za-z/!?])|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])|&(?=#?\w+;)"
)
_LINE_START = re.compile(r"^(#+|>|\||[-+](?=\s|[-\s]*$)|=+$)")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_EVERYBODY = re.compile(r"@(?=\s*(?:all\b|everyone\b|here\b|所有人|全体))", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@short_ones_known
def escape(text: str) -> str:
    """Return one line of text that DingTalk shows as it was typed; an @all loses its power."""
    line = " ".join(plain(text).split("\n"))
    line = _EVERYBODY.sub("＠", _INLINE.sub(r"\\\g<0>", line.strip()))
    return _NUMBERED.sub(r"\1\\\2", _LINE_START.sub(r"\\\1", line))


def plain(text: str) -> str:
    """Return text without control characters and without marks that turn its direction; line feeds stay."""
    return _CONTROL.sub("", clean_text(text).replace("\r\n", "\n").replace("\t", " "))


def lines_of(texts: Sequence[str]) -> list[str]:
    """Return every line of these texts, escaped; empty lines are left out."""
    parts = [line for text in texts for line in plain(text).split("\n")]
    return [escape(line) for line in parts if line.strip()]


def size(text: str) -> int:
    """Return how many bytes a text takes inside JSON."""
    return len(json.dumps(text, ensure_ascii=False).encode()) - 2


def cut(text: str, limit: int) -> str:
    """Return the beginning of `text` in at most `limit` bytes (in JSON), never ending inside a character."""
    if size(text) <= limit:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(text[:middle]) + 3 <= limit else (low, middle - 1)
    return text[: character_end(text, low)].rstrip("\\") + "…"
