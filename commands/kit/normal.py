"""Makes what people type comparable: full width, dashes, quotes, invisible characters, line ends."""

import re
import unicodedata

LIMIT = 16_384  # characters of a message that are looked at; platforms send less
_CHUNK = 128  # NFKC sorts combining marks in quadratic time: short pieces keep a hostile text cheap
_GROWTH = 4  # times that a piece may grow

_BEFORE = str.maketrans(
    {
        "½": "半",
        "　": " ",
        "\u2028": "\n",
        "\u2029": "\n",
        "\x85": "\n",
        "\r": "\n",
        "\ufdfa": " ",  # one sign, eighteen letters
        "\ufdfb": " ",
        "\t": " ",
        "\u0130": "I",  # the only character whose lower case is longer than itself
    }
)
_AFTER = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−﹣－⁃", "-"),
        **dict.fromkeys("“”„‟«»「」『』〝〞", '"'),
        **dict.fromkeys("‘’‚‛`´", "'"),
        **dict.fromkeys("。｡", "."),
        **dict.fromkeys("、，", ","),
        **dict.fromkeys("【〔〖", "["),
        **dict.fromkeys("】〕〗", "]"),
        "〇": "零",
        "○": "零",
        "×": "x",
        "\xa0": " ",
    }
)
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ud800-\udfff]|[\U000e0000-\U000e0fff]"
)
_PLAIN = re.compile(r"[0-9A-Za-z\-#\u4e00-\u9fff]++(?: [0-9A-Za-z\-#\u4e00-\u9fff]++)*+")
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")
_CJK_COMMA = re.compile(r"(?<=[\u3400-\u9fff]),(?! )")


def normalise(text: str) -> str:
    """Return `text` in the one form that the grammar reads; the caller keeps the raw text.

    NFKC first (full width, ligatures, ㎏), then our own map of what it leaves: dashes, quotes, 。、〇, and
    invisible characters. Blanks shrink to one, line ends stay. Never longer than `LIMIT` times `_GROWTH`.
    """
    text = text[:LIMIT]
    if _PLAIN.fullmatch(text):
        return text
    if not text.isascii():
        text = text.translate(_BEFORE)
        text = "".join(_composed(text[at : at + _CHUNK]) for at in range(0, len(text), _CHUNK))
        text = text.translate(_AFTER)
    else:
        text = text.translate(_BEFORE)
    text = _INVISIBLE.sub("", text)
    return _LINES.sub("\n", _BLANKS.sub(" ", text)).strip()


def _composed(chunk: str) -> str:
    """Return NFKC, or NFC where that would blow the text up (one ligature can be eighteen letters)."""
    composed = unicodedata.normalize("NFKC", chunk)
    return composed if len(composed) <= _GROWTH * len(chunk) else unicodedata.normalize("NFC", chunk)


def fold(text: str) -> str:
    """Return normalised `text` in lower case, character by character as long as it was."""
    folded = text.lower()
    return folded if len(folded) == len(text) else "".join(_lower(char) for char in text)


def _lower(char: str) -> str:
    low = char.lower()
    return low if len(low) == 1 else char


def readable(text: str) -> str:
    """Return free text as people write it: full-width commas after 汉字 again, no stray edges."""
    return _CJK_COMMA.sub("，", text.strip(" \n,.:;-=!?\"'~、"))
