"""The product itself: platform hearing, Ear, Office, handling; up to the commit of the reply's outbox row.

Instead of the dispatcher stands the desk of this callback: it is handed the same parcels at the same moment,
after the commit, and answers the request that asked. Delivery is another promise (P5).
"""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

from benchmarks.durable import plant
from bot.bridge import Clerk
from bot.hear import Ear
from bot.meaning import Desk
from bot.media import MediaStore
from bot.photos import Photos
from bot.platforms.wecom import hearing
from bot.platforms.wecom.frames import Frame
from commands.kit import Registry
from commands.kit.offers import OFFERS
from domain.store.office import open_office
from notifier.outbox import Dispatcher
from notifier.post import Parcel

NODE = "bench"


class Callers:
    """Who waits on a request, by its id: handed the parcels as the dispatcher is."""

    def __init__(self) -> None:
        self.waiting: dict[str, asyncio.Future[str]] = {}

    def hand(self, parcels: Iterable[Parcel]) -> None:
        """Answer the requests that asked."""
        for parcel in parcels:
            if slot := parcel.out.slot:
                self.waiting.pop(slot.data["req_id"]).set_result(parcel.out.card.plain_text())


class Product:
    """The way of the house."""

    def __init__(self, url: str, folder: Path) -> None:
        self.rules = plant.rules(folder, node=2)
        self.office = open_office(url, self.rules.setting)
        self.callers = Callers()
        registry = Registry.discover("commands", choices=OFFERS)
        self.ear = Ear(
            clerk=Clerk(self.office),
            desk=Desk(registry=registry, node=NODE, mouths=frozenset({"wecom"})),
            dispatcher=cast("Dispatcher", self.callers),  # only `hand` is asked of it
            photos=Photos(),
            media=MediaStore(folder / "media"),
            platforms={},
        )

    async def answer(self, body: dict[str, Any]) -> str:
        """Hear a callback's body; returns what the committed reply says."""
        frame = Frame(cmd="aibot_msg_callback", req_id=body["msgid"], body=body)
        ear = hearing.Ear(
            tenant="bench", bot_name="班长", node=NODE, connection="1", now=self.rules.clock.now()
        )
        incoming = hearing.hear(frame, ear=ear)
        assert incoming is not None
        reply = asyncio.get_running_loop().create_future()
        self.callers.waiting[frame.req_id] = reply
        await self.ear.hear(incoming)
        return str(await reply)

    async def close(self) -> None:
        """Let what is in hand finish."""
        await self.ear.stop()
        await asyncio.to_thread(self.office.close)
