"""Amounts in the unit of the thing: equal, converted exactly, or refused."""

from decimal import Decimal

import pytest

from commands.kit import Amount
from commands.kit.units import in_unit
from domain.errors import UnitMismatch


@pytest.mark.parametrize(
    ("said", "own", "comes_to"),
    [
        (("5", ""), "kg", "5"),
        (("5", "kg"), "kg", "5"),
        (("500", "g"), "kg", "0.5"),
        (("2.5", "kg"), "g", "2500"),
        (("3", "米"), "cm", "300"),
        (("75", "cm"), "m", "0.75"),
        (("5", "个"), "块", "5"),
        (("5", "个"), "PCS", "5"),
        (("5", "盘"), "盘", "5"),
    ],
)
def test_what_fits(said: tuple[str, str], own: str, comes_to: str) -> None:
    assert in_unit(Amount(Decimal(said[0]), said[1]), unit=own, of="R100") == Decimal(comes_to)


@pytest.mark.parametrize(
    ("said", "own"), [("个", "kg"), ("kg", "个"), ("盘", "个"), ("g", "米"), ("个", "箱")]
)
def test_what_does_not(said: str, own: str) -> None:
    with pytest.raises(UnitMismatch) as refused:
        in_unit(Amount(Decimal(5), said), unit=own, of="R100")
    assert refused.value.data() == {"material": "R100", "unit": own, "said": f"5{said}"}
