"""A connection of which there may be one: the node that holds its leased row connects, others stand by."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final, Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.platforms.base import Health, State, Tenure
from domain.store import claims
from domain.store.faults import said
from domain.store.office import Office

LEASE_SECONDS: Final = 10.0
RENEW_SECONDS: Final = 3.0
NEW_SECONDS: Final = 180.0
_DIED: Final = "出错停了，正在重连"
log = structlog.get_logger()


class Connection(Protocol):
    """What is kept: connects when it is run, ends when it is stopped."""

    async def run(self) -> None:
        """Connect and stay connected until `stop`."""
        ...

    async def stop(self) -> None:
        """Disconnect; returns within some 5 s."""
        ...


def lease_name(connection: str) -> str:
    """Return the name of the row that says which node holds a platform's one connection."""
    return f"connection:{connection}"


class Keeper:
    """Keeps one connection on exactly one node; a holder that dies is replaced within its lease.

    `make` gives a new connection to its platform, which is there on every node, and is told of its tenure:
    a node that has stood still beyond its lease must not connect again before it has asked.
    """

    def __init__(self, name: str, *, make: Callable[[Tenure], Connection], office: Office, node: str) -> None:
        self.name = name
        self._make = make
        self._office = office
        self._node = node
        self._connection: Connection | None = None
        self._running: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self._held_at = self._taken_at = -LEASE_SECONDS
        self._tenure = Tenure(stands=self._stands, is_new=self._is_new)

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

    def seen(self, health: Health) -> Health:
        """Return the platform's health as it is with its connection: one that ended by itself is broken."""
        if self._running is not None and self._running.done():
            return replace(health, state=State.CONNECTING, detail=_DIED)
        return health

    @property
    def _lease(self) -> str:
        return lease_name(self.name)

    def _stands(self) -> bool:
        return asyncio.get_running_loop().time() - self._held_at < LEASE_SECONDS

    def _is_new(self) -> bool:
        return asyncio.get_running_loop().time() - self._taken_at < NEW_SECONDS

    async def _hold(self) -> bool:
        """Whether the connection is ours; where the database does not answer, it is whose it was.

        A full disk is no reason to be deaf too, and of two that connect the platform keeps one.
        """
        job = partial(claims.hold, name=self._lease, holder=self._node, seconds=LEASE_SECONDS)
        asked_at = asyncio.get_running_loop().time()
        try:
            held = await asyncio.wait_for(asyncio.wrap_future(self._office.write(job)), LEASE_SECONDS / 2)
        except (SQLAlchemyError, TimeoutError) as error:
            log.warning("keeper.lease_failed", connection=self.name, error=said(error))
            held = self._running is not None
            if isinstance(error, TimeoutError):  # perhaps it was we who stood still
                return held
        self._held_at = asked_at if held else -LEASE_SECONDS
        return held

    def _connect(self) -> None:
        log.info("keeper.connecting", connection=self.name, node=self._node)
        self._taken_at = asyncio.get_running_loop().time()
        self._connection = self._make(self._tenure)
        self._running = asyncio.create_task(self._connection.run(), name=f"connection {self.name}")

    async def _bury(self, dead: asyncio.Task[None]) -> None:
        """Clear away a connection that has ended by itself, which is a bug; the next turn makes a new one."""
        error = None if dead.cancelled() else dead.exception()
        log.error("keeper.connection_died", connection=self.name, exc_info=error)
        await self._disconnect()

    async def _disconnect(self) -> None:
        log.info("keeper.disconnecting", connection=self.name, node=self._node)
        connection, running = self._connection, self._running
        self._connection = self._running = None
        if running is not None and not running.done():
            if connection is not None:
                await connection.stop()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def _pause(self) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), RENEW_SECONDS)
        except TimeoutError:
            return
