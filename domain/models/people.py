"""Who there is and where they can be reached: sites, people, their accounts, the chats."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.models.columns import Base, Moment, refers_to, status_of
from domain.models.moves import Moving, table


class Site(Base):
    """A plant."""

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))


class Person(Base):
    """An employee, known by job number (工号); roles and duty come from the playbook."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("site_id", "job_number"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"))
    job_number: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    department: Mapped[str] = mapped_column(String(40))
    active: Mapped[bool] = mapped_column(default=True)


class Account(Base):
    """A platform account that belongs to a person; bound by directory or with the leader's confirmation.

    `listed_at`: since when the platform's directory lists it (None: it does not, or there is none to ask);
    `left_at`: when it left the directory.
    """

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("site_id", "platform", "user_id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"))
    platform: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[int] = mapped_column(refers_to("person.id"), index=True)
    bound_at: Mapped[datetime] = mapped_column(Moment)
    bound_how: Mapped[str] = mapped_column(String(40))
    active: Mapped[bool] = mapped_column(default=True)
    listed_at: Mapped[datetime | None] = mapped_column(Moment)
    left_at: Mapped[datetime | None] = mapped_column(Moment)


class BindingStatus(StrEnum):
    """Where a request to bind an account stands."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    EXPIRED = "expired"


class Binding(Base, Moving):
    """「绑定 工号」: an account claims to be a person, and the person's leader confirms."""

    __tablename__ = "binding"
    MOVES = table(
        {
            BindingStatus.OPEN: (BindingStatus.CONFIRMED, BindingStatus.REFUSED, BindingStatus.EXPIRED),
            BindingStatus.CONFIRMED: (),
            BindingStatus.REFUSED: (),
            BindingStatus.EXPIRED: (),
        }
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"))
    code: Mapped[str] = mapped_column(String(20), index=True)
    platform: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[str] = mapped_column(String(200))
    sender_name: Mapped[str] = mapped_column(String(80))
    chat_key: Mapped[str] = mapped_column(String(300))
    person_id: Mapped[int] = mapped_column(refers_to("person.id"))
    approver_id: Mapped[int] = mapped_column(refers_to("person.id"))
    requested_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    status: Mapped[BindingStatus] = mapped_column(status_of(BindingStatus), default=BindingStatus.OPEN)


class Chat(Base):
    """A group or 1:1 chat that the bot has heard from (or the playbook names), and whose it is."""

    __tablename__ = "chat"

    chat_key: Mapped[str] = mapped_column(String(300), primary_key=True)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"), index=True)
    platform: Mapped[str] = mapped_column(String(20))
    chat_id: Mapped[str] = mapped_column(String(250))
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(120), default="")
    department: Mapped[str] = mapped_column(String(40), default="")
    line: Mapped[str] = mapped_column(String(40), default="")
