"""What the generated past is made of: one product with its route and bill of material, people, stations."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from domain.models.genealogy import Confidence

UNTIL: Final = datetime(2026, 6, 30, 20, 0, tzinfo=UTC)
STEP: Final = timedelta(minutes=60)
PRODUCT: Final = "LOAD-100"
TOGETHER: Final = 5
"""Orders of one step: some ten thousand rows."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much past there is: by default 2 million units, 10 million edges, some 20 million events."""

    orders: int = 10_000
    units: int = 200
    seed: int = 1

    @property
    def steps(self) -> int:
        """In how many steps it is put in."""
        return -(-self.orders // TOGETHER)

    @property
    def begins(self) -> datetime:
        """When the first order began: the last one ends at a fixed moment, so that a seed says it all."""
        return UNTIL - self.orders * STEP


@dataclass(frozen=True, kw_only=True)
class Part:
    """A material of the product: how much a piece takes, and how many orders one lot of it serves.

    Where `confidence` is exact, every piece has an edge of its own; else the order has one.
    """

    code: str
    name: str
    each: Decimal
    orders: int
    confidence: Confidence


@dataclass(frozen=True, kw_only=True)
class Step:
    """An operation of the product and where it is done."""

    sequence: int
    code: str
    name: str
    department: str
    station: str


EXACT, SHARED = Confidence.EXACT, Confidence.SHARED
PARTS: Final = (
    Part(code="LOAD-PCB", name="光板", each=Decimal(1), orders=5, confidence=EXACT),
    Part(code="LOAD-MCU", name="主控", each=Decimal(1), orders=20, confidence=EXACT),
    Part(code="LOAD-CASE", name="外壳", each=Decimal(1), orders=140, confidence=EXACT),
    Part(code="LOAD-PASTE", name="锡膏", each=Decimal("0.002"), orders=10, confidence=SHARED),
    Part(code="LOAD-WIRE", name="锡丝", each=Decimal("0.003"), orders=40, confidence=SHARED),
    *(
        Part(code=f"LOAD-R{at}", name=f"电阻 {at}", each=Decimal(at), orders=10 * at, confidence=SHARED)
        for at in range(1, 8)
    ),
)
STEPS: Final = (
    Step(sequence=10, code="smt", name="贴片", department="production", station="ST-101"),
    Step(sequence=20, code="solder", name="焊接", department="production", station="ST-102"),
    Step(sequence=30, code="assemble", name="组装", department="production", station="ST-202"),
    Step(sequence=40, code="test", name="测试", department="quality", station="ST-203"),
)
