"""WeCom on two nodes: every door on both, the one long connection on one, and whoever can say it says it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from bot import keeper as keeping
from bot.keeper import Keeper
from bot.platforms.base import Incoming, State
from bot.platforms.wecom import WeCom, WeComConfig
from bot.platforms.wecom.doors import app_chat, hook_chat
from bot.rules import Rules
from domain.clock import FixedClock
from domain.models.journal import Lease
from domain.store.office import Office, SqliteOffice
from notifier.card import Card
from notifier.delivery import Delivered, Outgoing, Retry
from tests.wire.wecom_called import Beside
from tests.wire.wecom_server import QUICK, SECRET, Server, until


async def deaf(_incoming: Incoming) -> bool:
    """Nobody speaks here."""
    return True


class Node:
    """One process: WeCom with all its doors, and the keeper of its connection."""

    def __init__(self, name: str, server: Server, *, office: Office, clock: FixedClock, http: Any) -> None:
        self.name = name
        self.app = Beside("app", clock)
        self.hooks = Beside("hook", clock)
        config = WeComConfig(
            bot_id="aib", bot_secret=SecretStr(SECRET), ws_url=server.url, api_url=server.url, timing=QUICK
        )
        self.wecom = WeCom(
            config, http=http, hear=deaf, clock=clock, node=name, app=self.app, hooks=self.hooks, opens=False
        )
        self.keeper = Keeper("wecom", make=self.wecom.connection, office=office, node=name)
        self.tasks = [asyncio.create_task(it.run()) for it in (self.wecom, self.keeper)]

    @property
    def holds(self) -> bool:
        """Whether the connection is here and up."""
        return self.wecom.health().state is State.READY

    async def close(self) -> None:
        """Stop as the house does: the keeper first."""
        await self.keeper.stop()
        await self.wecom.stop()
        await asyncio.gather(*self.tasks)


def said(chat_id: str) -> Outgoing:
    return Outgoing(id=1, key="k", chat_id=chat_id, chat_kind="direct", card=Card(title="早"))


def leases(office: Office) -> list[str]:
    return office.read(lambda work: [it.name for it in work.session.scalars(select(Lease))]).result()


@pytest.fixture
async def nodes(
    sqlite_url: str, rules: Rules, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[list[Node]]:
    monkeypatch.setattr(keeping, "RENEW_SECONDS", 0.05)
    office = SqliteOffice(sqlite_url, rules.setting)
    async with Server().listening() as server, httpx.AsyncClient() as http:
        given: Any = {"office": office, "clock": clock, "http": http}
        both = [Node("n1", server, **given), Node("n2", server, **given)]
        try:
            await until(lambda: any(node.holds for node in both))
            yield sorted(both, key=lambda node: not node.holds)
        finally:
            await asyncio.gather(*(node.close() for node in both))
    await asyncio.to_thread(office.close)


async def test_each_node_reaches_what_it_can_say(nodes: list[Node]) -> None:
    holder, other = nodes
    assert (holder.wecom.reach(), other.wecom.reach()) == (("",), ("app:", "hook:"))
    assert other.wecom.health().state is State.STANDBY
    assert await holder.wecom.send(said("lina")) == Delivered()
    assert isinstance(await other.wecom.send(said("lina")), Retry)
    for node in nodes:
        assert await node.wecom.send(said(app_chat("lina"))) == Delivered(provider_id="beside")
        assert await node.wecom.send(said(hook_chat("仓库"))) == Delivered(provider_id="beside")


async def test_a_node_that_leaves_hands_its_connection_over(nodes: list[Node]) -> None:
    holder, other = nodes
    await holder.close()
    await until(lambda: other.holds)
    assert other.wecom.reach() == ("",)
    assert await other.wecom.send(said("lina")) == Delivered()


async def test_the_lease_is_of_the_connection_only(nodes: list[Node]) -> None:
    assert leases(nodes[0].keeper._office) == ["connection:wecom"]
