"""Boxes, pallets, carriers and shipments: what they hold stands in packed edges."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.errors import ContainerShut, LabelDiffers, NothingInside, WrongState
from domain.models.columns import Base, Exact, Moment, refers_to, status_of
from domain.models.moves import Moving, table

ZERO = Decimal(0)


class ContainerKind(StrEnum):
    """What a container is."""

    BOX = "box"
    PALLET = "pallet"
    CARRIER = "carrier"


class ContainerStatus(StrEnum):
    """Life cycle of a container; only an open one takes and gives."""

    OPEN = "open"
    CLOSED = "closed"
    SHIPPED = "shipped"
    RETURNED = "returned"


class Container(Base, Moving):
    """Has contents, and its code stands for them; `labelled` is the quantity that its label says."""

    __tablename__ = "container"
    __table_args__ = (
        Index(
            "uq_container_code",
            "site_id",
            "code",
            unique=True,
            sqlite_where=text("void = 0"),
            postgresql_where=text("not void"),
        ),
    )
    MOVES = table(
        {
            ContainerStatus.OPEN: (ContainerStatus.CLOSED,),
            ContainerStatus.CLOSED: (ContainerStatus.OPEN, ContainerStatus.SHIPPED),
            ContainerStatus.SHIPPED: (ContainerStatus.RETURNED,),
            ContainerStatus.RETURNED: (ContainerStatus.OPEN,),
        }
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"))
    code: Mapped[str] = mapped_column(String(60))
    kind: Mapped[ContainerKind] = mapped_column(status_of(ContainerKind), default=ContainerKind.BOX)
    product_id: Mapped[int | None] = mapped_column(refers_to("material.id"))
    labelled: Mapped[Decimal | None] = mapped_column(Exact)
    place: Mapped[str] = mapped_column(String(80), default="")
    status: Mapped[ContainerStatus] = mapped_column(status_of(ContainerStatus), default=ContainerStatus.OPEN)
    reason: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime] = mapped_column(Moment)
    void: Mapped[bool] = mapped_column(default=False)

    def take_and_give(self) -> None:
        """Check that things may go in and out now; raises ContainerShut."""
        if self.status is not ContainerStatus.OPEN:
            raise ContainerShut(container=self.code, status=self.standing)

    def close(self, *, holds: Decimal, labelled: Decimal | None = None) -> None:
        """Close it over `holds` pieces, which its label must say too.

        Raises NothingInside, LabelDiffers, WrongState.
        """
        says = labelled if labelled is not None else self.labelled
        if holds <= ZERO:
            raise NothingInside(container=self.code)
        if says is not None and says != holds:
            raise LabelDiffers(container=self.code, labelled=says, holds=holds)
        self.move(ContainerStatus.CLOSED)
        self.labelled, self.reason = holds, ""

    def reopen(self, *, reason: str) -> None:
        """Open a closed or returned one again: it may be filled, its label is void; raises WrongState."""
        self.move(ContainerStatus.OPEN)
        self.labelled, self.reason = None, reason

    def check_away(self) -> None:
        """Check that something of it can come back from a customer; raises WrongState."""
        if not self.may_move(ContainerStatus.RETURNED):
            raise WrongState(
                thing=self.code, status=self.standing, wanted=self._named(ContainerStatus.RETURNED)
            )

    def come_back(self, *, reason: str) -> None:
        """Return from the customer, empty: any product may go into it next; raises WrongState."""
        self.move(ContainerStatus.RETURNED)
        self.labelled, self.product_id, self.reason = None, None, reason


class ShipmentStatus(StrEnum):
    """Life cycle of a shipment, as far as trace needs it."""

    DRAFT = "draft"
    SHIPPED = "shipped"
    RETURNED = "returned"


class Shipment(Base, Moving):
    """What left for a customer, and when; the ERP stays its master."""

    __tablename__ = "shipment"
    __table_args__ = (
        Index(
            "uq_shipment_code",
            "site_id",
            "code",
            unique=True,
            sqlite_where=text("void = 0"),
            postgresql_where=text("not void"),
        ),
    )
    MOVES = table(
        {
            ShipmentStatus.DRAFT: (ShipmentStatus.SHIPPED,),
            ShipmentStatus.SHIPPED: (ShipmentStatus.RETURNED,),
            ShipmentStatus.RETURNED: (),
        }
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"))
    code: Mapped[str] = mapped_column(String(60))
    customer: Mapped[str] = mapped_column(String(80), default="")
    customer_order: Mapped[str] = mapped_column(String(60), default="")
    status: Mapped[ShipmentStatus] = mapped_column(status_of(ShipmentStatus), default=ShipmentStatus.DRAFT)
    shipped_at: Mapped[datetime | None] = mapped_column(Moment)
    void: Mapped[bool] = mapped_column(default=False)
