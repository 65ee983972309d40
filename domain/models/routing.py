"""How a product is made and what goes into it: versions that never change once an order was released."""

from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Integer, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from domain.models.columns import Base, Exact, Json, refers_to

ZERO = Decimal(0)


class RouteVersion(Base):
    """One version of how a product is made. `over_allowance`: the share by which good pieces may exceed.

    One with an `order_id` is of that order alone (a change in its middle): orders after it do not take it.
    """

    __tablename__ = "route_version"
    __table_args__ = (UniqueConstraint("product_id", "version"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    product_id: Mapped[int] = mapped_column(refers_to("material.id"))
    version: Mapped[int] = mapped_column(Integer)
    over_allowance: Mapped[Decimal] = mapped_column(Exact, default=ZERO, server_default="0")
    order_id: Mapped[int | None] = mapped_column(BigInteger)  # no key: the order has one to its version
    void: Mapped[bool] = mapped_column(default=False, server_default=false())


class Operation(Base):
    """One step of a route: owner department, standard time in minutes a piece, and what it demands.

    Steps of one `parallel` group run side by side: each takes what arrived before the group, and what the
    slowest of them has made good arrives after it. A step with `merged_into` (the code of another step of
    the route) is covered by that step's report. `outsourced_to` names the supplier that does it. `data` are
    the values to be entered at it: {"name", "unit", "low", "high"} each, limits as text or None. Where it
    asks for `track_in`, a piece enters it (进站) before it passes, and how long it was in there is kept.
    """

    __tablename__ = "operation"
    __table_args__ = (UniqueConstraint("route_id", "sequence"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    route_id: Mapped[int] = mapped_column(refers_to("route_version.id"))
    sequence: Mapped[int] = mapped_column(Integer)
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    department: Mapped[str] = mapped_column(String(40))
    standard_minutes: Mapped[Decimal] = mapped_column(Exact, default=ZERO)
    optional: Mapped[bool] = mapped_column(default=False, server_default=false())
    parallel: Mapped[int | None] = mapped_column(Integer)
    merged_into: Mapped[str] = mapped_column(String(40), default="", server_default="")
    outsourced_to: Mapped[str] = mapped_column(String(80), default="", server_default="")
    equipment_kind: Mapped[str] = mapped_column(String(80), default="", server_default="")
    certified: Mapped[bool] = mapped_column(default=False, server_default=false())
    per_unit: Mapped[bool] = mapped_column(default=False, server_default=false())
    track_in: Mapped[bool] = mapped_column(default=False, server_default=false())
    loading: Mapped[bool] = mapped_column(default=False, server_default=false())
    trace_process: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    data: Mapped[list[Any]] = mapped_column(Json, default=list, server_default="[]")


class BomVersion(Base):
    """One version of what goes into a product; one with an `order_id` is of that order alone.

    A rework order's own is empty: what goes into it are the pieces of the order before.
    """

    __tablename__ = "bom_version"
    __table_args__ = (UniqueConstraint("product_id", "version"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    product_id: Mapped[int] = mapped_column(refers_to("material.id"))
    version: Mapped[int] = mapped_column(Integer)
    order_id: Mapped[int | None] = mapped_column(BigInteger)  # no key: the order has one to its version
    void: Mapped[bool] = mapped_column(default=False, server_default=false())


class BomLine(Base):
    """So much of a material a piece, at an operation; at these positions (位号), or one of its alternates."""

    __tablename__ = "bom_line"
    __table_args__ = (UniqueConstraint("bom_id", "material_id", "operation"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    bom_id: Mapped[int] = mapped_column(refers_to("bom_version.id"))
    material_id: Mapped[int] = mapped_column(refers_to("material.id"))
    operation: Mapped[str] = mapped_column(String(40))
    quantity: Mapped[Decimal] = mapped_column(Exact)
    positions: Mapped[list[Any]] = mapped_column(Json, default=list, server_default="[]")
    alternates: Mapped[list[Any]] = mapped_column(Json, default=list, server_default="[]")  # material ids
    slot: Mapped[str] = mapped_column(String(40), default="", server_default="")
