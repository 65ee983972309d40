"""Our own DingTalk client living beside the pretend cloud: what it heard, and how it is spoken through."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.platforms.base import Incoming, Platform, State
from bot.platforms.dingtalk import DingTalk, DingTalkConfig, Timings
from bot.platforms.http import new_client
from bot.sandbox.dingtalk import DingTalkCloud, Limits
from bot.sandbox.faults import Faults
from bot.sandbox.world import World
from domain.clock import SystemClock
from notifier.card import Card
from notifier.delivery import Outgoing, ReplySlot
from tests.wire.dingtalk_probe import GUEST, HAN, LI, LINE, eventually

FAST = Timings(
    open=1.0,
    handshake=5.0,
    heartbeat=0.1,
    dead=0.8,
    idle=60.0,
    retire=0.3,
    stable=0.3,
    backoff_first=0.02,
    backoff_most=0.3,
    refused_first=0.3,
    refused_most=1.0,
    card_ack=1.0,
    journal=(0.1, 0.2),
    crowded=0.3,
    stop=2.0,
    close=0.3,
)
UNANSWERED = replace(FAST, http_ack=0.01, card_ack=0.01)
"""For calls that nobody answers: they are over as soon as the message is written down."""
NODE = "node-1"
numbers = itertools.count(1)


@dataclass
class Ears:
    """A journal in memory: unique message ids; `broken` makes it raise, `slow` makes it wait for `go`.

    `asked` counts how often it was to write something.
    """

    heard: list[Incoming] = field(default_factory=list)
    repeated: list[Incoming] = field(default_factory=list)
    broken: int = 0
    go: asyncio.Event = field(default_factory=asyncio.Event)
    slow: bool = False
    asked: int = 0

    async def __call__(self, incoming: Incoming) -> bool:
        self.asked += 1
        if self.broken:
            self.broken -= 1
            raise OSError("disk full")
        if self.slow:
            await self.go.wait()
        known = {(one.tenant, one.message_id) for one in self.heard}
        new = (incoming.tenant, incoming.message_id) not in known
        (self.heard if new else self.repeated).append(incoming)
        return new

    async def next(self, count: int = 1) -> Incoming:
        """Wait until so many messages were heard; return the last of them."""
        await eventually(lambda: len(self.heard) >= count)
        return self.heard[count - 1]


@dataclass(kw_only=True)
class House:
    """Cloud, platform and ears."""

    cloud: DingTalkCloud
    platform: DingTalk
    ears: Ears
    running: asyncio.Task[None]

    @property
    def world(self) -> World:
        """The pretend world."""
        return self.cloud.world

    def shown(self, room: str = "line3") -> list[Any]:
        """What the bot has said in a room."""
        return self.world.posts(room, author="bot")

    async def until(self, state: State) -> None:
        """Wait for a state of the connection."""
        await eventually(lambda: self.platform.health().state is state)

    async def connected(self, count: int = 1) -> None:
        """Wait until so many sockets take messages."""
        await eventually(lambda: self.cloud.connected == count)


def as_the_house_sees_it(platform: DingTalk) -> Platform:
    """Held to the contract by the type checker."""
    return platform


def a_config(cloud: DingTalkCloud, **changes: Any) -> DingTalkConfig:
    """The configuration that fits the pretend cloud."""
    settings: dict[str, Any] = {
        "client_id": cloud.client_id,
        "client_secret": SecretStr(cloud.client_secret),
        "robot_code": cloud.robot_code,
        "api_url": cloud.url,
        "oapi_url": cloud.url,
    }
    return DingTalkConfig(**(settings | changes))


@asynccontextmanager
async def a_house(
    *,
    faults: Faults | None = None,
    timings: Timings = FAST,
    config: dict[str, Any] | None = None,
    media_path: Callable[[str], Path] | None = None,
    wait: bool = True,
    **limits: Any,
) -> AsyncIterator[House]:
    """Cloud and platform in one loop on the machine's clock; stopped cleanly at the end."""
    world = World([LI, HAN, GUEST], [LINE], clock=SystemClock())
    settings = Limits(**({"ping_seconds": None, "redeliver_robot": (0.3, 1.0)} | limits))
    async with DingTalkCloud(world, faults=faults, limits=settings) as cloud, new_client() as http:
        ears = Ears()
        platform = DingTalk(
            a_config(cloud, **(config or {})),
            http=http,
            hear=ears,
            clock=world.clock,
            node=NODE,
            media_path=media_path,
            timings=timings,
        )
        running = asyncio.create_task(as_the_house_sees_it(platform).run())
        house = House(cloud=cloud, platform=platform, ears=ears, running=running)
        try:
            if wait:
                await house.connected()
            yield house
        finally:
            await platform.stop()
            await asyncio.wait({running}, timeout=5)
            assert running.done()
            assert running.cancelled() or running.exception() is None


def an_answer(to: Incoming, card: Card, *, slot: ReplySlot | None = None, **changes: Any) -> Outgoing:
    """The answer to a message, in its chat; by its slot unless another is named."""
    number = next(numbers)
    fields: dict[str, Any] = {
        "id": number,
        "key": f"out-{number}",
        "chat_id": to.chat_id,
        "chat_kind": to.chat_kind,
        "card": card,
        "slot": slot or to.slot,
    }
    return Outgoing(**(fields | changes))
