"""The pretend world: who lives there, what they say to the bot and what it answers, on both platforms."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Protocol

from bot.sandbox.chronicle import Chronicle
from bot.sandbox.clock import MovableClock
from bot.sandbox.subscription import Subscription
from bot.sandbox.town import (
    BOT,
    Change,
    PlatformName,
    Post,
    PostKind,
    Resident,
    Room,
    RoomDoor,
    StaffChange,
)
from domain.clock import SystemClock
from domain.ids import IdMaker


class Listener(Protocol):
    """A cloud: carries what residents do in the rooms of its platform to the bot. Must not block."""

    def said(self, *, room: Room, post: Post) -> None:
        """Take what a resident has posted."""
        ...

    def clicked(self, *, room: Room, post: Post, resident: Resident, key: str) -> None:
        """Take a resident's press of a button."""
        ...

    def entered(self, *, room: Room, resident: Resident) -> None:
        """Take note that a resident has opened the chat."""
        ...


StaffListener = Callable[[Resident, StaffChange], None]


Scan = Callable[[str, str], None]
"""What a resident (id) has scanned: the text of the code; KeyError where there is no menu."""


class World:
    """People, chats and posts; lives in one event loop and is not for threads.

    `folder` keeps the history over restarts (None: in memory). Residents and rooms that are handed in replace
    stored ones of the same id. A person's direct room is made when it is first asked for.
    """

    def __init__(
        self,
        residents: Iterable[Resident] = (),
        rooms: Iterable[Room] = (),
        *,
        clock: MovableClock | None = None,
        folder: Path | None = None,
        bot_name: str = "班长",
    ) -> None:
        self.clock: MovableClock = clock or SystemClock()
        self.bot_name = bot_name
        self.residents: dict[str, Resident] = {}
        self.rooms: dict[str, Room] = {}
        self._posts: dict[str, Post] = {}
        self._tags: dict[tuple[PlatformName, str], str] = {}
        self._listeners: dict[PlatformName, Listener] = {}
        self.scanner: Scan | None = None  # the menu of WeCom's app, set by its cloud
        self.directories: dict[PlatformName, StaffListener] = {}  # told who joins, moves and leaves
        self._subscriptions: set[Subscription] = set()
        self._chronicle = Chronicle(folder)
        self._new_id = IdMaker()
        for line in self._chronicle.lines():
            self._recall(line)
        for resident in residents:
            self.add_resident(resident)
        for room in rooms:
            self.add_room(room)

    # people and rooms

    def add_resident(self, resident: Resident) -> None:
        """Move in (or change one's papers)."""
        if self.residents.get(resident.id) != resident:
            self.residents[resident.id] = resident
            self._chronicle.append({"resident": asdict(resident)})
            self._tell(Change(kind="resident", resident=resident.id))

    def add_room(self, room: Room) -> None:
        """Open a chat (or change its members or title)."""
        if self.rooms.get(room.id) != room:
            self.rooms[room.id] = room
            self._chronicle.append({"room": asdict(room)})
            self._tell(Change(kind="room", room_id=room.id))

    def direct_room(self, platform: PlatformName, resident_id: str, *, door: RoomDoor = "") -> Room:
        """Return this person's own chat with the bot there, or with the self-built app (`door`)."""
        resident = self.residents[resident_id]
        wanted = (platform, "direct", (resident.id,), door)
        for room in self.rooms.values():
            if (room.platform, room.kind, room.members, room.door) == wanted:
                return room
        room = Room(
            id="-".join(filter(None, (platform, door, resident.id))),
            platform=platform,
            kind="direct",
            title=f"{self.bot_name}（应用）" if door else resident.name,
            members=(resident.id,),
            door=door,
        )
        self.add_room(room)
        return room

    def by_user_id(self, platform: PlatformName, user_id: str) -> Resident | None:
        """Return whoever has this account there."""
        found = (r for r in self.residents.values() if user_id and r.user_id(platform) == user_id)
        return next(found, None)

    # what residents do

    def say(  # noqa: PLR0913 (a person may do all of this in one post)
        self,
        resident: str,
        room: str,
        *,
        text: str = "",
        images: Sequence[bytes] = (),
        file: tuple[str, bytes] | None = None,
        audio: bytes | None = None,
        quote: str | None = None,
        mention_bot: bool = False,
        mentions: Sequence[str] = (),
    ) -> Post:
        """Let a resident post, and hand it to the cloud of the room's platform.

        `text` goes without @ names: they follow from `mention_bot` and `mentions` (resident ids). `file` is
        (name, bytes) and has no text on any platform; the text of `audio` is its transcript.
        """
        body: dict[str, Any] = {"text": text, "images": [self.keep(image) for image in images]}
        kind: PostKind = "text"
        if file is not None:
            kind, body = "file", {"name": file[0], "media": self.keep(file[1])}
        elif audio is not None:
            kind, body = "audio", {"media": self.keep(audio), "text": text, "seconds": 4}
        elif len(images) == 1 and not text and not mention_bot:
            kind, body = "image", {"media": body["images"][0]}
        names = ((BOT,) if mention_bot else ()) + tuple(mentions)
        post = self._post(room, author=resident, kind=kind, body=body, mentions=names, quotes=quote)
        if listener := self._listeners.get(self.rooms[room].platform):
            listener.said(room=self.rooms[room], post=post)
        return post

    def click(self, resident: str, post_id: str, key: str) -> None:
        """Let a resident press a button of a card; raises KeyError where there is no such button."""
        post = self.post(post_id)
        if key not in {button["key"] for button in post.body.get("buttons", ())}:
            raise KeyError(key)
        room = self.rooms[post.room_id]
        if listener := self._listeners.get(room.platform):
            listener.clicked(room=room, post=post, resident=self.residents[resident], key=key)

    def enter(self, resident: str, room: str) -> None:
        """Let a resident open a chat."""
        if listener := self._listeners.get(self.rooms[room].platform):
            listener.entered(room=self.rooms[room], resident=self.residents[resident])

    def scan(self, resident: str, room: str, text: str) -> None:
        """Let a resident scan a code with the menu of the app's chat; KeyError where there is no menu."""
        if self.rooms[room].door != "app" or self.scanner is None:
            raise KeyError(room)
        self._post(room, author=resident, kind="text", body={"text": f"（扫码）{text}", "images": []})
        self.scanner(resident, text)

    # what the clouds do

    def join(self, platform: PlatformName, listener: Listener) -> None:
        """Register the cloud that carries this platform's posts."""
        self._listeners[platform] = listener

    def leave(self, platform: PlatformName) -> None:
        """Take the platform's cloud away."""
        self._listeners.pop(platform, None)

    def bot_post(
        self,
        room: str,
        kind: PostKind,
        body: dict[str, Any],
        *,
        mentions: Sequence[str] = (),
        quotes: str | None = None,
        tag: str = "",
    ) -> Post:
        """Show what the bot says."""
        return self._post(
            room, author=BOT, kind=kind, body=body, mentions=tuple(mentions), quotes=quotes, tag=tag
        )

    def update_post(self, post_id: str, body: dict[str, Any], *, kind: PostKind | None = None) -> Post:
        """Replace the body of a post (and its kind, where it is taken back): the next version."""
        old = self._posts[post_id]
        post = replace(old, body=body, kind=kind or old.kind, version=old.version + 1)
        self._store(post)
        self._tell(Change(kind="update", room_id=post.room_id, post=post))
        return post

    def notice(self, text: str, *, room: str = "", resident: str = "", **extra: Any) -> None:
        """Show a passing line (a toast): to one resident, or to everyone in the room."""
        self._tell(Change(kind="notice", room_id=room, resident=resident, text=text, extra=extra))

    # looking

    def post(self, post_id: str) -> Post:
        """Return the newest version of a post; raises KeyError."""
        return self._posts[post_id]

    def tagged(self, platform: PlatformName, tag: str) -> Post | None:
        """Return the post that carries this tag on the platform."""
        post_id = self._tags.get((platform, tag))
        return self._posts[post_id] if post_id else None

    def posts(self, room: str | None = None, *, author: str | None = None) -> list[Post]:
        """Return posts in the order in which they were first said, of one room or author or of all."""
        return [
            post
            for post in self._posts.values()
            if room in (None, post.room_id) and author in (None, post.author)
        ]

    def keep(self, content: bytes) -> str:
        """Keep bytes; return the name under which `media` gives them back."""
        return self._chronicle.keep(content)

    def media(self, name: str) -> bytes:
        """Return kept bytes; raises KeyError."""
        return self._chronicle.media(name)

    def subscribe(self) -> Subscription:
        """Hear every change from now on."""
        return Subscription(self._subscriptions)

    def _post(self, room: str, **fields: Any) -> Post:
        post = Post(id=str(self._new_id()), room_id=self.rooms[room].id, at=self.clock.now(), **fields)
        self._store(post)
        self._tell(Change(kind="post", room_id=room, post=post))
        return post

    def _store(self, post: Post) -> None:
        self._remember(post)
        self._chronicle.append({"post": post.to_json()})

    def _remember(self, post: Post) -> None:
        self._posts[post.id] = post
        if post.tag:
            self._tags[(self.rooms[post.room_id].platform, post.tag)] = post.id

    def _recall(self, line: dict[str, Any]) -> None:
        if data := line.get("resident"):
            self.residents[data["id"]] = Resident(**{**data, "left": tuple(data.get("left", ()))})
        elif data := line.get("room"):
            self.rooms[data["id"]] = Room(**{**data, "members": tuple(data["members"])})
        elif data := line.get("post"):
            self._remember(Post.from_json(data))

    def _tell(self, change: Change) -> None:
        for subscription in tuple(self._subscriptions):
            subscription.put(change)
