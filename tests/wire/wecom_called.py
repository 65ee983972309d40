"""Our WeCom platform behind its callback URL in the pretend WeCom town, with the smallest house around it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
from aiohttp import web
from pydantic import SecretStr

from bot.platforms.base import Health, Incoming, MediaRef, State
from bot.platforms.wecom import WeCom, WeComConfig
from bot.platforms.wecom.doors import DoorName, Giver, Hooks, hook_chat
from bot.sandbox.town import Post
from bot.web.callbacks import guarded
from domain.clock import FixedClock
from notifier.card import Button, Card
from notifier.delivery import Delivered, Outcome, Outgoing
from tests.wire.wecom_rig import GROUP, Rig
from tests.wire.wecom_server import QUICK, until

TOKEN = "QDG6eK"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
SWIFT = replace(QUICK, callback=3.0, refresh=0.05, poll=3.0, stream=30.0)
HASTY = replace(SWIFT, callback=0.05)
"""For answers that take longer than a call: it waits for nothing else."""
Reply = Callable[[Incoming], Card | str | None]


class Called:
    """The rest of the house: a journal without doubles, and answers as soon as something is heard."""

    def __init__(self, rig: Rig, http: httpx.AsyncClient, pictures: Path, **doors: Any) -> None:
        self.rig = rig
        self.journal: list[Incoming] = []
        self.failing = 0
        self.reply: Reply = lambda incoming: f"好：{incoming.text}" if incoming.kind != "event" else None
        self.outcomes: list[Outcome] = []
        self.config = WeComConfig(
            bot_token=SecretStr(TOKEN),
            bot_aes_key=SecretStr(AES_KEY),
            api_url=rig.cloud.http_url,
            bot_name=rig.cloud.bot_name,
            timing=doors.pop("timing", SWIFT),
        )
        self.platform = WeCom(
            self.config,
            http=http,
            hear=self._hear,
            clock=rig.clock,
            node="n1",
            media_path=lambda name: pictures / name,
            **doors,
        )
        self.url = ""
        self._group: Any = None

    async def _hear(self, incoming: Incoming) -> bool:
        if self.failing:
            self.failing -= 1
            raise OSError("the disk is full")
        if incoming.message_id in {heard.message_id for heard in self.journal}:
            return False
        self.journal.append(incoming)
        card = self.reply(incoming)
        if card is not None:
            self._group.create_task(self.says(incoming, card))
        return True

    async def says(self, to: Incoming, card: Card | str, **more: Any) -> Outcome:
        """Answer a message as the dispatcher would; the outcome is kept."""
        outcome = await self.platform.send(self.answer(to, card, **more))
        self.outcomes.append(outcome)
        return outcome

    def answer(self, to: Incoming, card: Card | str, **more: Any) -> Outgoing:
        """Return the answer to a message."""
        card = card if isinstance(card, Card) else Card(lines=(card,))
        given = {"key": f"o-{to.message_id}", "slot": to.slot, **more}
        return Outgoing(id=1, chat_id=to.chat_id, chat_kind=to.chat_kind, card=card, **given)

    async def heard(self, number: int = 1) -> Incoming:
        """Return the n-th message."""
        await until(lambda: len(self.journal) >= number)
        return self.journal[number - 1]

    async def settled(self, number: int = 1) -> Outcome:
        """Return what became of the n-th answer."""
        await until(lambda: len(self.outcomes) >= number)
        return self.outcomes[number - 1]

    async def shown(self, number: int = 1) -> Post:
        """Return the n-th post of the bot."""
        await until(lambda: len(self.rig.said) >= number)
        return list(self.rig.world.posts(author="bot"))[number - 1]


@contextlib.asynccontextmanager
async def called(
    rig: Rig, pictures: Path, *, app: Giver | None = None, hooks: Hooks | None = None, **more: Any
) -> AsyncIterator[Called]:
    """Serve the platform's URLs and let WeCom verify them."""
    async with httpx.AsyncClient() as http, asyncio.TaskGroup() as group:
        house = Called(rig, http, pictures, app=app, hooks=hooks, **more)
        house._group = group
        server = web.Application()
        server.add_routes(map(guarded, house.platform.routes()))
        runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        house.url = f"http://127.0.0.1:{runner.addresses[0][1]}/callbacks/wecom/bot"
        running = group.create_task(house.platform.run())
        try:
            assert await rig.cloud.use_callback(house.url, token=TOKEN, aes_key=AES_KEY)
            yield house
        finally:
            await house.platform.stop()
            await running
            rig.cloud.use_connection()
            await runner.cleanup()


def ask(*says: str, title: str = "要发料吗") -> Card:
    """Return a card with a button for each sentence, made for one state."""
    return Card(title=title, buttons=tuple(Button(text=say[:4], say=say, guard="g1") for say in says))


class Beside:
    """Another door that says everything."""

    def __init__(self, name: DoorName, clock: FixedClock) -> None:
        self.name = name
        self.clock = clock
        self.said: list[Outgoing] = []
        self.enclosed: list[tuple[Outgoing, bool]] = []

    async def run(self) -> None:
        """Nothing to keep up."""

    async def stop(self) -> None:
        """Nothing to close."""

    def routes(self) -> tuple[()]:
        return ()

    async def send(self, out: Outgoing) -> Outcome:
        self.said.append(out)
        return Delivered(provider_id="beside")

    async def enclose(self, out: Outgoing, *, abridged: bool) -> Delivered:
        self.enclosed.append((out, abridged))
        return Delivered()

    async def fetch(self, media: MediaRef) -> bytes:
        return str(media.ref).encode()

    def health(self) -> Health:
        return Health(name=self.name, state=State.READY, since=self.clock.now(), detail=f"入口 {self.name}")

    def chat_of(self, chat_id: str) -> str:
        return hook_chat("仓库") if chat_id == GROUP else ""

    def group_of(self, chat_id: str) -> str:
        return GROUP if chat_id == hook_chat("仓库") else ""
