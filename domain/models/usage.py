"""What the platforms meter: so many messages and calls per month, robot, chat and use."""

from enum import StrEnum
from typing import Final, NamedTuple

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.models.columns import Base
from domain.playbook.rules import Use


class Spent(NamedTuple):
    """What units are counted by; `chat_key` is empty where a call belongs to no chat."""

    platform: str
    use: Use
    chat_key: str = ""
    robot: str = ""  # empty: the application's own


class Bucket(StrEnum):
    """Which allowance of the month a use is taken from."""

    MESSAGES = "messages"
    CALLS = "calls"


BUCKETS: Final[dict[str, dict[Use, Bucket]]] = {
    "dingtalk": {
        "received": Bucket.MESSAGES,
        "session": Bucket.MESSAGES,
        "webhook": Bucket.MESSAGES,
        "push": Bucket.CALLS,
        "card": Bucket.CALLS,
        "ding": Bucket.CALLS,
        "upload": Bucket.CALLS,
        "download": Bucket.CALLS,
        "other": Bucket.CALLS,
    },
    "wecom": {
        "session": Bucket.MESSAGES,
        "webhook": Bucket.MESSAGES,
        "push": Bucket.MESSAGES,
        "card": Bucket.MESSAGES,
        "app": Bucket.MESSAGES,
    },
}
"""DingTalk's two allowances are of the whole organisation: paid OpenAPI calls, and "Webhook & Stream
messages", heard and said (billing model and equity notice of Nov 2025). Robot sends, cards, DING and media
are not on the list of free APIs; tokens and the directory are, and are not metered. WeCom has no allowance a
month: a plant may set its own, of what is said. A use in no bucket is shown, and counts for nothing."""


class Usage(Base):
    """Units of one use (see `Spent`) in a `month` of the plant (2026-03); only ever added to, by any node."""

    __tablename__ = "usage"

    site_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    platform: Mapped[str] = mapped_column(String(20), primary_key=True)
    robot: Mapped[str] = mapped_column(String(80), primary_key=True)
    chat_key: Mapped[str] = mapped_column(String(300), primary_key=True)
    use: Mapped[Use] = mapped_column(String(20), primary_key=True)
    units: Mapped[int] = mapped_column(BigInteger)
