"""What went into what: edges of genealogy, and holds that reach along them."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.models.columns import Base, Exact, Moment, refers_to, status_of


class Confidence(StrEnum):
    """How sure an edge is; never mixed in a list without saying so."""

    EXACT = "exact"
    SHARED = "shared"


class How(StrEnum):
    """What made an edge."""

    CONSUMED = "consumed"  # lot -> order (by quantity), lot -> unit (exact)
    MADE = "made"  # order -> unit, order -> lot
    ASSEMBLED = "assembled"  # unit -> unit: a board in its product
    DIVIDED = "divided"  # panel -> its boards, lot -> the part split off
    MERGED = "merged"  # lot -> the lot it was poured into
    PACKED = "packed"  # unit, lot, order or container -> container
    SHIPPED = "shipped"  # unit, lot or container -> shipment


_PACKED_ONCE = "how in ('packed', 'assembled') and parent_kind in ('unit', 'container')"


class Edge(Base):
    """`quantity` of the parent went into the child (kinds: lot, order, unit, container, shipment).

    What was taken out again (an exchanged part, an unpacked unit) has `ended_at`; what never was is void.
    A unit sits in one container and in one other unit at a time: the unique key holds that.
    """

    __tablename__ = "edge"
    __table_args__ = (
        Index("ix_edge_parent", "parent_kind", "parent_id", "ended_at"),
        Index("ix_edge_child", "child_kind", "child_id", "ended_at"),
        Index(
            "uq_edge_sits_in",
            "site_id",
            "parent_kind",
            "parent_id",
            "how",
            unique=True,
            sqlite_where=text(f"{_PACKED_ONCE} and ended_at is null and void = 0"),
            postgresql_where=text(f"{_PACKED_ONCE} and ended_at is null and not void"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"))
    parent_kind: Mapped[str] = mapped_column(String(12))
    parent_id: Mapped[int] = mapped_column(BigInteger)
    child_kind: Mapped[str] = mapped_column(String(12))
    child_id: Mapped[int] = mapped_column(BigInteger)
    how: Mapped[How] = mapped_column(status_of(How), default=How.CONSUMED, server_default=How.CONSUMED.value)
    quantity: Mapped[Decimal] = mapped_column(Exact)
    unit: Mapped[str] = mapped_column(String(12))
    operation: Mapped[str] = mapped_column(String(40), default="")
    position: Mapped[str] = mapped_column(String(40), default="", server_default="")
    confidence: Mapped[Confidence] = mapped_column(status_of(Confidence))
    made_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    void: Mapped[bool] = mapped_column(default=False)


class Hold(Base):
    """One thing (kinds as of edges) is held, and with it everything made of it, until it is let go."""

    __tablename__ = "hold"
    __table_args__ = (
        Index(
            "ix_hold_active",
            "kind",
            "ref",
            sqlite_where=text("until is null and void = 0"),
            postgresql_where=text("until is null and not void"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"))
    kind: Mapped[str] = mapped_column(String(12))
    ref: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(200), default="")
    held_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    since: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime | None] = mapped_column(Moment)
    void: Mapped[bool] = mapped_column(default=False)
