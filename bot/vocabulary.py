"""The plant's words for the grammar: names from playbook and master data, short codes from the database."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from commands.kit import CodeForm, Name, Vocabulary, WordList
from commands.kit.phrases import Hit
from domain.playbook import Playbook
from domain.queries import andons, materials, numbered, orders
from domain.work import Work

FORMS = ("order", "lot", "station", "equipment", "andon", "container")
HOUSE_PREFIXES = {
    "nonconformance": "NCR-",
    "approval": "SP-",
    "handover": "JB-",
    "finding": "QS-",
}
"""Numbers that the house itself gives; a plant does not choose how they look."""
Place = tuple[str, str]
MOST_DIGITS = 6
REREAD = timedelta(minutes=1)
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class PlantWords:
    """A word list, and the orders of the database for bare numbers: 1001 -> WO-1001."""

    words: WordList
    work: Work

    @property
    def forms(self) -> Mapping[str, Sequence[CodeForm]]:
        """The forms of codes by kind."""
        return self.words.forms

    def names_in(self, folded: str, *, limit: int) -> Sequence[Hit[Name]]:
        """Return the longest name at each place."""
        return self.words.names_in(folded, limit=limit)

    def names(self, kind: str) -> Sequence[str]:
        """Return the canonical names of a kind."""
        return self.words.names(kind)

    def sounding(self, kind: str, said: str) -> Sequence[str]:
        """Return names that sound like `said`."""
        return self.words.sounding(kind, said)

    def like(self, kind: str, short: str) -> Sequence[str]:
        """Return known codes that end in a short number."""
        if kind == "andon":
            known = len(short) <= MOST_DIGITS and andons.known(self.work, int(short))
            return (f"{self.work.playbook.codes.andon}{short}",) if known else ()
        if kind in HOUSE_PREFIXES:
            known = len(short) <= MOST_DIGITS and numbered.known(self.work, kind=kind, number=int(short))
            return (f"{HOUSE_PREFIXES[kind]}{int(short)}",) if known else ()
        return self._orders(short) if kind == "order" else ()

    def _orders(self, short: str) -> Sequence[str]:
        """Return the order with this number, else those that end in it; one digit alone is no ending."""
        known = orders.order_codes(self.work, short=short)
        exact = [code for code in known if code == f"{self.work.playbook.codes.order}{short}"]
        return exact or (known if len(short) > 1 else ())


@dataclass
class Words:
    """The words of the playbook in force; built once per version of playbook and master data."""

    _version: str = ""
    _mark: tuple[int, int] = (0, 0)
    _looked: datetime = NEVER
    _words: WordList = field(default_factory=WordList)
    _places: Mapping[str, Place] = field(default_factory=dict)
    _said: Mapping[str, str] = field(default_factory=dict)
    _verbs: re.Pattern[str] | None = None

    def of(self, work: Work) -> Vocabulary:
        """Return the vocabulary for one job."""
        self._refresh(work)
        return PlantWords(self._words, work)

    def place(self, work: Work, *, chat_key: str) -> Place:
        """Return (department, line) of a chat, empty where the playbook does not name it."""
        self._refresh(work)
        return self._places.get(chat_key, ("", ""))

    def reworded(self, work: Work, text: str) -> str:
        """Return a message whose verb is in the plant's own word with the word of the house: 报数 -> 报工."""
        self._refresh(work)
        found = self._verbs.match(text) if self._verbs else None
        if found is None:
            return text
        return f"{found['lead']}{self._said[found['word']]}{text[found.end() :]}"

    def forget(self) -> None:
        """Read the master data again at the next message."""
        self._version = ""

    def _refresh(self, work: Work) -> None:
        """What another process has imported is known within a minute."""
        if self._version == work.playbook.version and abs(work.now - self._looked) < REREAD:
            return
        mark, self._looked = materials.newest(work), work.now
        if (self._version, self._mark) == (work.playbook.version, mark):
            return
        self._mark = mark
        self._words = WordList(_names(work), forms=_forms(work.playbook))
        self._places = _places(work.playbook)
        self._said = _verbs(work.playbook)
        self._verbs = _in_front(self._said)
        self._version = work.playbook.version


def _names(work: Work) -> dict[str, Mapping[str, Iterable[str]]]:
    book, stock = work.playbook, materials.named_materials(work)
    return {
        "operation": {it.name: (it.code, *it.aliases) for it in book.operations},
        "station": {it.code: (it.name,) for it in book.stations},
        "equipment": {it.code: (it.name,) for it in book.equipment},
        "person": {it.name: () for it in book.people},  # a job number may look like an order's: 1001
        "department": {it.name: (it.code, *it.aliases) for it in book.departments},
        "line": {it.code: (it.name,) for it in book.lines},
        "product": {it.code: (*it.aliases, *_also(book, it.code)) for it in stock if it.is_product},
        "material": {it.code: (*it.aliases, *_also(book, it.code)) for it in stock if not it.is_product},
        "shift": {it.name: () for it in book.shifts},
        "timer": {it.name: (it.code, *it.aliases) for it in book.timers},
        "reason": {it.name: (it.code, *it.aliases) for it in book.reasons_of("scrap", "rework")},
        "supplier": dict.fromkeys(materials.suppliers(work), ()),
    }


def _also(playbook: Playbook, code: str) -> Iterator[str]:
    """Yield what else the glossary calls a material or product."""
    for kind in ("material", "model", "customer_part"):
        yield from (alias for alias, name in playbook.terms(kind).items() if name == code)


def _verbs(playbook: Playbook) -> dict[str, str]:
    """Return the plant's own words for what can be said: of the glossary, and of its kinds of andon."""
    calls = {word: kind.name for kind in playbook.andon_kinds for word in kind.words}
    return {**calls, **playbook.terms("word")}


def _in_front(words: Mapping[str, str]) -> "re.Pattern[str] | None":
    """Return what finds such a word at the front, names of others, codes and numbers before it aside."""
    if not words:
        return None
    longest = "|".join(map(re.escape, sorted(words, key=lambda word: -len(word))))
    others = r"(?:@\S{1,40}\s{1,4}){0,4}"
    return re.compile(
        rf"(?P<lead>{others}[\sA-Za-z0-9_\-]{{0,40}})(?P<word>{longest})(?=[^\u4e00-\u9fff]|[了啦]|$)"
    )


def _forms(playbook: Playbook) -> list[CodeForm]:
    plants = {kind: getattr(playbook.codes, kind) for kind in FORMS}
    return [CodeForm.prefixed(kind, prefix) for kind, prefix in {**plants, **HOUSE_PREFIXES}.items()]


def _places(playbook: Playbook) -> dict[str, Place]:
    keys = {chat.code: f"{chat.platform}:{chat.id}" for chat in playbook.chats}
    found = {keys[code]: (unit.code, "") for unit in playbook.departments for code in unit.chats}
    return found | {keys[code]: (it.department, it.code) for it in playbook.lines for code in it.chats}
