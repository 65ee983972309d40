"""齐套: gaps of an order beside what is in stock, in inspection, on the way, and who said what when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from domain.models.journal import Event, EventSubject
from domain.models.lot import Lot, LotStatus
from domain.models.supply import PurchaseLine
from domain.models.work_order import WorkOrder
from domain.queries.people import name_of
from domain.queries.picking import Need, pick_list
from domain.store import supply
from domain.work import Work

ZERO = Decimal(0)
WAITING = (LotStatus.IN_INSPECTION, LotStatus.QUARANTINED)


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What is on the way: how much, and who said when that it comes at what time."""

    code: str
    quantity: Decimal
    promised_at: datetime | None
    promised_by: str
    said_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Gap:
    """One material an order has not got yet: short of it, in stock, in inspection or held, on the way."""

    material: str
    name: str
    unit: str
    short: Decimal
    in_stock: Decimal
    inspecting: Decimal
    lots: tuple[str, ...]
    coming: tuple[Promise, ...]
    covered_at: datetime | None

    @property
    def missing(self) -> Decimal:
        """What is not in stock."""
        return max(self.short - self.in_stock, ZERO)

    @property
    def silent(self) -> tuple[str, ...]:
        """Whose word is missing: purchasing where no promise covers it, quality where lots wait for it."""
        if not self.missing:
            return ()
        sides = ("quality",) if self.inspecting else ()
        promised = sum((it.quantity for it in self.coming if it.promised_at), ZERO)
        uncovered = self.missing > self.inspecting + promised
        return (*sides, "purchasing") if uncovered else sides


@dataclass(frozen=True, kw_only=True)
class Kit:
    """How complete the material of an order is; `starts_at` is None where somebody's word is missing."""

    order: WorkOrder
    gaps: tuple[Gap, ...]
    starts_at: datetime | None

    @property
    def complete(self) -> bool:
        """Whether everything is there, at the line or in stock."""
        return not any(gap.missing for gap in self.gaps)


def kit(work: Work, *, order: str) -> Kit:
    """Return how complete an order's material is; raises NotFound."""
    found, needs = pick_list(work, order=order)
    gaps = tuple(_gap(work, need) for need in needs if need.open)
    moments = [gap.covered_at for gap in gaps]
    known = [moment for moment in moments if moment is not None]
    starts = max(known, default=work.now) if len(known) == len(moments) else None
    return Kit(order=found, gaps=gaps, starts_at=starts)


def _gap(work: Work, need: Need) -> Gap:
    takes = [need.line.material_id, *need.line.alternates]
    waiting = _waiting(work, takes)
    coming = tuple(
        _promise(work, line) for it in takes for line in supply.open_purchase_lines(work, material_id=it)
    )
    return Gap(
        material=need.material,
        name=need.name,
        unit=need.unit,
        short=need.open,
        in_stock=need.open - need.missing,
        inspecting=sum((lot.on_hand for lot in waiting), ZERO),
        lots=tuple(lot.code for lot in waiting),
        coming=coming,
        covered_at=_covered_at(work, need.missing, coming),
    )


def _waiting(work: Work, materials: Sequence[int]) -> Sequence[Lot]:
    """Return lots that are here and may not be used yet."""
    query = select(Lot).where(
        Lot.material_id.in_(materials), Lot.status.in_(WAITING), Lot.on_hand > 0, ~Lot.void
    )
    return work.session.scalars(query.order_by(Lot.received_at, Lot.id)).all()


def _promise(work: Work, line: PurchaseLine) -> Promise:
    return Promise(
        code=line.code,
        quantity=line.quantity - line.received,
        promised_at=line.promised_at if _stands(work, line.promised_at) else None,
        promised_by=name_of(work, line.promised_by),
        said_at=line.said_at,
    )


def _stands(work: Work, promised_at: datetime | None) -> bool:
    """A promise whose time is over and that did not come is no answer any more."""
    return promised_at is not None and promised_at > work.now


def _covered_at(work: Work, missing: Decimal, coming: Sequence[Promise]) -> datetime | None:
    """Return when what is missing will be here by what was promised; None where nobody has said."""
    if not missing:
        return work.now
    there = ZERO
    promised = [it for it in coming if it.promised_at is not None]
    for one in sorted(promised, key=lambda it: it.promised_at or work.now):
        there += one.quantity
        if there >= missing:
            return one.promised_at
    return None


def asked_since(work: Work, *, order_id: int, since: datetime) -> set[tuple[str, str]]:
    """Return (side, material) of what was asked about an order since then."""
    query = (
        select(Event.data)
        .join(EventSubject, EventSubject.event_id == Event.id)
        .where(EventSubject.kind == "work_order", EventSubject.ref == order_id)
        .where(Event.type == "shortage.asked", Event.recorded_at > since)
    )
    found = work.session.scalars(query).all()
    return {(side, material) for data in found for side, asked in data["sides"].items() for material in asked}
