"""Materials: bought parts and products, how they are tracked, and what a product's trace must show."""

from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.models.columns import Base, Json, refers_to, status_of


class Tracking(StrEnum):
    """How a material is kept apart: not at all, by lot, or piece by piece."""

    NONE = "none"
    LOT = "lot"
    SERIAL = "serial"


class Material(Base):
    """A part number: bought material or product. Trace levels: 1–4 as in IPC-1782, 0 asks nothing."""

    __tablename__ = "material"
    __table_args__ = (UniqueConstraint("site_id", "code"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"))
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(12))
    shelf_life_days: Mapped[int | None] = mapped_column(Integer)
    aliases: Mapped[list[Any]] = mapped_column(Json, default=list)
    tracking: Mapped[Tracking] = mapped_column(
        status_of(Tracking), default=Tracking.LOT, server_default=Tracking.LOT.value
    )
    trace_material: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    trace_process: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
