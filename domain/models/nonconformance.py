"""Reviews of bad product: every item gets a disposition of its own."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import BigInteger, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.errors import WrongState
from domain.models.columns import Base, Exact, Moment, refers_to, status_of
from domain.models.moves import Moving, table


class NonConformanceStatus(StrEnum):
    """Life cycle of a review of bad product (不良评审)."""

    OPEN = "open"
    INVESTIGATING = "investigating"
    DISPOSITIONED = "dispositioned"
    CLOSED = "closed"


class NonConformance(Base, Moving):
    """An NCR: number, what was found, and its items; dispositioned when every item is."""

    __tablename__ = "nonconformance"
    __table_args__ = (UniqueConstraint("site_id", "number"), Index("ix_nonconformance_order", "order_id"))
    MOVES = table(
        {
            NonConformanceStatus.OPEN: (
                NonConformanceStatus.INVESTIGATING,
                NonConformanceStatus.DISPOSITIONED,
            ),
            NonConformanceStatus.INVESTIGATING: (NonConformanceStatus.DISPOSITIONED,),
            NonConformanceStatus.DISPOSITIONED: (
                NonConformanceStatus.CLOSED,
                NonConformanceStatus.INVESTIGATING,
            ),
            NonConformanceStatus.CLOSED: (NonConformanceStatus.INVESTIGATING,),
        }
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"))
    number: Mapped[int] = mapped_column(Integer)
    order_id: Mapped[int | None] = mapped_column(refers_to("work_order.id"))
    task_id: Mapped[int | None] = mapped_column(refers_to("operation_task.id"))
    lot_id: Mapped[int | None] = mapped_column(refers_to("lot.id"))
    text: Mapped[str] = mapped_column(String(500), default="")
    status: Mapped[NonConformanceStatus] = mapped_column(
        status_of(NonConformanceStatus), default=NonConformanceStatus.OPEN
    )
    raised_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    raised_at: Mapped[datetime] = mapped_column(Moment)
    void: Mapped[bool] = mapped_column(default=False)

    @property
    def code(self) -> str:
        """How people call it."""
        return f"NCR-{self.number}"

    def take_judgement(self) -> None:
        """Check that items may be decided about now; raises WrongState."""
        if self.status not in (NonConformanceStatus.OPEN, NonConformanceStatus.INVESTIGATING):
            wanted = self._named(NonConformanceStatus.DISPOSITIONED)
            raise WrongState(thing=self.code, status=self.standing, wanted=wanted)

    def follow(self, *, undecided: bool) -> None:
        """Stand where the items stand: dispositioned when each is decided, else under investigation."""
        if not undecided:
            self.move(NonConformanceStatus.DISPOSITIONED)
        elif self.status is NonConformanceStatus.OPEN:
            self.move(NonConformanceStatus.INVESTIGATING)


class Disposition(StrEnum):
    """What becomes of one item."""

    PENDING = "pending"
    USE_AS_IS = "use_as_is"
    REWORK = "rework"
    SCRAP = "scrap"
    RETURN = "return"


class NonConformanceItem(Base):
    """One item of an NCR (a unit, or a quantity of its order or lot) and what was decided about it."""

    __tablename__ = "nonconformance_item"
    __table_args__ = (UniqueConstraint("nonconformance_id", "line"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    nonconformance_id: Mapped[int] = mapped_column(refers_to("nonconformance.id"))
    line: Mapped[int] = mapped_column(Integer)
    unit_id: Mapped[int | None] = mapped_column(refers_to("unit.id"))
    quantity: Mapped[Decimal] = mapped_column(Exact)
    defect: Mapped[str] = mapped_column(String(80), default="")
    disposition: Mapped[Disposition] = mapped_column(status_of(Disposition), default=Disposition.PENDING)
    decided_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    void: Mapped[bool] = mapped_column(default=False)

    def decide(self, disposition: Disposition, *, by: int | None, at: datetime | None) -> None:
        """Say what becomes of it; with `PENDING` nobody has."""
        self.disposition, self.decided_by, self.decided_at = disposition, by, at
