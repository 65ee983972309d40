"""The plant's words for the grammar: names from playbook and master data, short codes from the database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from commands.kit import CodeForm, Name, Vocabulary, WordList
from commands.kit.phrases import Hit
from domain.playbook import Playbook
from domain.queries import materials, orders
from domain.work import Work

FORMS = ("order", "lot", "station", "equipment", "andon", "container")
Place = tuple[str, str]


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
            return (f"{self.work.playbook.codes.andon}{short}",) if len(short) <= len("99999") else ()
        return orders.order_codes(self.work, short=short) if kind == "order" else ()


@dataclass
class Words:
    """The words of the playbook in force; built once per version of playbook and master data."""

    _version: str = ""
    _words: WordList = field(default_factory=WordList)
    _places: Mapping[str, Place] = field(default_factory=dict)

    def of(self, work: Work) -> Vocabulary:
        """Return the vocabulary for one job."""
        self._refresh(work)
        return PlantWords(self._words, work)

    def place(self, work: Work, *, chat_key: str) -> Place:
        """Return (department, line) of a chat, empty where the playbook does not name it."""
        self._refresh(work)
        return self._places.get(chat_key, ("", ""))

    def forget(self) -> None:
        """Read the master data again at the next message."""
        self._version = ""

    def _refresh(self, work: Work) -> None:
        if self._version == work.playbook.version:
            return
        self._words = WordList(_names(work), forms=_forms(work.playbook))
        self._places = _places(work.playbook)
        self._version = work.playbook.version


def _names(work: Work) -> dict[str, Mapping[str, Iterable[str]]]:
    book, stock = work.playbook, materials.named_materials(work)
    return {
        "operation": {it.name: (it.code, *it.aliases) for it in book.operations},
        "station": {it.code: (it.name,) for it in book.stations},
        "equipment": {it.code: (it.name,) for it in book.equipment},
        "person": {it.name: (it.id,) for it in book.people},
        "department": {it.name: (it.code, *it.aliases) for it in book.departments},
        "line": {it.code: (it.name,) for it in book.lines},
        "product": {it.code: it.aliases for it in stock if it.is_product},
        "material": {it.code: it.aliases for it in stock if not it.is_product},
        "supplier": dict.fromkeys(materials.suppliers(work), ()),
    }


def _forms(playbook: Playbook) -> list[CodeForm]:
    return [CodeForm.prefixed(kind, getattr(playbook.codes, kind)) for kind in FORMS]


def _places(playbook: Playbook) -> dict[str, Place]:
    keys = {chat.code: f"{chat.platform}:{chat.id}" for chat in playbook.chats}
    found = {keys[code]: (unit.code, "") for unit in playbook.departments for code in unit.chats}
    return found | {keys[code]: (it.department, it.code) for it in playbook.lines for code in it.chats}
