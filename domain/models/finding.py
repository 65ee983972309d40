"""What the trace lacks, and what customers complain of."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.models.columns import Base, Moment, refers_to, status_of
from domain.models.moves import Moving, table


class FindingKind(StrEnum):
    """What a rule has found missing."""

    SKIPPED_STEP = "skipped_step"
    MISSING_DATA = "missing_data"
    MISSING_LOT = "missing_lot"


class FindingStatus(StrEnum):
    """How a finding ends: made up for, explained by a merge, approved as a skip, or waived."""

    OPEN = "open"
    MADE_UP = "made_up"
    MERGED = "merged"
    SKIPPED = "skipped"
    WAIVED = "waived"


class Finding(Base, Moving):
    """Something the trace lacks: a piece at operation k+1 without k, a value or lot not entered.

    What one scan has found of one operation has one `number`: it is answered together. A skipped step keeps
    where the piece was seen instead (`seen_sequence`, by `seen_by`): it goes on from there when answered.
    """

    __tablename__ = "finding"
    __table_args__ = (
        Index(
            "uq_finding_open",
            "site_id",
            "cause",
            unique=True,
            sqlite_where=text("status = 'open' and void = 0"),
            postgresql_where=text("status = 'open' and not void"),
        ),
        Index("ix_finding_order", "order_id", "status"),
    )
    MOVES = table(
        {
            FindingStatus.OPEN: (
                FindingStatus.MADE_UP,
                FindingStatus.MERGED,
                FindingStatus.SKIPPED,
                FindingStatus.WAIVED,
            ),
            FindingStatus.MADE_UP: (),
            FindingStatus.MERGED: (),
            FindingStatus.SKIPPED: (),
            FindingStatus.WAIVED: (),
        }
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"))
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[FindingKind] = mapped_column(status_of(FindingKind))
    order_id: Mapped[int] = mapped_column(refers_to("work_order.id"))
    sequence: Mapped[int] = mapped_column(Integer)
    unit_id: Mapped[int | None] = mapped_column(refers_to("unit.id"))
    what: Mapped[str] = mapped_column(String(120), default="")
    asked: Mapped[str] = mapped_column(String(40), default="")  # job number of whom it was put to
    seen_sequence: Mapped[int | None] = mapped_column(Integer)
    seen_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    cause: Mapped[str] = mapped_column(String(120))  # order, kind, step, piece: found once
    found_at: Mapped[datetime] = mapped_column(Moment)
    status: Mapped[FindingStatus] = mapped_column(status_of(FindingStatus), default=FindingStatus.OPEN)
    answered_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    void: Mapped[bool] = mapped_column(default=False)

    @property
    def code(self) -> str:
        """How people call it."""
        return f"QS-{self.number}"


class Complaint(Base):
    """What a customer said against a lot, a serial number, a container or an order."""

    __tablename__ = "complaint"
    __table_args__ = (UniqueConstraint("site_id", "number"), Index("ix_complaint_subject", "kind", "ref"))

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"))
    number: Mapped[int] = mapped_column(Integer)
    customer: Mapped[str] = mapped_column(String(80), default="")
    kind: Mapped[str] = mapped_column(String(12))
    ref: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    void: Mapped[bool] = mapped_column(default=False)
