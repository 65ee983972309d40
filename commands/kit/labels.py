"""Slot type for labels of delivered lots: read from a picture, or written in one word with bars between."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from commands.kit.normal import fold
from commands.kit.quantities import plain
from commands.kit.slots import Match, SlotType
from domain import codes
from domain.codes import Code

if TYPE_CHECKING:
    from commands.kit.sentence import Sentence

_WRITTEN = re.compile(r"[^\s|]{0,60}\|[^\s|]{1,60}\|\d{0,12}(?:\.\d{1,6})?(?:\|[^\s|]{0,60}){0,5}")


@dataclass(frozen=True, kw_only=True)
class LotLabel:
    """What stands on the label of a lot; `part` is its maker's part number. What it does not say is empty."""

    material: str
    lot: str
    quantity: Decimal | None = None
    supplier: str = ""
    date_code: str = ""
    expires: date | None = None
    part: str = ""
    purchase: str = ""

    def __str__(self) -> str:
        """Write it in one word, as a button says it."""
        count = plain(self.quantity) if self.quantity is not None else ""
        end = self.expires.isoformat() if self.expires else ""
        fields = [
            self.material,
            self.lot,
            count,
            self.supplier,
            self.date_code,
            end,
            self.part,
            self.purchase,
        ]
        while len(fields) > len(("material", "lot", "quantity")) and not fields[-1]:
            fields.pop()
        return "|".join(re.sub(r"[\s|]", "_", field) for field in fields)

    def expires_at(self, zone: ZoneInfo) -> datetime | None:
        """Return the end of its last day in the plant's time, as aware UTC."""
        return datetime.combine(self.expires, time(23, 59), zone).astimezone(UTC) if self.expires else None


def label_of(code: Code) -> LotLabel | None:
    """Return the label that a scanned code is, if it names a lot."""
    lot = code.lot or (code.value if code.kind is codes.Kind.LOT else "")
    if not lot:
        return None
    return LotLabel(
        material=code.material or code.supplier_part,
        lot=lot,
        quantity=code.quantity,
        supplier=code.supplier,
        date_code=code.date_code,
        expires=code.expires,
        part=code.supplier_part,
        purchase=code.order,
    )


def read_label(text: str) -> LotLabel | None:
    """Return the label that a text is, scanned or written; None for anything else."""
    if _WRITTEN.fullmatch(text):
        return _written(text)
    reading = codes.read(text)
    return label_of(reading) if isinstance(reading, Code) else None


def _written(text: str) -> LotLabel | None:
    fields = [*text.split("|"), *[""] * 8][:8]
    material, lot, count, supplier, date_code, expires, part, purchase = fields
    try:
        end = date.fromisoformat(expires) if expires else None
    except ValueError:
        return None
    return LotLabel(
        material=material,
        lot=lot,
        quantity=Decimal(count) if count else None,
        supplier=supplier,
        date_code=date_code,
        expires=end,
        part=part,
        purchase=purchase,
    )


def _is_another_kind(code: str, sentence: "Sentence") -> bool:
    """Whether the code of a picture has the form of an order, a station, … and not of a lot."""
    forms = sentence.vocabulary.forms
    kinds = [kind for kind in forms if any(it.regex.fullmatch(fold(code)) for it in forms[kind])]
    return bool(kinds) and "lot" not in kinds


@dataclass(frozen=True)
class LabelText(SlotType):
    """A label of a delivered lot (`LotLabel`): a code of a picture, or 料号|批次|数量|供应商|周期|有效期."""

    turn: int = 10

    def matches(self, sentence: "Sentence") -> Iterator[Match]:
        """Yield the labels of pictures, which the message has whole (`Context.codes`), and written ones."""
        for start, end in sentence.atoms:
            code = sentence.text[start:end]
            if not _is_another_kind(code, sentence):
                material, _slash, lot = code.rpartition("/")
                yield Match(start, end, read_label(code) or LotLabel(material=material, lot=lot))
        for found in _WRITTEN.finditer(sentence.text[: len(sentence.head)]):
            if label := _written(found[0]):
                yield Match(found.start(), found.end(), label)

    def load(self, text: str) -> Any:
        """Return the label again."""
        return _written(text)
