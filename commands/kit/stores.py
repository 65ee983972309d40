"""Slot types of the store and the feeders: slots of stations, places of the store, requisitions."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from commands.kit.slots import Match, Rank, SlotType
from domain.queries import requisitions

if TYPE_CHECKING:
    from commands.kit.context import Context
    from commands.kit.sentence import Sentence

_SLOT = re.compile(r"(?:站位|料站|槽位|槽) ?[:#]?([a-z0-9][a-z0-9\-]{0,11})(?![a-z0-9])")
_BEFORE = re.compile(r"(?<![a-z0-9._/#\-])(\d{1,3}) ?号(?:站位|料站|槽位|槽|位(?!置))")
_BEHIND_STATION = re.compile(r"(?<=[a-z0-9])/([a-z0-9][a-z0-9\-]{0,7})(?![a-z0-9/])")
_BARE = re.compile(r"(?<![a-z0-9._/#\-])(\d{1,3})(?: ?号(?!线|楼|机))?(?![a-z0-9%.\-/:]| ?[余个件kg])")
_PLACE = re.compile(r"(?<![a-z0-9\-])(loc|st)[-_ ]?([a-z0-9]{1,10}(?:-[a-z0-9]{1,8}){0,2})(?![a-z0-9])")
_AISLE = re.compile(r"(?:到|去|至|库位|放) ?([a-z]{1,3}-?\d{1,4}(?:-\d{1,4}){0,3})(?![a-z0-9])")
_REQUISITION = re.compile(r"(?<![a-z0-9\-])ll[-_ ]?(\d{1,9})(?![a-z0-9])")
_PURCHASE = re.compile(r"(?<![a-z0-9\-])po[-_ ]?(\d{1,12}(?:-\d{1,4})?)(?![a-z0-9])")


@dataclass(frozen=True)
class SlotNumber(SlotType):
    """The number of a slot at a station: 站位 3, ST-101/3, 站位 F12; a bare small number at a pinch."""

    turn: int = 19

    def matches(self, sentence: "Sentence") -> Iterator[Match]:
        """Yield what is called a slot."""
        for pattern in (_BEFORE, _SLOT, _BEHIND_STATION):
            for found in pattern.finditer(sentence.head):
                yield Match(found.start(), found.end(), found[1].upper())

    def guesses(self, sentence: "Sentence") -> Iterator[Match]:
        """Yield small numbers: 上料 ST-101 3 LOT-0004."""
        for found in _BARE.finditer(sentence.head):
            yield Match(found.start(), found.end(), found[1], Rank.PROBABLE)

    def say(self, value: Any) -> str:
        """Return 站位3."""
        return f"站位{value}"


@dataclass(frozen=True)
class StorePlace(SlotType):
    """A place of the store or a station: LOC-A2, ST-101, 到 A2-03."""

    turn: int = 19

    def matches(self, sentence: "Sentence") -> Iterator[Match]:
        """Yield codes of places."""
        for found in _PLACE.finditer(sentence.head):
            yield Match(found.start(), found.end(), f"{found[1]}-{found[2]}".upper())
        for found in _AISLE.finditer(sentence.head):
            yield Match(found.start(1), found.end(), found[1].upper())


@dataclass(frozen=True)
class RequisitionNumber(SlotType):
    """The number of a requisition: LL-3."""

    turn: int = 18

    def matches(self, sentence: "Sentence") -> Iterator[Match]:
        """Yield the numbers."""
        for found in _REQUISITION.finditer(sentence.head):
            yield Match(found.start(), found.end(), int(found[1]))

    def dump(self, value: Any) -> str:
        """Return LL-3."""
        return f"LL-{value}"

    def load(self, text: str) -> Any:
        """Return the number again."""
        return int(text.removeprefix("LL-"))

    def choices(self, ctx: "Context", got: Mapping[str, Any]) -> Sequence[str]:  # noqa: ARG002 (always the open ones)
        """Return the requisitions that are not issued."""
        return requisitions.open_codes(ctx.work)


@dataclass(frozen=True)
class PurchaseNumber(SlotType):
    """The number of a purchase line: PO-12, PO-4500017-10."""

    turn: int = 18

    def matches(self, sentence: "Sentence") -> Iterator[Match]:
        """Yield the numbers."""
        for found in _PURCHASE.finditer(sentence.head):
            yield Match(found.start(), found.end(), f"PO-{found[1]}")
