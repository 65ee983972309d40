"""Our WeCom platform in the pretend WeCom town, with the smallest house around it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from bot.platforms.base import Incoming, Platform, State
from bot.platforms.wecom import WeCom, WeComConfig
from bot.platforms.wecom.doors import Giver
from bot.sandbox.town import Post
from notifier.card import Card
from notifier.delivery import Outgoing
from tests.wire.wecom_rig import Rig
from tests.wire.wecom_server import QUICK, until


class House:
    """The rest of the house, as small as can be: a journal without doubles, and answers."""

    def __init__(
        self, rig: Rig, http: httpx.AsyncClient, pictures: Path, *, app: Giver | None = None
    ) -> None:
        cloud = rig.cloud
        self.rig = rig
        self.journal: list[Incoming] = []
        self.config = WeComConfig(
            bot_id=cloud.bot_id,
            bot_secret=SecretStr(cloud.secret),
            ws_url=cloud.ws_url,
            api_url=cloud.http_url,
            bot_name=cloud.bot_name,
            timing=QUICK,
        )
        self.platform = WeCom(
            self.config,
            http=http,
            hear=self._hear,
            clock=rig.clock,
            node="n1",
            media_path=lambda name: pictures / name,
            app=app,
        )

    async def _hear(self, incoming: Incoming) -> bool:
        if incoming.message_id in {heard.message_id for heard in self.journal}:
            return False
        self.journal.append(incoming)
        return True

    async def heard(self, number: int = 1) -> Incoming:
        """Return the n-th message."""
        await until(lambda: len(self.journal) >= number)
        return self.journal[number - 1]

    def answer(self, to: Incoming, card: Card | str, **more: Any) -> Outgoing:
        """Return the answer to a message."""
        card = card if isinstance(card, Card) else Card(lines=(card,))
        key = more.pop("key", f"o-{len(self.rig.said)}")
        return Outgoing(
            id=1, key=key, chat_id=to.chat_id, chat_kind=to.chat_kind, card=card, slot=to.slot, **more
        )

    def post(self, number: int = -1) -> Post:
        """Return a post of the bot."""
        return list(self.rig.world.posts(author="bot"))[number]

    async def back(self) -> None:
        """Wait until the line is up again after at least one end."""
        await until(lambda: self.platform.health().reconnects and self.rig.cloud.subscribed)
        await until(lambda: self.platform.health().state is State.READY)


@contextlib.asynccontextmanager
async def housed(rig: Rig, pictures: Path, *, app: Giver | None = None) -> AsyncIterator[House]:
    """Run it from ready to stopped."""
    async with httpx.AsyncClient() as http:
        house = House(rig, http, pictures, app=app)
        platform: Platform = house.platform
        run = asyncio.create_task(platform.run())
        try:
            await until(lambda: house.platform.health().state is State.READY)
            yield house
        finally:
            await house.platform.stop()
            await run
