"""The residents of a run: each says one command after the other in a chat, waiting a little for answers."""

import asyncio
import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from bot.sandbox.dingtalk import names
from bot.sandbox.town import PlatformName, Post
from bot.sandbox.wecom.payloads import msgid_of
from tests.crash import plant
from tests.crash.deeds import Hands
from tests.crash.ledger import Said
from tests.crash.town import Town, by_app_id

PLATFORMS: Final[tuple[PlatformName, ...]] = ("dingtalk", "wecom")
MOST_AT_ONCE: Final = 4  # commands of one person in one chat that are not answered yet
IN_THE_GROUP: Final = 6  # every so manyth also talks in the group, where all wait for each other


@dataclass(frozen=True, kw_only=True)
class Talker:
    """One person in one chat; `amounts` are numbers that nobody else in the run uses."""

    town: Town
    resident: str
    platform: PlatformName
    room: str
    group: bool
    clerk: bool
    hands: Hands | None
    amounts: Iterator[int]
    lots: Iterator[int]
    random: Random

    async def talk(self, over: asyncio.Event, *, pause: float) -> None:
        """Say commands until it is `over`, some at once, with up to `pause` seconds between two rounds."""
        waiting: list[Said] = []
        while not over.is_set():
            waiting += [self.say() for _ in range(self.random.randint(1, MOST_AT_ONCE))]
            while len(waiting) >= MOST_AT_ONCE and not over.is_set():
                await _some_time(waiting[0].answered, seconds=0.5)
                waiting = [one for one in waiting if not one.answered.is_set()]
            await _some_time(over, seconds=self.random.uniform(0, pause))

    def say(self) -> Said:
        """Say one command."""
        deed = self.hands.next() if self.hands else None
        text, key = deed or (self._lot() if self.clerk else self._report())
        post = self.town.world.say(self.resident, self.room, text=text, mention_bot=self.group)
        message_id = self._message_id(post)
        return self.town.ledger.say(
            Said(key=key, platform=self.platform, room=self.room, message_id=message_id, post_id=post.id)
        )

    def _message_id(self, post: Post) -> str:
        if self.platform == "dingtalk":
            return names.message_id(post)
        by_app = self.town.world.rooms[self.room].door == "app"
        return by_app_id(post.id) if by_app else msgid_of(post.id)

    def _report(self) -> tuple[str, str]:
        order, amount = self.random.choice(plant.ORDERS), next(self.amounts)
        return f"报工 {order} {plant.OPERATION} {amount}", f"{order}:{amount}"

    def _lot(self) -> tuple[str, str]:
        lot, amount = f"LOT-C{next(self.lots):07}", next(self.amounts)
        return f"收料 {plant.MATERIAL} {lot} {amount}", f"{lot}:{amount}"


def talkers(town: Town, *, people: int, seed: int, things: int, app: bool = False) -> list[Talker]:
    """Return everybody in their 1:1 on both platforms, and some in one big group of each.

    Hands do so many `things` of each kind, and report work when there are no more.

    `app`: on WeCom everybody talks to the self-built app, too.
    """
    amounts, lots, random = itertools.count(1), itertools.count(1), Random(seed)  # noqa: S311 (lots, not secrets)
    found, hands = [], Hands(things=things)
    for platform in PLATFORMS:
        for resident in plant.reporters(people) + plant.clerks(people) + plant.hands(people):
            clerk = resident in plant.clerks(people)
            direct = town.world.direct_room(platform, resident).id
            crowd = [(plant.GROUPS[platform], True)] if int(resident) % IN_THE_GROUP == 0 else []
            rooms = [(direct, False), *crowd]
            if app and platform == "wecom":
                rooms.append((town.world.direct_room(platform, resident, door="app").id, False))
            found += [
                Talker(
                    town=town, resident=resident, platform=platform, room=room, group=group, clerk=clerk,
                    amounts=amounts, lots=lots, random=random,
                    hands=hands if resident in plant.hands(people) else None,
                )
                for room, group in rooms
            ]  # fmt: skip
    return found


def greet(town: Town) -> None:
    """Let a word be said to the bot in every group and 1:1 chat: from then on it may call there."""
    for room in [it for it in town.world.rooms.values() if not it.door and it.members]:
        town.world.say(room.members[0], room.id, text="帮助", mention_bot=room.kind == "group")


async def _some_time(event: asyncio.Event, *, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
