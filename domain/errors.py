"""Refusals of the shop floor: classes with a code and data, no sentences.

The sentence of each code stands in `notifier/text.py`; its placeholders equal the fields here (house test).
Anything that is not a `DomainError` is a bug and gets an incident number.
"""

import re
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import ClassVar


@dataclass(eq=False)
class DomainError(Exception):
    """A refusal that a person can understand and act upon."""

    code: ClassVar[str] = "domain"

    def __init_subclass__(cls) -> None:
        """Derive the code from the class name: `OverReport` -> `over_report`."""
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def data(self) -> dict[str, object]:
        """Return the placeholders of the sentence."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __str__(self) -> str:
        return f"{self.code} {self.data()}"


@dataclass(eq=False)
class NotFound(DomainError):
    """Nothing of this kind has this code."""

    kind: str
    code_text: str


@dataclass(eq=False)
class WrongState(DomainError):
    """The thing may not make this move from where it stands."""

    thing: str
    status: str
    wanted: str


@dataclass(eq=False)
class OverReport(DomainError):
    """More pieces than the operation has left."""

    order: str
    operation: str
    left: Decimal
    asked: Decimal
