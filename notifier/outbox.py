"""The dispatcher: the one way out. Claims due parcels, sends them chat by chat, writes down what happened."""

import asyncio
import contextlib
import heapq
import itertools
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

import structlog

from domain.clock import Clock
from domain.store.turns import ANSWER
from domain.work import Work
from notifier import merging, metering, parcels, quota
from notifier.budget import Budgets, Need
from notifier.delivery import Delivered, Mouth, Outcome, Retry, Unknown, reach_of
from notifier.metering import Meter
from notifier.post import LEASE_SECONDS, Parcel
from notifier.quota import Level

Write = Callable[[Callable[[Work], Any]], Awaitable[Any]]
POLL_SECONDS: Final = 0.5
AT_ONCE: Final = 32
SEND_SECONDS: Final = 20.0
BLOCK_SECONDS: Final = 60.0
LOOK_AGAIN_SECONDS: Final = 60.0
RENEW_AFTER_SECONDS: Final = LEASE_SECONDS - SEND_SECONDS
Queue = list[tuple[bool, int, float, Parcel]]
"""A heap: urgent first, then as they came; with each, since when (monotonic) it is in hand."""
log = structlog.get_logger()


class Dispatcher:
    """Sends everything that is said from this node; one message at a time per chat, chats side by side."""

    def __init__(
        self,
        *,
        write: Write,
        mouths: Mapping[str, Mouth],
        clock: Clock,
        node: str,
        write_later: Write | None = None,
        budgets: Budgets | None = None,
        meter: Meter | None = None,
    ) -> None:
        self._write = write
        self._write_later = write_later or write
        self._mouths = mouths
        self._clock = clock
        self.budgets = budgets or Budgets()
        self._may_speak = asyncio.Event()
        self._may_speak.set()
        self._meter = meter or Meter()
        self._levels: Mapping[str, Level] = {}
        self._written_at = 0.0
        self.lease = node
        self._wake = asyncio.Event()
        self._chats: dict[str, Queue] = {}
        self._passed_over: set[str] = set()  # chats in hand when others were claimed: more may wait there
        self._put_back: dict[str, int] = {}
        self._numbers = itertools.count()
        self._senders: set[asyncio.Task[None]] = set()
        self._stopping = False

    def wake(self) -> None:
        """Say that something may be due."""
        self._wake.set()

    def hush(self) -> None:
        """Say nothing until it is known what was said just now (`speak`): a limit may be reached already."""
        self._may_speak.clear()

    @property
    def speaks(self) -> bool:
        """Whether it may say anything yet."""
        return self._may_speak.is_set()

    def speak(self, said: Iterable[tuple[str, str, float]]) -> None:
        """Speak from now on; `said` is what all nodes have said lately: platform, chat, seconds ago."""
        self.budgets.remember(said, now=self._clock.monotonic())
        self._may_speak.set()

    def hand(self, leased: Iterable[Parcel]) -> None:
        """Take parcels that a committed job has already leased to this node; what it queued is `wake`'s."""
        for parcel in leased:
            self._queue(parcel)

    async def run(self) -> None:
        """Send until `stop`; a database that fails for a while is waited for."""
        while not self._stopping:
            try:
                more = await self._claim()
            except Exception:
                log.exception("outbox.claim_failed")
                more = False
            if not more:
                await self._sleep()

    async def stop(self) -> None:
        """Take nothing new, finish what is being sent."""
        self._stopping = True
        self.wake()
        if self._senders:
            await asyncio.wait(self._senders, timeout=5)
        for task in self._senders:
            task.cancel()
        with contextlib.suppress(Exception):  # counted again by nobody: at most a second's units
            await self.write_down()

    @property
    def idle(self) -> bool:
        """Nothing is in this node's hands."""
        return not self._chats

    async def _sleep(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)
        self._wake.clear()

    async def write_down(self) -> None:
        """Write down what was spent, and learn how short the month is; the tick asks once a second."""
        since = self._clock.monotonic() - self._written_at
        if self._meter.empty and since < LOOK_AGAIN_SECONDS:
            return
        spent = self._meter.take()
        self._written_at = self._clock.monotonic()
        try:
            self._levels = await self._write(partial(quota.record, spent=spent))
        except Exception:
            self._meter.put_back(spent)
            raise

    async def _claim(self) -> bool:
        self._passed_over.update(self._chats)
        if len(self._chats) >= AT_ONCE:
            return False
        job = partial(
            parcels.claim,
            lease=self.lease,
            limit=AT_ONCE,
            busy_chats=tuple(self._chats),
            reach=reach_of(self._mouths),
        )
        claimed: list[Parcel] = await self._write(job)
        for parcel in claimed:
            if parcel.kind == ANSWER:
                self._put_back.pop(parcel.chat_key, None)
            self._queue(parcel)
        return bool(claimed)

    def _queue(self, parcel: Parcel) -> None:
        item = (not parcel.out.urgent, next(self._numbers), self._clock.monotonic(), parcel)
        if parcel.chat_key in self._chats:
            heapq.heappush(self._chats[parcel.chat_key], item)
            return
        queue = self._chats[parcel.chat_key] = [item]
        task = asyncio.create_task(self._serve(parcel.chat_key, queue), name=f"send {parcel.chat_key}")
        self._senders.add(task)
        task.add_done_callback(self._senders.discard)

    async def _serve(self, chat_key: str, queue: Queue) -> None:
        try:
            while queue:
                _later, _number, since, parcel = heapq.heappop(queue)
                await self._may_speak.wait()
                if self._not_its_turn(parcel):
                    self._passed_over.add(chat_key)
                    await self._write(partial(parcels.give_back, parcel=parcel))
                elif await self._still_ours(parcel, since=since):
                    await self._send(parcel)
        except Exception:
            log.exception("outbox.send_failed", chat=chat_key)
        finally:
            del self._chats[chat_key]
            if chat_key in self._passed_over:
                self._passed_over.discard(chat_key)
                self.wake()

    def _not_its_turn(self, parcel: Parcel) -> bool:
        """Whether an older answer of its chat was put back here, and has not been claimed again since.

        What is claimed is in its order; what comes from a job that has just been done does not know of it.
        """
        return parcel.kind == ANSWER and self._put_back.get(parcel.chat_key, parcel.out.id) < parcel.out.id

    async def _still_ours(self, parcel: Parcel, *, since: float) -> bool:
        """Whether the lease outlasts the sending; one that waited long in its chat is renewed or dropped."""
        if self._clock.monotonic() - since < RENEW_AFTER_SECONDS:
            return True
        kept = bool(await self._write(partial(parcels.renew, parcel=parcel)))
        if not kept:
            log.warning("outbox.lease_lost", id=parcel.out.id, chat=parcel.chat_key)
        return kept

    async def _send(self, parcel: Parcel) -> None:
        budget = self.budgets.of(platform=parcel.platform, chat_key=parcel.chat_key)
        now = self._clock.monotonic()
        # A card that is changed where it stands is no message of the robot's.
        if not parcel.out.in_place and (wait := budget.wait(now=now, need=_need(parcel))):
            self._note(parcel, Retry(reason="budget", after=wait))
            await self._write(partial(parcels.postpone, parcel=parcel, seconds=wait, reason="budget"))
            return
        if wait := self._held(parcel):
            await self._write(partial(parcels.postpone, parcel=parcel, seconds=wait, reason=merging.HELD))
            return
        if not parcel.out.in_place:
            budget.spend(now=now)
        outcome = await self._try(parcel)
        if isinstance(outcome, Retry) and outcome.block:
            budget.block(until=self._clock.monotonic() + (outcome.after or BLOCK_SECONDS))
        self._note(parcel, outcome)
        kept = await self._write_later(partial(parcels.settle, parcel=parcel, outcome=outcome))
        if not kept or not isinstance(outcome, Delivered):  # what went as it should stands in its row
            said = type(outcome).__name__
            log.info("outbox.sent", id=parcel.out.id, chat=parcel.chat_key, outcome=said, kept=kept)

    def _note(self, parcel: Parcel, outcome: Outcome) -> None:
        """Remember, before anybody can see it in its row, that a chat's answer has to be tried again."""
        if parcels.holds_up(parcel, outcome):
            self._put_back[parcel.chat_key] = parcel.out.id

    def _held(self, parcel: Parcel) -> float:
        """Return for how long an ordinary message waits, where the month is short: until the hour is full."""
        level = self._levels.get(parcel.platform, Level.CALM)
        if not level or parcel.out.urgent or parcel.kind not in merging.ORDINARY:
            return 0.0
        if level is Level.SHORT and parcel.held:
            return 0.0
        now = self._clock.now()
        return 3600.0 - (now.minute * 60 + now.second + now.microsecond / 1e6)

    async def _try(self, parcel: Parcel) -> Outcome:
        mouth = self._mouths.get(parcel.platform)
        if mouth is None:
            return Retry(reason="this node has no connection", after=1.0)
        try:
            async with asyncio.timeout(SEND_SECONDS):
                with metering.speaking_to(self._meter, platform=parcel.platform, chat_key=parcel.chat_key):
                    return await mouth.send(parcel.out)
        except TimeoutError:
            return Unknown(reason="no answer in time")
        except Exception as error:
            log.exception("outbox.mouth_raised", id=parcel.out.id)
            return Unknown(reason=f"bug: {type(error).__name__}")


def _need(parcel: Parcel) -> Need:
    if parcel.out.urgent:
        return "urgent"
    return "answer" if parcel.kind == ANSWER else "ordinary"
