"""Reads the platforms' directories when they are due: at night, when asked, and after their events."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, TypeVar

import structlog

from bot.bridge import Bridge
from bot.platforms.base import DirectoryReader, DirectoryUnavailable, Incoming
from bot.platforms.dingtalk import directory as dingtalk
from bot.platforms.wecom.app import directory as wecom
from domain.clock import Clock
from domain.errors import DomainError
from domain.models.directory import DirectoryChange
from domain.store.directory import Stamps, stamps
from domain.store.faults import database_unwell, said
from domain.store.office import Office
from domain.work import Work
from notifier import directories
from notifier.directories import Due
from notifier.outbox import Dispatcher
from notifier.sentences import sentence

T = TypeVar("T")
LOOK_SECONDS: Final = 1.0
SOON_SECONDS: Final = 60.0
LATER_SECONDS: Final = 3600.0
MOST_TIMES: Final = 5  # for one account; the night's reading mends what was missed
BROKE: Final = "读通讯录时程序出错"
NO_READER: Final = "没有配置能读通讯录的应用"
log = structlog.get_logger()


def change_of(incoming: Incoming) -> DirectoryChange | None:
    """Return what an event says of its platform's directory, None if it is about something else."""
    if incoming.platform == "dingtalk":
        return dingtalk.change_of(incoming.text, incoming.raw)
    fields = incoming.raw.get("event")
    if incoming.text != "change_contact" or not isinstance(fields, dict):
        return None
    return wecom.change_of(fields)


class Contacts:
    """One of the house's loops: what is due is read by one node, outside any transaction, then applied."""

    def __init__(
        self,
        *,
        office: Office,
        readers: Mapping[str, DirectoryReader],
        dispatcher: Dispatcher,
        clock: Clock,
        node: str,
    ) -> None:
        self._office = office
        self._readers = readers
        self._dispatcher = dispatcher
        self._clock = clock
        self._node = node
        self._bridge = Bridge()
        self._failed: dict[str, tuple[int, float]] = {}  # times, and when to try again (monotonic)
        self._busy = False
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Look every second until `stop`."""
        while not self._stopping.is_set():
            try:
                await self.look()
            except Exception:  # a database that is away is waited for
                log.exception("directory.look_failed")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), LOOK_SECONDS)

    def stop(self) -> None:
        """Look no more; a reading that is under way is given up with its task."""
        self._stopping.set()

    def at_rest(self) -> bool:
        """Whether nothing is being read and nothing waits to be."""
        return not self._busy and not any(map(self._may, self._office.read(directories.due).result()))

    async def look(self) -> None:
        """See to everything that is due now."""
        for reading in await self._read(directories.due):
            if self._may(reading):
                self._busy = True
                try:
                    await self._see_to(reading)
                finally:
                    self._busy = False

    def _may(self, reading: Due) -> bool:
        return self._failed.get(reading.key, (0, 0.0))[1] <= self._clock.monotonic()

    async def _see_to(self, reading: Due) -> None:
        if not await self._write(partial(directories.hold, reading=reading, node=self._node)):
            return
        try:
            began = await self._read(partial(stamps, platform=reading.platform))
            await self._take_in(reading, began=began)
            self._failed.pop(reading.key, None)
        except DirectoryUnavailable as trouble:
            await self._fail(reading, trouble.reason, temporary=trouble.temporary)
        except DomainError as refused:
            await self._fail(reading, sentence(refused), temporary=False)
        except Exception as broken:  # noqa: BLE001 (logged there; the other readings go on, this one waits)
            await self._break_off(reading, broken)
        finally:
            await self._write(partial(directories.release, reading=reading, node=self._node))
        self._dispatcher.wake()

    async def _break_off(self, reading: Due, broken: Exception) -> None:
        """A database that is unwell is no fault of this reading's, which waits unsaid; the rest is a bug."""
        if database_unwell(broken):
            log.warning("directory.waits", platform=reading.platform, error=said(broken))
            self._failed[reading.key] = (1, self._clock.monotonic() + SOON_SECONDS)
            return
        log.error("directory.reading_broke", platform=reading.platform, exc_info=broken)
        await self._fail(reading, f"{BROKE}（{type(broken).__name__}）", temporary=True)

    async def _take_in(self, reading: Due, *, began: Stamps) -> None:
        reader = self._readers.get(reading.platform)
        if reader is None:
            await self._write(partial(directories.skip, reading=reading, reason=NO_READER))
        elif reading.whole:
            found = await reader.directory()
            log.info("directory.read", platform=reading.platform, people=len(found.people))
            await self._write(partial(directories.apply, reading=reading, directory=found, began=began))
        else:
            member = await reader.member(reading.user_id)
            await self._write(partial(directories.apply_member, reading=reading, member=member, began=began))

    async def _fail(self, reading: Due, reason: str, *, temporary: bool) -> None:
        """Say it, and try again more and more slowly; whoever asked is told and may ask again."""
        times = self._failed.get(reading.key, (0, 0.0))[0] + 1
        wait = min(SOON_SECONDS * 2 ** (times - 1), LATER_SECONDS) if temporary else LATER_SECONDS
        last = bool(reading.asked) or (not reading.whole and times >= MOST_TIMES)
        log.warning("directory.not_read", platform=reading.platform, reason=reason, times=times)
        self._failed[reading.key] = (times, self._clock.monotonic() + wait)
        await self._write(partial(directories.fail, reading=reading, reason=reason, last=last))
        if last:
            del self._failed[reading.key]

    async def _read(self, job: Callable[[Work], T]) -> T:
        return await self._bridge.result(self._office.read(job))

    async def _write(self, job: Callable[[Work], T]) -> T:
        return await self._bridge.result(self._office.write(job))
