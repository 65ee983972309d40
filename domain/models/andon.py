"""An exception of the shop floor (异常, 安灯): always a holder and a next due time until it is closed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.models.columns import Base, Moment, refers_to, status_of
from domain.models.moves import Moving, table


class AndonStatus(StrEnum):
    """Life cycle of an andon."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CONTAINED = "contained"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REOPENED = "reopened"


LIVE_ANDON = tuple(status for status in AndonStatus if status is not AndonStatus.CLOSED)


class Andon(Base, Moving):
    """Something that someone must act on; one open andon per cause, repeats are added to it.

    `generation` grows with every move, so that buttons and messages made for an older one are stale.
    `rung` (-1: nobody called yet), `called_at` (the due time of the last call) and `due_at` are the ladder's
    timer: at `due_at` the next rung is told.
    """

    __tablename__ = "andon"
    __table_args__ = (
        UniqueConstraint("site_id", "number"),
        Index(
            "uq_andon_cause",
            "site_id",
            "cause_key",
            unique=True,
            sqlite_where=text("status <> 'closed' and void = 0"),
            postgresql_where=text("status <> 'closed' and not void"),
        ),
        Index("ix_andon_due", "due_at"),
    )
    MOVES = table(
        {
            AndonStatus.OPEN: (AndonStatus.ACKNOWLEDGED, AndonStatus.RESOLVED),
            AndonStatus.ACKNOWLEDGED: (AndonStatus.CONTAINED, AndonStatus.RESOLVED, AndonStatus.REOPENED),
            AndonStatus.CONTAINED: (AndonStatus.RESOLVED, AndonStatus.REOPENED),
            AndonStatus.RESOLVED: (AndonStatus.CLOSED, AndonStatus.REOPENED),
            AndonStatus.REOPENED: (AndonStatus.ACKNOWLEDGED, AndonStatus.RESOLVED),
            AndonStatus.CLOSED: (),
        }
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"))
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(40))
    severity: Mapped[str] = mapped_column(String(20))
    department: Mapped[str] = mapped_column(String(40))
    place: Mapped[str] = mapped_column(String(80), default="")
    text: Mapped[str] = mapped_column(String(500), default="")
    cause_key: Mapped[str] = mapped_column(String(200))
    repeats: Mapped[int] = mapped_column(Integer, default=0)
    order_id: Mapped[int | None] = mapped_column(refers_to("work_order.id"))
    lot_id: Mapped[int | None] = mapped_column(refers_to("lot.id"))
    status: Mapped[AndonStatus] = mapped_column(status_of(AndonStatus), default=AndonStatus.OPEN)
    generation: Mapped[int] = mapped_column(Integer, default=1)
    raised_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    caller: Mapped[str] = mapped_column(String(80), default="")  # the name of who called, if not bound
    raised_at: Mapped[datetime] = mapped_column(Moment)
    raised_in: Mapped[str] = mapped_column(String(300), default="")
    holder_id: Mapped[int | None] = mapped_column(refers_to("person.id"))
    rung: Mapped[int] = mapped_column(Integer, default=-1)
    called_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Moment)
    resolved_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    resolution: Mapped[str] = mapped_column(String(500), default="")
    void: Mapped[bool] = mapped_column(default=False)

    def advance(self, to: AndonStatus) -> None:
        """Move, and make everything that was said about the earlier state stale; raises WrongState."""
        self.move(to)
        self.generation += 1

    @property
    def code(self) -> str:
        """How people name it: A-12."""
        return f"A-{self.number}"
