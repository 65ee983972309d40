"""A connection of which there may be one: the node that holds its leased row connects, others stand by."""

import asyncio
from collections.abc import Callable, MutableMapping
from datetime import datetime
from functools import partial
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.platforms.base import Health, Platform, State
from domain.clock import Clock
from domain.store import claims
from domain.store.faults import said
from domain.store.office import Office

LEASE_SECONDS: Final = 10.0
RENEW_SECONDS: Final = 3.0
log = structlog.get_logger()


class Keeper:
    """Keeps one platform connected on exactly one node; a holder that dies is replaced within its lease."""

    def __init__(
        self,
        name: str,
        *,
        make: Callable[[], Platform],
        platforms: MutableMapping[str, Platform],
        office: Office,
        clock: Clock,
        node: str,
    ) -> None:
        self.name = name
        self._make = make
        self._platforms = platforms
        self._office = office
        self._clock = clock
        self._node = node
        self._since: datetime = clock.now()
        self._running: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Take the lease when it is free, connect, renew; who has lost it disconnects. Until `stop`."""
        while not self._stopping.is_set():
            held = await self._hold()
            if self._running is not None and self._running.done():
                await self._bury(self._running)
            if held and self._running is None:
                self._connect()
            elif not held and self._running is not None:
                await self._disconnect()
            await self._pause()

    async def stop(self) -> None:
        """Disconnect and give the lease back, so that another node takes over at once."""
        self._stopping.set()
        if self._running is not None:
            await self._disconnect()
            job = partial(claims.release, name=self._lease, holder=self._node)
            await asyncio.wrap_future(self._office.write(job))

    def health(self) -> Health:
        """Return the connection's health, or that another node has it."""
        platform = self._platforms.get(self.name)
        if self._running is not None and self._running.done():
            broken = "出错停了，正在重连"
            return Health(name=self.name, state=State.CONNECTING, since=self._since, detail=broken)
        if platform is not None:
            return platform.health()
        return Health(name=self.name, state=State.STANDBY, since=self._since, detail="另一个节点在连")

    @property
    def _lease(self) -> str:
        return f"connection:{self.name}"

    async def _hold(self) -> bool:
        """Whether the connection is ours; where the database does not answer, it is whose it was.

        A full disk is no reason to be deaf too, and of two that connect the platform keeps one.
        """
        job = partial(claims.hold, name=self._lease, holder=self._node, seconds=LEASE_SECONDS)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(self._office.write(job)), LEASE_SECONDS / 2)
        except (SQLAlchemyError, TimeoutError) as error:
            log.warning("keeper.lease_failed", connection=self.name, error=said(error))
            return self._running is not None

    def _connect(self) -> None:
        log.info("keeper.connecting", connection=self.name, node=self._node)
        platform = self._make()
        self._platforms[self.name] = platform
        self._running = asyncio.create_task(platform.run(), name=f"platform {self.name}")

    async def _bury(self, dead: asyncio.Task[None]) -> None:
        """Clear away a connection that has ended by itself, which is a bug; the next turn makes a new one."""
        error = None if dead.cancelled() else dead.exception()
        log.error("keeper.connection_died", connection=self.name, exc_info=error)
        await self._disconnect()

    async def _disconnect(self) -> None:
        log.info("keeper.disconnecting", connection=self.name, node=self._node)
        platform, running = self._platforms.pop(self.name, None), self._running
        self._running, self._since = None, self._clock.now()
        if running is not None and not running.done():
            if platform is not None:
                await platform.stop()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def _pause(self) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), RENEW_SECONDS)
        except TimeoutError:
            return
