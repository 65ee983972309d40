"""Material lots: identity, balance, and what may be done with them where they stand."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import BigInteger, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from domain.errors import CannotIssue, LotExpired, LotShort
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
    difference moves `received` (found) or `scrapped` (missing), under its own event.
    """

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
    returned: Mapped[Decimal] = mapped_column(Exact, default=ZERO, server_default="0")
    split_in: Mapped[Decimal] = mapped_column(Exact, default=ZERO, server_default="0")
    split_out: Mapped[Decimal] = mapped_column(Exact, default=ZERO, server_default="0")
    parent_id: Mapped[int | None] = mapped_column(refers_to("lot.id"))
    made_by: Mapped[int | None] = mapped_column(refers_to("work_order.id"))
    opened: Mapped[bool] = mapped_column(default=False, server_default=false())
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
