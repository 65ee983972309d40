"""The self-built app's door in the pretend WeCom town, with the smallest house around it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
from aiohttp import web
from pydantic import SecretStr

from bot.platforms.base import Incoming, State
from bot.platforms.http import new_client
from bot.platforms.wecom.app import AppConfig, AppDoor, AppTiming
from bot.platforms.wecom.doors import APP_PATH
from bot.sandbox.faults import Faults
from bot.sandbox.town import Post, Resident, Room
from bot.sandbox.wecom import WeComCloud
from bot.sandbox.wecom.app import AppLimits
from bot.sandbox.world import World
from bot.web.callbacks import guarded
from domain.clock import FixedClock
from notifier.card import Button, Card
from notifier.delivery import Outgoing
from tests.wire.wecom_server import until

GROUP = "wrWarehouse"
QUICK_LIMITS = AppLimits(callback_seconds=5.0, pause=0.01)
QUICK = AppTiming(passive=3.0)
PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(200))
Answer = Callable[[Incoming], Awaitable[None]]


class AppHouse:
    """The rest of the house, as small as can be: a journal without doubles, and answers if set.

    Where nobody answers, a call is let go as soon as it is written down.
    """

    def __init__(self, cloud: WeComCloud, http: httpx.AsyncClient, clock: FixedClock, files: Path) -> None:
        self.cloud, self.app, self.world, self.clock = cloud, cloud.app, cloud.world, clock
        self.journal: list[Incoming] = []
        self.answers: Answer | None = None
        self._answering: list[asyncio.Future[None]] = []
        self.shut = False
        self.url = ""
        self.files = files
        self.config = AppConfig(
            corp_id=self.app.corp_id,
            agent_id=self.app.agent_id,
            secret=SecretStr(self.app.secret),
            token=SecretStr(self.app.token),
            aes_key=SecretStr(self.app.aes_key),
            api_url=cloud.http_url,
            timing=QUICK,
        )
        self.http = http
        self.door = self.another()

    def another(self, **changes: Any) -> AppDoor:
        """Return a door of its own, as of a restarted process."""
        return AppDoor(
            replace(self.config, **changes),
            http=self.http,
            hear=self._hear,
            clock=self.clock,
            node="n1",
            media_path=lambda name: self.files / name,
        )

    async def _hear(self, incoming: Incoming) -> bool:
        if self.shut:
            raise OSError("disk full")
        if incoming.message_id in {heard.message_id for heard in self.journal}:
            return False
        self.journal.append(incoming)
        if self.answers is None:
            self.door._calls.release(incoming.message_id)
        else:
            self._answering.append(asyncio.ensure_future(self.answers(incoming)))
        return True

    async def heard(self, number: int = 1) -> Incoming:
        """Return the n-th message."""
        await until(lambda: len(self.journal) >= number)
        return self.journal[number - 1]

    def answer(self, to: Incoming, card: Card | str, **more: Any) -> Outgoing:
        """Return the answer to a message."""
        return self.push(card, **{"chat_id": to.chat_id, "slot": to.slot, **more})

    def push(self, card: Card | str, *, chat_id: str = "app:ligong", **more: Any) -> Outgoing:
        """Return a message to somebody."""
        card = card if isinstance(card, Card) else Card(lines=(card,))
        more.setdefault("key", f"o-{len(self.said)}")
        return Outgoing(id=1, chat_id=chat_id, chat_kind="direct", card=card, **more)

    @property
    def room(self) -> Room:
        """李工's chat with the app."""
        return self.world.direct_room("wecom", "li", door="app")

    @property
    def posts(self) -> list[Post]:
        """What the app has said so far to 李工."""
        return self.world.posts(self.room.id, author="bot")

    @property
    def said(self) -> list[tuple[str, str]]:
        """The same: (kind, text)."""
        return [(post.kind, str(post.body.get("text", ""))) for post in self.posts]

    @property
    def broken(self) -> list[str]:
        """The wire rules that we broke."""
        return self.cloud.recorder.rules_broken()

    def asked(self, door: str) -> list[Any]:
        """Return what reached one door of the API."""
        return self.cloud.recorder.payloads(f"wecom.{door}")

    async def quiet(self) -> None:
        """Wait until no callback is under way and every answer is given."""
        await until(lambda: not self.app.courier.busy)
        await asyncio.gather(*self._answering)


@contextlib.asynccontextmanager
async def app_town(
    clock: FixedClock, files: Path, *, limits: AppLimits = QUICK_LIMITS
) -> AsyncIterator[AppHouse]:
    """Serve a town of three with a group, and the house's callback URL; the door runs."""
    people = [
        Resident(id="li", name="李工", wecom_user_id="LiGong"),
        Resident(id="wang", name="王芳", wecom_user_id="WangFang"),
        Resident(id="ghost", name="外人"),
    ]
    group = Room(id=GROUP, platform="wecom", kind="group", title="仓库群", members=("li", "wang"))
    world = World(people, [group], clock=clock)
    async with WeComCloud(world, faults=Faults(), app_limits=limits) as cloud, new_client() as http:
        house = AppHouse(cloud, http, clock, files)
        async with serving(house.door) as url:
            house.url = cloud.app.courier.url = url + APP_PATH
            run = asyncio.create_task(house.door.run())
            try:
                await until(lambda: house.door.health().state is State.READY)
                yield house
            finally:
                await house.door.stop()
                await run


@contextlib.asynccontextmanager
async def serving(door: AppDoor) -> AsyncIterator[str]:
    """Serve a door's callback URL, behind the house's own limits."""
    site = web.Application()
    site.add_routes(map(guarded, door.routes()))
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def confirm_card(**changes: Any) -> Card:
    """Return a card with two buttons that fit."""
    buttons = (
        Button(text="接", say="接 A-1", style="primary", guard="A-1@1"),
        Button(text="没空", say="没空 A-1", guard="A-1@1"),
    )
    return replace(Card(title="异常 A-1 缺料", lines=("地点：SMT-1",), buttons=buttons), **changes)
