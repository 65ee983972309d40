"""Carries what residents do to the right one: the AI bot, or the self-built app whose chat it is."""

from typing import Any, Protocol

from bot.sandbox.town import Post, Resident, Room


class Listener(Protocol):
    """Whoever has chats with residents."""

    def said(self, *, room: Room, post: Post) -> None:
        """Take what a resident has posted."""
        ...

    def clicked(self, *, room: Room, post: Post, resident: Resident, key: str) -> None:
        """Take a resident's press of a button."""
        ...

    def entered(self, *, room: Room, resident: Resident) -> None:
        """Take note that a resident has opened the chat."""
        ...


class Porter:
    """Listens to the world for both."""

    def __init__(self, *, bot: Listener, app: Listener) -> None:
        self._bot, self._app = bot, app

    def said(self, *, room: Room, post: Post) -> None:
        """Carry a post."""
        self._of(room).said(room=room, post=post)

    def clicked(self, *, room: Room, **what: Any) -> None:
        """Carry the press of a button."""
        self._of(room).clicked(room=room, **what)

    def entered(self, *, room: Room, resident: Resident) -> None:
        """Carry the opening of a chat."""
        self._of(room).entered(room=room, resident=resident)

    def _of(self, room: Room) -> Listener:
        return self._app if room.door == "app" else self._bot
