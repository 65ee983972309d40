"""Material on its way to the line: requisitions with their clock, reservations, purchase lines."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import BigInteger, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.models.columns import Base, Exact, Moment, refers_to, status_of
from domain.models.moves import Moving, table

ZERO = Decimal(0)


class RequisitionStatus(StrEnum):
    """Life cycle of a requisition (领料): asked for, taken by the warehouse, issued."""

    REQUESTED = "requested"
    TAKEN = "taken"
    ISSUED = "issued"
    CANCELLED = "cancelled"


class Requisition(Base, Moving):
    """Material asked for by the floor; `due_at` is its clock: at it the warehouse is reminded."""

    __tablename__ = "requisition"
    __table_args__ = (
        UniqueConstraint("site_id", "number"),
        Index("ix_requisition_due", "due_at"),
        Index("ix_requisition_order", "order_id"),
    )
    MOVES = table(
        {
            RequisitionStatus.REQUESTED: (
                RequisitionStatus.TAKEN,
                RequisitionStatus.ISSUED,
                RequisitionStatus.CANCELLED,
            ),
            RequisitionStatus.TAKEN: (RequisitionStatus.ISSUED, RequisitionStatus.CANCELLED),
            RequisitionStatus.ISSUED: (),
            RequisitionStatus.CANCELLED: (),
        }
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"))
    number: Mapped[int] = mapped_column(Integer)
    order_id: Mapped[int] = mapped_column(refers_to("work_order.id"))
    requested_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    requested_at: Mapped[datetime] = mapped_column(Moment)
    requested_in: Mapped[str] = mapped_column(String(300), default="")
    taken_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    taken_at: Mapped[datetime | None] = mapped_column(Moment)
    issued_at: Mapped[datetime | None] = mapped_column(Moment)
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    reminded: Mapped[int] = mapped_column(Integer, default=0)
    status: Mapped[RequisitionStatus] = mapped_column(
        status_of(RequisitionStatus), default=RequisitionStatus.REQUESTED
    )
    void: Mapped[bool] = mapped_column(default=False)

    @property
    def code(self) -> str:
        """How people call it."""
        return f"LL-{self.number}"


class RequisitionLine(Base):
    """So much of a material of a requisition, and what of it was issued."""

    __tablename__ = "requisition_line"
    __table_args__ = (UniqueConstraint("requisition_id", "material_id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    requisition_id: Mapped[int] = mapped_column(refers_to("requisition.id"))
    material_id: Mapped[int] = mapped_column(refers_to("material.id"))
    quantity: Mapped[Decimal] = mapped_column(Exact)
    issued: Mapped[Decimal] = mapped_column(Exact, default=ZERO)
    void: Mapped[bool] = mapped_column(default=False)


class Reservation(Base):
    """So much of a lot set aside for an order, at its line or on the way there; `until` ends it."""

    __tablename__ = "reservation"
    __table_args__ = (
        Index(
            "ix_reservation_active",
            "lot_id",
            sqlite_where=text("until is null and void = 0"),
            postgresql_where=text("until is null and not void"),
        ),
        Index("ix_reservation_order", "order_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    lot_id: Mapped[int] = mapped_column(refers_to("lot.id"))
    order_id: Mapped[int] = mapped_column(refers_to("work_order.id"))
    quantity: Mapped[Decimal] = mapped_column(Exact)
    at_line: Mapped[bool] = mapped_column(default=False)
    since: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime | None] = mapped_column(Moment)
    void: Mapped[bool] = mapped_column(default=False)


class PurchaseLine(Base):
    """What purchasing has on the way, as far as shortage needs it; the ERP stays its master.

    `promised_by` said at `said_at` that it comes at `promised_at`: the shortage card shows who said what.
    """

    __tablename__ = "purchase_line"
    __table_args__ = (
        Index(
            "uq_purchase_line_code",
            "site_id",
            "code",
            unique=True,
            sqlite_where=text("void = 0"),
            postgresql_where=text("not void"),
        ),
        Index("ix_purchase_line_material", "material_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"))
    code: Mapped[str] = mapped_column(String(60))
    material_id: Mapped[int] = mapped_column(refers_to("material.id"))
    supplier: Mapped[str] = mapped_column(String(80), default="")
    quantity: Mapped[Decimal] = mapped_column(Exact)
    received: Mapped[Decimal] = mapped_column(Exact, default=ZERO)
    promised_at: Mapped[datetime | None] = mapped_column(Moment)
    promised_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    said_at: Mapped[datetime | None] = mapped_column(Moment)
    note: Mapped[str] = mapped_column(String(200), default="")
    void: Mapped[bool] = mapped_column(default=False)
