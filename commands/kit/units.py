"""Amounts in the unit in which a thing is counted: converted exactly where they fit, else refused."""

from decimal import Decimal
from types import MappingProxyType

from commands.kit.quantities import MEASURES, PIECES, Amount
from domain.errors import UnitMismatch

PIECE = PIECES[0]
SIZES = MappingProxyType(
    {
        "kg": ("g", Decimal(1000)),
        "g": ("g", Decimal(1)),
        "米": ("mm", Decimal(1000)),
        "cm": ("mm", Decimal(10)),
        "mm": ("mm", Decimal(1)),
    }
)
"""What a unit is in the smallest of its family (SI)."""


def in_unit(amount: Amount, *, unit: str, of: str) -> Decimal:
    """Return the amount in `unit`, in which `of` is counted; said without a unit it is in that already.

    Raises UnitMismatch: 5 pieces of what is weighed are no 5 kg.
    """
    said, own = _known(amount.unit), _known(unit)
    if said in ("", own):
        return amount.number
    if said in SIZES and own in SIZES and SIZES[said][0] == SIZES[own][0]:
        return amount.number * SIZES[said][1] / SIZES[own][1]
    raise UnitMismatch(material=of, unit=unit, said=str(amount))


def _known(unit: str) -> str:
    """Return the name of the unit that stands for all of its spellings: 件, 只, pcs are 个."""
    low = unit.lower()
    return PIECE if low in PIECES else MEASURES.get(low, unit)
