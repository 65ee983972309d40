"""Material lots: identity, balance, and what may be done with them where they stand."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import BigInteger, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, validates

from domain.errors import CannotIssue, IdentityFixed, LotExpired, LotShort
from domain.models.columns import Base, Exact, Moment, refers_to, status_of
from domain.models.moves import Moving, table

ZERO = Decimal(0)


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
    """Material + supplier + lot number; a reel or a part split off is a lot of its own with a `parent_id`.

    Always: received + returned + split_in = issued + scrapped + split_out + on hand, and on hand >= 0.
    `issued` is what orders and units have consumed, `returned` what came back of it, `split_in` what other
    lots gave (a split, a merge), `made_by` the order that made it where it is no bought lot. A counted
    difference moves `received` (found) or `scrapped` (missing), under its own event; what goes back to its
    supplier leaves as `scrapped`, and the status says so. On hand is never assigned but weighed.
    """

    __tablename__ = "lot"
    __table_args__ = (
        UniqueConstraint("site_id", "material_id", "supplier", "lot_no"),
        Index("ix_lot_code", "site_id", "code"),
        Index("ix_lot_stock", "material_id", "status"),
        Index("ix_lot_place", "site_id", "place"),
    )
    MOVES = table(
        {
            LotStatus.IN_INSPECTION: (LotStatus.RELEASED, LotStatus.QUARANTINED, LotStatus.REJECTED),
            LotStatus.RELEASED: (LotStatus.CONSUMED, LotStatus.EXPIRED, LotStatus.QUARANTINED),
            LotStatus.QUARANTINED: (LotStatus.RELEASED, LotStatus.SCRAPPED, LotStatus.RETURNED),
            LotStatus.REJECTED: (LotStatus.RETURNED, LotStatus.QUARANTINED),  # a review may decide otherwise
            LotStatus.CONSUMED: (LotStatus.RELEASED,),  # something came back, or more was found
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
    returned: Mapped[Decimal] = mapped_column(Exact, default=ZERO, server_default="0")
    split_in: Mapped[Decimal] = mapped_column(Exact, default=ZERO, server_default="0")
    split_out: Mapped[Decimal] = mapped_column(Exact, default=ZERO, server_default="0")
    parent_id: Mapped[int | None] = mapped_column(refers_to("lot.id"))
    made_by: Mapped[int | None] = mapped_column(refers_to("work_order.id"))
    date_code: Mapped[str] = mapped_column(String(40), default="", server_default="")
    opened: Mapped[bool] = mapped_column(default=False, server_default=false())
    place: Mapped[str] = mapped_column(String(80), default="")
    received_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    status: Mapped[LotStatus] = mapped_column(status_of(LotStatus), default=LotStatus.IN_INSPECTION)
    void: Mapped[bool] = mapped_column(default=False)

    @validates("material_id", "supplier", "lot_no")
    def _keep_identity(self, name: str, value: object) -> object:
        """What was used, split or issued under one identity keeps it; raises IdentityFixed."""
        known = self.__dict__.get(name)
        if known is not None and known != value and self.is_used:
            raise IdentityFixed(lot=self.code)
        return value

    @property
    def is_used(self) -> bool:
        """Whether anything was ever taken from it."""
        return any((self.issued, self.scrapped, self.split_out, self.split_in))

    def deliver(self, quantity: Decimal) -> None:
        """Enter a delivery: of a lot that had been void, what stood before counts no more."""
        self.received, self.returned, self.split_in = quantity, ZERO, ZERO
        self.issued = self.scrapped = self.split_out = ZERO
        self._weigh(asked=quantity)

    def produce(self, quantity: Decimal) -> None:
        """Enter what an order made of it, or less than before; raises LotShort below what was used."""
        self.received += quantity
        self._weigh(asked=-quantity)

    def check_usable(self, *, at: datetime) -> None:
        """Check that it may go into products now; raises CannotIssue, LotExpired."""
        if self.status is not LotStatus.RELEASED:
            raise CannotIssue(thing=self.code, status=self.standing)
        if self.expires_at is not None and self.expires_at <= at:
            raise LotExpired(lot=self.code, expired_at=self.expires_at)

    def issue(self, quantity: Decimal, *, at: datetime) -> None:
        """Take `quantity` out; raises CannotIssue, LotExpired, LotShort."""
        self.check_usable(at=at)
        self.issued += quantity
        self._weigh(asked=quantity)

    def take_back(self, quantity: Decimal) -> None:
        """Put back what an order has not used."""
        self.returned += quantity
        self._weigh(asked=quantity)

    def give(self, other: "Lot", quantity: Decimal) -> None:
        """Hand so much over to another lot of the material; raises LotShort."""
        self.split_out += quantity
        self._weigh(asked=quantity)
        other.split_in += quantity
        other._weigh(asked=quantity)  # noqa: SLF001 (its own class)

    def take_in(self, child: "Lot", quantity: Decimal) -> None:
        """Undo so much of a split: the part comes back into what it was split from; raises LotShort."""
        child.split_in -= quantity
        child._weigh(asked=quantity)  # noqa: SLF001 (its own class)
        self.split_out -= quantity
        self._weigh(asked=quantity)

    def count(self, counted: Decimal) -> Decimal:
        """Set on hand to what was counted; returns the difference, below zero where some is missing."""
        difference = counted - self.on_hand
        if difference > ZERO:
            self.received += difference
        else:
            self.scrapped -= difference
        self._weigh(asked=counted)
        return difference

    def send_back(self) -> Decimal:
        """Give all that is left back to the supplier; returns how much. Raises WrongState."""
        self.move(LotStatus.RETURNED)
        quantity = self.on_hand
        self.scrapped += quantity
        self._weigh(asked=quantity)
        return quantity

    def scrap(self) -> Decimal:
        """Give up all that is left; returns how much. Raises WrongState."""
        self.move(LotStatus.SCRAPPED)
        quantity = self.on_hand
        self.scrapped += quantity
        self._weigh(asked=quantity)
        return quantity

    def settle(self) -> None:
        """Follow the quantity: released and empty is used up, used up and not empty is released."""
        if self.status is LotStatus.RELEASED and self.on_hand == ZERO:
            self.move(LotStatus.CONSUMED)
        elif self.status is LotStatus.CONSUMED and self.on_hand > ZERO:
            self.move(LotStatus.RELEASED)

    def _weigh(self, *, asked: Decimal) -> None:
        """Work out what is on hand after a movement, the one place that assigns it; raises LotShort."""
        came = self.received + self.returned + self.split_in
        left = came - self.issued - self.scrapped - self.split_out
        if left < ZERO:
            raise LotShort(lot=self.code, on_hand=self.on_hand, asked=asked, unit=self.unit)
        self.on_hand = left
        self.settle()


GONE_LOT = (LotStatus.SCRAPPED, LotStatus.RETURNED)
"""Where a lot stands that has left the house."""
