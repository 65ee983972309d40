"""What a command is handed besides its arguments: the work, who speaks, where, and the plant's words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from commands.kit.vocabulary import Vocabulary

if TYPE_CHECKING:
    from commands.kit.registry import Registry
    from domain.work import Work


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """Who speaks: an employee of the plant (id of ours). An unknown account has no Speaker at all."""

    id: int
    name: str
    department: str = ""
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Chat:
    """Where it was said. A direct chat counts for the line and station that its author is signed on to."""

    id: str
    kind: Literal["group", "direct"]
    platform: str
    line: str = ""
    department: str = ""


@dataclass(frozen=True, kw_only=True)
class Context:
    """All that a command may know of the moment; values are handed in, only `work` reaches further.

    `said` is the message as it came, `codes` were decoded from its pictures, `guard` is of a pressed button,
    `sender_id` is the account on the chat's platform.
    """

    work: "Work"
    person: Speaker | None
    chat: Chat
    vocabulary: Vocabulary
    registry: "Registry"
    said: str = ""
    codes: Sequence[str] = field(default=())
    guard: str = ""
    sender_id: str = ""
    sender_name: str = ""
