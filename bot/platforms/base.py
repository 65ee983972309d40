"""What every platform is to the rest of the house: Incoming, MediaRef, Platform.

Nothing platform-specific stands here, and nothing platform-specific stands anywhere but in its folder.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Protocol

from aiohttp import web

from domain.models.directory import Directory, Member
from notifier.delivery import ChatKind, Mouth, ReplySlot

MediaKind = Literal["image", "file", "audio", "video"]


@dataclass(frozen=True, kw_only=True)
class MediaRef:
    """Where a platform keeps a picture or file that came with a message; only its platform can fetch it.

    `ref` is JSON-able (download code, url, key); `name` is a file name if the platform gave one.
    """

    kind: MediaKind
    ref: dict[str, Any]
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One thing that somebody said or pressed, as the inbox keeps it.

    `message_id` is unique per (platform, tenant) and the same in every redelivery. In a direct chat `chat_id`
    is the sender's id there, so that an answer can be pushed. `text` has the mention of the bot removed, and
    is otherwise untouched. A pressed button arrives as `kind="button"`, `text` being the button's `say` and
    `guard` its guard. `quoted` is the text of a quoted message; pictures of a quoted message are in `media`.
    `raw` is the payload as it came.
    """

    platform: str
    tenant: str
    message_id: str
    kind: Literal["text", "button", "event"]
    chat_id: str
    chat_kind: ChatKind
    sender_id: str
    sender_name: str = ""
    text: str = ""
    guard: str = ""
    card_key: str = ""
    chat_title: str = ""
    media: tuple[MediaRef, ...] = ()
    quoted: str = ""
    slot: ReplySlot | None = None
    sent_at: datetime | None = None
    raw: dict[str, Any] = field(default_factory=dict)


Hear = Callable[[Incoming], Awaitable[bool]]
"""Write a message into the journal; returns after the commit: True if new, False if it was there already.

Raises if the journal cannot be written (full disk): then the platform must NOT acknowledge.
"""


class State(StrEnum):
    """Where a platform's connection stands."""

    OFF = "off"  # no credentials
    CONNECTING = "connecting"
    READY = "ready"
    REFUSED = "refused"  # wrong credentials: slow retry
    KICKED = "kicked"  # another instance holds the only connection
    STANDBY = "standby"  # another node of ours holds the only connection
    STOPPED = "stopped"


@dataclass(frozen=True, kw_only=True)
class Health:
    """One line of /healthz: state, since when, and what a person should know."""

    name: str
    state: State
    since: datetime
    detail: str = ""
    last_frame_at: datetime | None = None
    reconnects: int = 0


@dataclass(frozen=True)
class Tenure:
    """What a connection, of which there may be one over all nodes, knows of the lease it is opened by.

    `stands`: it is this node's at this moment, so the connection may be opened (anew). `is_new`: it was
    another node's a short while ago, which may not know yet. Without a lease it is ours, and always was.
    """

    stands: Callable[[], bool] = lambda: True
    is_new: Callable[[], bool] = lambda: False


class MediaUnavailable(Exception):
    """A picture could not be fetched; `temporary` says whether trying again may help."""

    def __init__(self, reason: str, *, temporary: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.temporary = temporary


class DirectoryUnavailable(Exception):
    """A directory could not be read; the reason is for people, and the same as long as the cause is.

    `temporary` says whether trying again soon may help.
    """

    def __init__(self, reason: str, *, temporary: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.temporary = temporary


class DirectoryReader(Protocol):
    """Reads a platform's departments and people; a platform that has none has no reader."""

    async def directory(self) -> Directory:
        """Return all that we may see, every page; raises DirectoryUnavailable if anything is missing."""
        ...

    async def member(self, user_id: str) -> Member | None:
        """Return one account, None if it is not of the organisation; raises DirectoryUnavailable."""
        ...


class Platform(Mouth, Protocol):
    """A platform: hears, fetches, speaks, and can be stopped."""

    async def run(self) -> None:
        """Connect and stay connected until `stop`; never raises for anything that the network does."""
        ...

    async def stop(self) -> None:
        """Stop hearing, finish what is in hand, close sockets; returns within some 5 s."""
        ...

    async def fetch(self, media: MediaRef) -> bytes:
        """Return the bytes of a picture or file (decrypted, checked); raises MediaUnavailable."""
        ...

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the URLs under `/callbacks/` on which the platform calls us; () if it calls none.

        They are mounted before the house listens. A handler gets a body of at most 1 MB that has been read
        already, and has 10 s (`bot/web/callbacks.py`); it checks the signature before it parses anything.
        """
        ...

    def health(self) -> Health:
        """Say how the connection is."""
        ...
