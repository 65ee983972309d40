"""Words in the reader's language: gettext over `notifier/locale`, Chinese being the source."""

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

SOURCE = "zh_CN"
DOMAIN = "banzhang"
CATALOGUES = Path(__file__).parent / "locale"

_language: ContextVar[str] = ContextVar("language", default=SOURCE)


def _(message: str) -> str:
    """Return `message` in the language of the reader; the Chinese itself where a catalogue lacks it."""
    language = _language.get()
    return message if language == SOURCE else _catalogue(language).gettext(message)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Make texts in `language` (zh_CN, en_US) within this block."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


@lru_cache(maxsize=8)
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, CATALOGUES, languages=[language], fallback=True)
