"""The four eyes: nobody approves their own scrap, void, waiver, unlock or make-up."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.models.columns import Base, Json, Moment, refers_to, status_of
from domain.models.moves import Moving, table


class ApprovalKind(StrEnum):
    """What needs a second pair of eyes."""

    SCRAP = "scrap"
    REPORT_VOID = "void"
    WAIVER = "waiver"
    UNLOCK = "unlock"
    MAKE_UP = "make_up"
    SKIP = "skip"


class ApprovalStatus(StrEnum):
    """Where an approval stands; what was refused is reversed or asked for again by an act of its own."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"


class Approval(Base, Moving):
    """The four eyes: an act by `asked_by` that another person approves; done at once and marked, or waiting.

    `subject` is what it is about, (kind, id) as of event subjects; `act` the inbox row that did it. `done`:
    the act already stands, because nobody else was on shift or the playbook lets it stand.
    """

    __tablename__ = "approval"
    __table_args__ = (
        UniqueConstraint("site_id", "number"),
        Index("ix_approval_subject", "subject_kind", "subject_id"),
        Index(
            "ix_approval_pending",
            "site_id",
            sqlite_where=text("status = 'pending' and void = 0"),
            postgresql_where=text("status = 'pending' and not void"),
        ),
    )
    MOVES = table(
        {
            ApprovalStatus.PENDING: (ApprovalStatus.APPROVED, ApprovalStatus.REFUSED),
            ApprovalStatus.APPROVED: (),
            ApprovalStatus.REFUSED: (),
        }
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"))
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[ApprovalKind] = mapped_column(status_of(ApprovalKind))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[str] = mapped_column(String(500), default="")
    data: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    act: Mapped[int | None] = mapped_column(BigInteger)
    done: Mapped[bool] = mapped_column(default=False)
    asked_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    decided_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(String(200), default="")
    status: Mapped[ApprovalStatus] = mapped_column(status_of(ApprovalStatus), default=ApprovalStatus.PENDING)
    void: Mapped[bool] = mapped_column(default=False)

    @property
    def code(self) -> str:
        """How people call it."""
        return f"SP-{self.number}"
