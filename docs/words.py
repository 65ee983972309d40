"""The translators' catalogue: every text of ours that people read, found in the code; part of `./dev docs`.

What is translated stays, what nobody says any more goes, what is new comes in empty and is reported.
"""

import ast
import importlib
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

import polib

from commands.kit import Registry, answers
from commands.kit.spec import Spec
from domain.playbook import permissions
from notifier import named, names, order_cards, refusals, sentences
from notifier.text import LOCALES, SOURCE, languages

ROOT = Path(__file__).parents[1]
SPEAKING = ("bot", "commands", "notifier")


def _rooms(*packages: ModuleType) -> dict[str, ModuleType]:
    """Return the modules of these packages by their paths: each is a table of words."""
    return {
        f"{package.__name__.replace('.', '/')}/{module.name}.py": importlib.import_module(
            f"{package.__name__}.{module.name}"
        )
        for package in packages
        for module in pkgutil.iter_modules(package.__path__)
    }


TABLED: dict[str, ModuleType] = {
    **_rooms(refusals, named),
    "domain/playbook/permissions.py": permissions,
    "notifier/sentences.py": sentences,
    "notifier/names.py": names,
    "notifier/order_cards.py": order_cards,
    "commands/kit/answers.py": answers,
}
"""Files whose tables (constants that map to texts) are words."""


def said() -> dict[str, str]:
    """Return every text that is shown to people, with the file that says it first."""
    found: dict[str, str] = {}
    for text, place in (*_marked(), *_listed(), *_declared()):
        if not text.isascii():
            found.setdefault(text, place)
    return found


def page(language: str) -> str:
    """Return a language's catalogue as its file should be: every text of the code, and no other."""
    known = {entry.msgid: entry.msgstr for entry in _catalogue(language)}
    fresh = polib.POFile(wrapwidth=110)
    fresh.header = "Chinese is the source. ./dev docs brings the texts here; only msgstr is written by hand."
    fresh.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    for text, place in sorted(said().items(), key=lambda it: (it[1], it[0])):
        fresh.append(polib.POEntry(msgid=text, msgstr=known.get(text, ""), occurrences=[(place, "")]))
    return str(fresh)


def pages() -> dict[str, str]:
    """Return the catalogue of every language but the source, by its path in the checkout."""
    return {_path(it).relative_to(ROOT).as_posix(): page(it) for it in languages() if it != SOURCE}


def missing(language: str) -> list[str]:
    """Return the texts that this language does not say yet."""
    known = {entry.msgid for entry in _catalogue(language) if entry.msgstr}
    return sorted(set(said()) - known)


def report() -> None:
    """Say what is not translated yet."""
    for language in languages():
        untold = missing(language) if language != SOURCE else []
        if untold:
            sys.stderr.write("\n".join([f"{language}: {len(untold)} texts are not translated:", *untold, ""]))


def _path(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "banzhang.po"


def _catalogue(language: str) -> Iterator[polib.POEntry]:
    yield from polib.pofile(str(_path(language)))


def _marked() -> Iterator[tuple[str, str]]:
    """What the code hands to `_`."""
    for folder in SPEAKING:
        for file in sorted((ROOT / folder).rglob("*.py")):
            for text in marks(file.read_text(encoding="utf-8")):
                yield text, file.relative_to(ROOT).as_posix()


def marks(code: str) -> Iterator[str]:
    """Return the texts that a file hands to `_`."""
    for call in ast.walk(ast.parse(code)):
        match call:
            case ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str(text))]):
                yield text


def _listed() -> Iterator[tuple[str, str]]:
    """The tables of words."""
    for place, module in TABLED.items():
        for name, table in vars(module).items():
            if name.isupper() and isinstance(table, Mapping):
                yield from ((text, place) for text in _texts(table))


def _texts(table: Mapping[str, object]) -> Iterator[str]:
    for value in table.values():
        if isinstance(value, Mapping):
            yield from _texts(value)
        elif isinstance(value, str):
            yield value


def _declared() -> Iterator[tuple[str, str]]:
    """What commands declare: help, group, names of their slots, the question before a dangerous act."""
    for spec in Registry.discover("commands").specs:
        place = Path(spec.place.rpartition(":")[0]).relative_to(ROOT).as_posix()
        for text in _of(spec):
            yield text, place


def _of(spec: Spec) -> Iterator[str]:
    yield spec.help
    yield spec.group
    yield from (slot.label for phrasing in spec.phrasings for slot in phrasing.slots)
    if isinstance(spec.confirm, str):
        yield spec.confirm
