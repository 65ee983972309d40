"""The column types of the house: moments, exact quantities, JSON, statuses."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Enum, ForeignKey, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator, TypeEngine

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

MILLION = 1_000_000
MICRO = Decimal(MILLION)
ZERO = Decimal(0)
TO_MICROSECONDS = len("2026-03-02 09:30:00.000000")


class Base(DeclarativeBase):
    """The root of every mapped class."""

    metadata = MetaData(naming_convention=NAMING)


class Json(TypeDecorator[Any]):
    """Plain data: JSON on SQLite, JSONB on PostgreSQL."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the database's own type."""
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else JSON())


class Moment(TypeDecorator[datetime]):
    """Aware UTC; a naive datetime is refused at the door. On SQLite its text without the zone.

    Every message writes nine and reads four: the processors are made here, not wrapped around SQLAlchemy's,
    which take five times as long.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """Hand UTC to the database."""
        return _as_utc if dialect.name == "postgresql" else _as_text

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Return aware UTC."""
        del coltype
        return _as_utc if dialect.name == "postgresql" else _from_text


def _as_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("time is aware UTC in rows")
    return value if value.tzinfo is UTC else value.astimezone(UTC)


def _as_text(value: datetime | None) -> str | None:
    moment = _as_utc(value)
    return moment.isoformat(" ", "microseconds")[:TO_MICROSECONDS] if moment else None


def _from_text(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if value else None


class Exact(TypeDecorator[Decimal]):
    """An exact quantity with six decimals, kept as a whole number of millionths so that SQL can add it up.

    Neither database's float ever touches it; more than six decimals are refused, not rounded.
    """

    impl = BigInteger
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Decimal | int | None], int | None]:
        """Return millionths."""
        del dialect
        return _in_millionths

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Decimal | None]:
        """Return the decimal without trailing zeros."""
        del dialect, coltype
        return _of_millionths


def _in_millionths(value: Decimal | int | None) -> int | None:
    if value is None:
        return None
    micro = Decimal(value) * MICRO
    if micro != micro.to_integral_value():
        raise ValueError(f"more than six decimals: {value}")
    return int(micro)


def _of_millionths(value: int | None) -> Decimal | None:
    if not value:
        return None if value is None else ZERO
    whole, rest = divmod(value, MILLION)
    return tidy(Decimal(value) / MICRO) if rest else Decimal(whole)


def rounded(quantity: Decimal) -> Decimal:
    """Return a quantity that was worked out with as many decimals as a row keeps."""
    return quantity.quantize(1 / MICRO, rounding=ROUND_HALF_UP)


def tidy(value: Decimal) -> Decimal:
    """Drop trailing zeros without falling into exponents: 50.000000 -> 50."""
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()


def refers_to(column: str) -> ForeignKey:
    """Make a foreign key that is checked at the commit: ids are ours, so rows may come in any order."""
    return ForeignKey(column, deferrable=True, initially="DEFERRED")


def status_of(enum: type[StrEnum]) -> Enum:
    """Make the column type of a status: its value as text, the same on both databases."""
    return Enum(
        enum,
        native_enum=False,
        create_constraint=False,
        length=24,
        values_callable=lambda e: [m.value for m in e],
    )


def plain(value: Any) -> Any:
    """Return a column's value as JSON keeps it in an event's image."""
    match value:
        case StrEnum():
            return value.value
        case Decimal():
            return str(tidy(value))
        case datetime():
            return value.astimezone(UTC).isoformat()
        case _:
            return value
