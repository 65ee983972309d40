"""Every refusal has its sentence and every status its name, in every language.

What is asked of `notifier/text.py`: `LOCALES`, the languages, Chinese first; `sentences(locale)`: the
sentence of each error code; `status_names(locale)`: the name of each status by `Class.value`.
"""

import importlib
import importlib.util
import string
from typing import Any

import pytest

import domain.errors
from domain.errors import DomainError
from tests.house.test_models import MOVING


@pytest.fixture
def text() -> Any:
    """Return `notifier.text` as soon as it exists."""
    if not importlib.util.find_spec("notifier.text"):
        pytest.skip("there is no notifier/text.py yet")
    return importlib.import_module("notifier.text")


def test_every_error_has_a_sentence_in_every_language(text: Any) -> None:
    wrong = [
        problem for locale in text.LOCALES for problem in mistakes(text.sentences(locale), locale=locale)
    ]
    assert not wrong


def test_every_status_has_a_name_in_every_language(text: Any) -> None:
    statuses = [f"{type(status).__name__}.{status.value}" for kind in MOVING for status in kind.MOVES]
    missing = [
        (locale, name)
        for locale in text.LOCALES
        for name in statuses
        if not text.status_names(locale).get(name)
    ]
    assert not missing


def test_a_missing_sentence_and_a_wrong_placeholder_are_seen() -> None:
    good = {kind.code: " ".join(f"{{{name}}}" for name in placeholders_of(kind)) for kind in errors()}
    assert mistakes(good, locale="zh_CN") == []
    without = {code: sentence for code, sentence in good.items() if code != "over_report"}
    assert mistakes(without, locale="zh_CN") == ["zh_CN: over_report has no sentence"]
    assert mistakes(good | {"over_report": "剩 {left}，多 {more}"}, locale="zh_CN")
    assert mistakes(good | {"nobody_raises": "x"}, locale="zh_CN")


def errors() -> list[type[DomainError]]:
    """Every refusal, however deep it is derived."""
    found = [DomainError]
    for kind in found:
        found.extend(kind.__subclasses__())
    return [kind for kind in found if kind.__module__ == domain.errors.__name__ and kind is not DomainError]


def placeholders_of(kind: type[DomainError]) -> set[str]:
    """The data that the error carries."""
    return set(kind.__dataclass_fields__)


def mistakes(sentences: dict[str, str], *, locale: str) -> list[str]:
    """What is missing, superfluous or does not fit the data of its error."""
    kinds = {kind.code: kind for kind in errors()}
    wrong = [f"{locale}: {code} is the sentence of no error" for code in sentences if code not in kinds]
    for code, kind in kinds.items():
        used = {name for _, name, _, _ in string.Formatter().parse(sentences.get(code, "")) if name}
        if not sentences.get(code):
            wrong.append(f"{locale}: {code} has no sentence")
        elif used != placeholders_of(kind):
            wrong.append(f"{locale}: {code} says {sorted(used)} and knows {sorted(placeholders_of(kind))}")
    return wrong
