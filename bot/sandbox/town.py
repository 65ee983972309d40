"""What the pretend world is made of: residents, rooms, posts and the changes that a page hears of."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

PlatformName = Literal["dingtalk", "wecom"]
StaffChange = Literal["joined", "moved", "left"]
RoomKind = Literal["group", "direct"]
RoomDoor = Literal["", "app"]
PostKind = Literal["text", "markdown", "card", "image", "file", "audio"]
ChangeKind = Literal["post", "update", "notice", "resident", "room"]

BOT = "bot"  # the author of what the bot says, and its name among the mentions


@dataclass(frozen=True, kw_only=True)
class Resident:
    """A person to be: one human with an account on each platform (an empty user id: no account there).

    `left`: the platforms whose organisation they have left.
    """

    id: str
    name: str
    department: str = ""
    title: str = ""
    dingtalk_user_id: str = ""
    wecom_user_id: str = ""
    job_number: str = ""
    mobile: str = ""
    left: tuple[PlatformName, ...] = ()

    def user_id(self, platform: PlatformName) -> str:
        """Return this person's user id there."""
        return self.dingtalk_user_id if platform == "dingtalk" else self.wecom_user_id


@dataclass(frozen=True, kw_only=True)
class Room:
    """A chat of one platform: a group with the bot in it, or one person's chat with the bot.

    `door` is `app` for a person's chat with WeCom's self-built app, which is another one than with the bot.
    """

    id: str
    platform: PlatformName
    kind: RoomKind
    title: str
    members: tuple[str, ...]
    door: RoomDoor = ""


@dataclass(frozen=True, kw_only=True)
class Post:
    """Something said in a room; an update makes a new version with the same id.

    `body` by kind: text `{text, images: [media], ding?: app|sms|phone}` · markdown `{title, text}` · card
    `{title, text, note, buttons: [{key, text, style, disabled?, url?}], ...}` · image `{media}` · file
    `{media, name}` · audio `{media, text, seconds}`; a `media` is a name for `World.media`. In texts a
    mention is the person's `@name`. `mentions` are resident ids, or `BOT`. `tag` is the platform's own name
    for the post (outTrackId, task id), unique per platform where it is not empty.
    """

    id: str
    room_id: str
    author: str
    at: datetime
    kind: PostKind
    body: dict[str, Any]
    mentions: tuple[str, ...] = ()
    quotes: str | None = None
    version: int = 1
    tag: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {**asdict(self), "at": self.at.isoformat()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Post":
        """Rebuild a post from plain data."""
        return cls(
            **{**data, "at": datetime.fromisoformat(data["at"]), "mentions": tuple(data.get("mentions", ()))}
        )


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that happened; `notice` is a line for the one `resident` (a toast), never stored."""

    kind: ChangeKind
    room_id: str = ""
    post: Post | None = None
    resident: str = ""
    text: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
