"""Who is where: people and chats as the talks name them, by whatever way a platform is joined."""

from collections.abc import Sequence
from typing import Final

from bot.sandbox.town import PlatformName, Post, Resident, Room
from bot.sandbox.world import World
from tests.talks.ways_in import WayIn

PLATFORMS: Final[dict[str, PlatformName]] = {"钉钉": "dingtalk", "企业微信": "wecom"}
APP: Final = "应用"  # a person's chat with WeCom's self-built app


class Places:
    """The chats of a world by their names; those that are one to whoever is in them have one `place`."""

    def __init__(self, world: World, ways: Sequence[WayIn]) -> None:
        self._world, self._ways = world, ways

    def person(self, name: str) -> Resident:
        """Return who is called so."""
        return next(it for it in self._world.residents.values() if it.name == name)

    def room(self, where: str, *, who: str = "") -> Room:
        """Return the group of this title, or (钉钉, 企业微信, 应用) this person's own chat there."""
        if where == APP:
            return self._world.direct_room("wecom", self.person(who).id, door="app")
        if where in PLATFORMS:
            way = next(it for it in self._ways if it.platform == PLATFORMS[where])
            return self._world.direct_room(way.platform, self.person(who).id, door=way.door)
        return next(it for it in self._world.rooms.values() if it.kind == "group" and it.title == where)

    def name(self, room: Room) -> str:
        """Return what talks call it."""
        if room.kind == "group":
            return room.title
        platform = next(name for name, it in PLATFORMS.items() if it == room.platform)
        return f"{self._world.residents[room.members[0]].name}的{APP if room.door else platform}"

    def place(self, name: str) -> str:
        """Return the name of the place of a chat of this name."""
        for way in self._ways:
            name = way.place(name)
        return name

    def place_of(self, room: Room | str) -> str:
        """Return the name of a room's place; rooms also by their ids."""
        return self.place(self.name(self._world.rooms[room] if isinstance(room, str) else room))

    def posts_at(self, room: Room) -> list[Post]:
        """Return what was posted there and in whatever is the same place, the oldest first."""
        place = self.place_of(room)
        return [post for post in self._world.posts() if self.place_of(post.room_id) == place]

    def looks(self, where: str, lines: Sequence[str]) -> Sequence[str]:
        """Return what is said there in the shape that talks and these ways in have in common."""
        for way in self._ways:
            lines = way.looks(where, lines)
        return lines
