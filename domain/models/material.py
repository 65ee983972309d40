"""Materials, routes, bills of material, lots, and the genealogy between them."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.errors import CannotIssue, LotExpired, LotShort
from domain.models.columns import Base, Exact, Json, Moment, refers_to, status_of
from domain.models.moves import Moving, table

ZERO = Decimal(0)


class Material(Base):
    """A part number: bought material or product."""

    __tablename__ = "material"
    __table_args__ = (UniqueConstraint("site_id", "code"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"))
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(12))
    shelf_life_days: Mapped[int | None] = mapped_column(Integer)
    aliases: Mapped[list[Any]] = mapped_column(Json, default=list)


class RouteVersion(Base):
    """One version of how a product is made; never changed after an order was released with it."""

    __tablename__ = "route_version"
    __table_args__ = (UniqueConstraint("product_id", "version"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    product_id: Mapped[int] = mapped_column(refers_to("material.id"))
    version: Mapped[int] = mapped_column(Integer)


class Operation(Base):
    """One step of a route: its owner department and standard time in minutes a piece."""

    __tablename__ = "operation"
    __table_args__ = (UniqueConstraint("route_id", "sequence"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    route_id: Mapped[int] = mapped_column(refers_to("route_version.id"))
    sequence: Mapped[int] = mapped_column(Integer)
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    department: Mapped[str] = mapped_column(String(40))
    standard_minutes: Mapped[Decimal] = mapped_column(Exact, default=ZERO)


class BomVersion(Base):
    """One version of what goes into a product."""

    __tablename__ = "bom_version"
    __table_args__ = (UniqueConstraint("product_id", "version"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    product_id: Mapped[int] = mapped_column(refers_to("material.id"))
    version: Mapped[int] = mapped_column(Integer)


class BomLine(Base):
    """So much of a material a piece, at an operation."""

    __tablename__ = "bom_line"
    __table_args__ = (UniqueConstraint("bom_id", "material_id", "operation"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    bom_id: Mapped[int] = mapped_column(refers_to("bom_version.id"))
    material_id: Mapped[int] = mapped_column(refers_to("material.id"))
    operation: Mapped[str] = mapped_column(String(40))
    quantity: Mapped[Decimal] = mapped_column(Exact)


class LotStatus(StrEnum):
    """Life cycle of a material lot (物料批次)."""

    IN_INSPECTION = "in_inspection"
    RELEASED = "released"
    QUARANTINED = "quarantined"
    REJECTED = "rejected"
    CONSUMED = "consumed"
    EXPIRED = "expired"
    SCRAPPED = "scrapped"
    RETURNED = "returned_to_supplier"


class Lot(Base, Moving):
    """Material + supplier + lot number. Always: received = issued + scrapped + on hand, and on hand >= 0."""

    __tablename__ = "lot"
    __table_args__ = (
        UniqueConstraint("site_id", "material_id", "supplier", "lot_no"),
        Index("ix_lot_code", "site_id", "code"),
        Index("ix_lot_stock", "material_id", "status"),
    )
    MOVES = table(
        {
            LotStatus.IN_INSPECTION: (LotStatus.RELEASED, LotStatus.QUARANTINED, LotStatus.REJECTED),
            LotStatus.RELEASED: (LotStatus.CONSUMED, LotStatus.EXPIRED, LotStatus.QUARANTINED),
            LotStatus.QUARANTINED: (LotStatus.RELEASED, LotStatus.SCRAPPED, LotStatus.RETURNED),
            LotStatus.REJECTED: (),
            LotStatus.CONSUMED: (),
            LotStatus.EXPIRED: (),
            LotStatus.SCRAPPED: (),
            LotStatus.RETURNED: (),
        }
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"))
    code: Mapped[str] = mapped_column(String(60))
    material_id: Mapped[int] = mapped_column(refers_to("material.id"))
    supplier: Mapped[str] = mapped_column(String(80), default="")
    lot_no: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str] = mapped_column(String(12))
    received: Mapped[Decimal] = mapped_column(Exact, default=ZERO)
    issued: Mapped[Decimal] = mapped_column(Exact, default=ZERO)
    scrapped: Mapped[Decimal] = mapped_column(Exact, default=ZERO)
    on_hand: Mapped[Decimal] = mapped_column(Exact, default=ZERO)
    place: Mapped[str] = mapped_column(String(80), default="")
    received_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    status: Mapped[LotStatus] = mapped_column(status_of(LotStatus), default=LotStatus.IN_INSPECTION)
    void: Mapped[bool] = mapped_column(default=False)

    def issue(self, quantity: Decimal, *, at: datetime) -> None:
        """Take `quantity` out; raises CannotIssue, LotExpired, LotShort."""
        if self.status is not LotStatus.RELEASED:
            raise CannotIssue(thing=self.code, status=self.standing)
        if self.expires_at is not None and self.expires_at <= at:
            raise LotExpired(lot=self.code, expired_at=self.expires_at)
        if quantity > self.on_hand:
            raise LotShort(lot=self.code, on_hand=self.on_hand, asked=quantity, unit=self.unit)
        self.on_hand -= quantity
        self.issued += quantity
        if self.on_hand == 0:
            self.move(LotStatus.CONSUMED)


class Confidence(StrEnum):
    """How sure an edge is; never mixed in a list without saying so."""

    EXACT = "exact"
    SHARED = "shared"


class Edge(Base):
    """Genealogy: `quantity` of the parent went into the child (kinds: lot, order, unit, container)."""

    __tablename__ = "edge"
    __table_args__ = (
        Index("ix_edge_parent", "parent_kind", "parent_id"),
        Index("ix_edge_child", "child_kind", "child_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"))
    parent_kind: Mapped[str] = mapped_column(String(12))
    parent_id: Mapped[int] = mapped_column(BigInteger)
    child_kind: Mapped[str] = mapped_column(String(12))
    child_id: Mapped[int] = mapped_column(BigInteger)
    quantity: Mapped[Decimal] = mapped_column(Exact)
    unit: Mapped[str] = mapped_column(String(12))
    operation: Mapped[str] = mapped_column(String(40), default="")
    confidence: Mapped[Confidence] = mapped_column(status_of(Confidence))
    made_at: Mapped[datetime] = mapped_column(Moment)
    void: Mapped[bool] = mapped_column(default=False)
