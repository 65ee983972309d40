"""A pretend town whose operators speak in WeCom groups, and how long they wait for the bot's answer."""

import asyncio
import gc
import random
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from benchmarks.durable import plant
from benchmarks.durable.plant import Sender
from bot.sandbox.dingtalk import DingTalkCloud
from bot.sandbox.plant import settle
from bot.sandbox.town import BOT, Room
from bot.sandbox.wecom import WeComCloud
from bot.sandbox.world import World
from domain.playbook import Playbook

PATIENCE: Final = 20.0
GROUPS: Final = 4 * len(plant.ALL)
"""Every operator speaks in four: in one alone a platform's budget (12 a minute) would be spent at once."""


class Town:
    """The operators of the benchmark, each in a group of their own, on clouds that nothing troubles."""

    def __init__(self, playbook: Playbook) -> None:
        self.world = World()
        settle(self.world, playbook)
        self._people = {it.wecom_user_id: it.id for it in self.world.residents.values()}
        for number in range(GROUPS):
            members = (self._people[_sender(number).user],)
            room = Room(id=_group(number), platform="wecom", kind="group", title="", members=members)
            self.world.add_room(room)
        self.dingtalk = DingTalkCloud(self.world)
        self.wecom = WeComCloud(self.world)
        self._asked: dict[str, deque[float]] = defaultdict(deque)
        self._waits: list[float] = []
        self._answered: set[str] = set()

    async def round(self, *, rate: float, seconds: float, seed: int) -> list[float]:
        """Let the operators speak by turns at random moments, `rate` a second; returns their waits.

        Raises TimeoutError if an answer stays out.
        """
        self._waits = []
        moments = list(_moments(rate=rate, seconds=seconds, seed=seed))
        with _undisturbed():
            began = time.perf_counter()
            for number, moment in enumerate(moments):
                await asyncio.sleep(max(0.0, began + moment - time.perf_counter()))
                self._say(number)
            async with asyncio.timeout(PATIENCE):
                while len(self._waits) < len(moments):  # noqa: ASYNC110 (the clock has stopped by then)
                    await asyncio.sleep(0.02)
        return self._waits

    def _say(self, number: int) -> None:
        sender, group = _sender(number), _group(number)
        self._asked[group].append(time.perf_counter())
        self.world.say(self._people[sender.user], group, text=sender.text, mention_bot=True)

    async def open_chats(self) -> None:
        """Let somebody speak in every WeCom chat: the bot may write only where it was written to."""
        wecom = (it for it in self.world.rooms.values() if it.platform == "wecom" and it.members)
        rooms = [it for it in wecom if it.door != "app"]  # neither bot here is an app
        for room in rooms:
            self.world.say(room.members[0], room.id, text="谁在等我", mention_bot=room.kind == "group")
        async with asyncio.timeout(PATIENCE):
            while {it.id for it in rooms} - self._answered:  # noqa: ASYNC110 (as in `round`)
                await asyncio.sleep(0.02)

    async def listen(self) -> None:
        """Take the time of every answer, for ever; in a room they come in the order of the questions."""
        with self.world.subscribe() as changes:
            async for change in changes:
                if change.kind == "post" and change.post is not None and change.post.author == BOT:
                    self._take_time(change.room_id)

    def _take_time(self, room: str) -> None:
        self._answered.add(room)
        if asked := self._asked[room]:
            self._waits.append(time.perf_counter() - asked.popleft())

    @property
    def faults(self) -> list[str]:
        """Rules of the wire that the bot has broken."""
        recorders = (self.dingtalk.recorder, self.wecom.recorder)
        return [f"{it.rule} {it.detail}" for one in recorders for it in one.violations]

    def forget_faults(self) -> None:
        """Count them from now on."""
        for one in (self.dingtalk.recorder, self.wecom.recorder):
            one.violations.clear()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep the town's own garbage collector out of a round.

    A full collection holds everybody up for 0.2 s, in which twenty operators speak at once: a burst that no
    floor makes, and whichever bot it falls to pays for it.
    """
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _sender(number: int) -> Sender:
    return plant.ALL[number % len(plant.ALL)]


def _group(number: int) -> str:
    return f"bench-group-{number % GROUPS:03}"


def _moments(*, rate: float, seconds: float, seed: int) -> Iterator[float]:
    """Yield the moments of a Poisson stream: people do not speak by the beat."""
    dice, at = random.Random(seed), 0.0  # noqa: S311 (the same for every bot)
    while (at := at + dice.expovariate(rate)) < seconds:
        yield at


@asynccontextmanager
async def opened(playbook: Playbook) -> AsyncIterator[Town]:
    """Give the town of a playbook, its clouds up, its answers timed."""
    town = Town(playbook)
    async with town.dingtalk, town.wecom:
        listening = asyncio.create_task(town.listen())
        try:
            yield town
        finally:
            listening.cancel()
