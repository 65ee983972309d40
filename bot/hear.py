"""The written-down order: journal, lane, fetch and decode, identify, authorise, dispatch, explain, done.

Every message passes here. Messages of one chat are handled in the order in which they came; chats side by
side.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from functools import partial
from secrets import token_hex
from typing import Final

import structlog

from bot import excuses, handling, journal
from bot.bridge import Clerk
from bot.brought import Porter
from bot.handling import Words
from bot.listings import in_a_file
from bot.meaning import Desk
from bot.media import MediaStore
from bot.one_by_one import OneByOne
from bot.photos import PhotoProblem, Photos
from bot.platforms.base import Incoming, MediaUnavailable, Platform
from bot.steps import Failed, Handled, Idle, Prepare, Read, Step
from domain.errors import DomainError
from domain.store import inbox
from domain.store.faults import database_error, database_unwell, said
from domain.work import Attempt
from notifier.outbox import Dispatcher

Taken = tuple[bool, Attempt[Step] | None]
"""Whether a heard message is new, and how far it has come; None: it is only written down."""
Heard = tuple[bool, Attempt[Step]]
Take = Callable[[], Awaitable[Step]]
"""Takes the next message of a chat in a transaction, as far as that goes."""
SWEEP_SECONDS: Final = 2.0
BUSY_SECONDS: Final = 0.05
CRASH_WAIT_SECONDS: Final = 1.0
STOP_SECONDS: Final = 5.0
log = structlog.get_logger()


class Ear:
    """Hears for every platform of this node: journals, and sees to it that each chat is handled."""

    def __init__(
        self,
        *,
        clerk: Clerk,
        desk: Desk,
        dispatcher: Dispatcher,
        photos: Photos,
        media: MediaStore,
        platforms: Mapping[str, Platform],
    ) -> None:
        self._clerk = clerk
        self._desk = desk
        self._dispatcher = dispatcher
        self._media = media
        self._porter = Porter(clerk=clerk, photos=photos, media=media)
        self._platforms = platforms
        self._hearing = OneByOne()
        self._chats: dict[str, asyncio.Future[None]] = {}  # who attends: a task, or who hears just now
        self._again: set[str] = set()
        self._stopping = False

    async def hear(self, incoming: Incoming) -> bool:
        """Journal a message; returns after the commit, True if it is new; the platform acknowledges then.

        Where nobody attends to its chat it is handled in the same transaction, if it can be. What is heard in
        one chat is written down one by one, in the order of the calls.
        """
        key = journal.chat_key(incoming)
        async with self._hearing.turn(key) as mine:
            return await self._hear(incoming, key, mine)

    async def sweep(self) -> None:
        """Attend to chats in which something waits, after a restart or from another node; until `stop`."""
        while not self._stopping:
            try:
                for key in await self._clerk.read(inbox.chats_with_pending):
                    self._attend(key)
            except Exception:
                log.exception("hear.sweep_failed")
            await asyncio.sleep(SWEEP_SECONDS)

    async def stop(self) -> None:
        """Take up no new message; let those in hand finish."""
        self._stopping = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                while self._chats:
                    await asyncio.wait(self._chats.values())

    @property
    def idle(self) -> bool:
        """Whether no chat is being handled."""
        return not self._chats

    def _attend(self, key: str) -> None:
        if self._stopping:
            return
        if key in self._chats:
            self._again.add(key)
        else:
            self._begin(key, partial(self._take, key))

    def _begin(self, key: str, take: Take) -> None:
        self._chats[key] = asyncio.create_task(self._handle_chat(key, take), name=f"chat {key}")

    async def _handle_chat(self, key: str, take: Take) -> None:
        try:
            while await self._goes_on(take) or key in self._again:
                self._again.discard(key)
                take = partial(self._take, key)
        except Exception as error:  # noqa: BLE001 (said below; the sweep comes back to this chat)
            _log_trouble(error, chat=key)
        finally:
            del self._chats[key]

    async def _hear(self, incoming: Incoming, key: str, mine: "asyncio.Future[None]") -> bool:
        if self._stopping or key in self._chats:
            new = await self._clerk.write(partial(journal.write_down, incoming=incoming))
            self._attend(key)
            return new
        order = self._clerk.begin(partial(handling.hear, desk=self._desk, incoming=incoming))
        self._chats[key] = mine
        try:
            new, taken = await self._written(order, incoming)
        except asyncio.CancelledError:
            self._begin(key, partial(self._result_of, order))  # whoever heard is gone, the transaction is not
            raise
        except BaseException:
            del self._chats[key]  # nothing is written: whoever hears must not acknowledge
            raise
        self._go_on_after(taken, key)
        return new

    async def _written(self, order: "Future[Heard]", incoming: Incoming) -> Taken:
        """Journal and handle a message, or at least journal it."""
        try:
            return await self._clerk.result(order)
        except Exception as error:  # noqa: BLE001 (what its handling has done must not keep it from the journal)
            log.info("hear.journal_alone", error=said(error))
            return await self._clerk.write(partial(journal.write_down, incoming=incoming)), None

    def _go_on_after(self, taken: Attempt[Step] | None, key: str) -> None:
        """Send the answer; a task is made only where there is more to do."""
        step = taken.result if taken else None
        if taken is None:
            self._begin(key, partial(self._take, key))
        elif not isinstance(step, Handled) or step.more:
            self._begin(key, partial(_known, taken))
        else:
            del self._chats[key]
            self._hand(step)
            if key in self._again:
                self._again.discard(key)
                self._attend(key)

    async def _result_of(self, order: "Future[Heard]") -> Step:
        _new, taken = await self._clerk.result(order)
        return await _known(taken)

    async def _take(self, key: str) -> Step:
        return await self._clerk.write(partial(handling.take_next, desk=self._desk, key=key))

    async def _goes_on(self, take: Take) -> bool:
        """Handle one message of a chat; says whether to look for another."""
        step = await self._step(take)
        if isinstance(step, Idle) and step.busy:
            await asyncio.sleep(BUSY_SECONDS)  # another node commits a message of this chat; ours comes next
            return not self._stopping
        return not isinstance(step, Idle | Handled) or (isinstance(step, Handled) and step.more)

    async def _step(self, take: Take) -> Step:
        """Handle one message of a chat, whatever happens."""
        try:
            step = await take()
            if isinstance(step, Prepare):
                step = await _counted(step.inbox_id, self._prepare(step))
            if isinstance(step, Read):
                step = await _counted(step.inbox_id, self._look(step))
        except Failed as failed:
            step = await self._own_up(failed)
        if isinstance(step, Handled):
            self._hand(step)
        return step

    def _hand(self, done: Handled) -> None:
        self._dispatcher.hand(done.parcels)
        if done.mail:
            self._dispatcher.wake()

    async def _prepare(self, step: Prepare) -> Step:
        platform = self._platforms.get(step.incoming.platform)
        if platform is None:
            return await self._clerk.write(partial(handling.leave, step=step))
        try:
            brought = await self._porter.take_in(platform, step.incoming)
        except (MediaUnavailable, PhotoProblem) as trouble:
            log.info("hear.photo_refused", id=step.inbox_id, reason=type(trouble).__name__)
            return await self._tell(step.inbox_id, partial(excuses.photo_trouble, trouble))
        if not brought.codes and not brought.table and not step.incoming.text.strip():
            pictures = any(media.kind == "image" for media in step.incoming.media)
            return await self._tell(step.inbox_id, excuses.no_code if pictures else excuses.no_words)
        job = partial(handling.take_prepared, desk=self._desk, step=step, brought=brought)
        return await self._clerk.write(job)

    async def _look(self, step: Read) -> Step:
        card = await self._clerk.read(partial(handling.look, desk=self._desk, step=step))
        if card.listing:
            card = await asyncio.to_thread(in_a_file, card, media=self._media)
        job = partial(handling.answer, desk=self._desk, inbox_id=step.inbox_id, card=card)
        return await self._clerk.write(job)

    async def _tell(self, inbox_id: int, words: Words) -> Step:
        return await self._clerk.write(
            partial(handling.tell, desk=self._desk, inbox_id=inbox_id, words=words)
        )

    async def _own_up(self, failed: Failed) -> Step:
        """A refusal is told; a bug gets an incident number, and is tried again until it is put aside."""
        if isinstance(failed.cause, DomainError):
            job = partial(handling.refuse, desk=self._desk, inbox_id=failed.inbox_id, error=failed.cause)
            try:
                return await _counted(failed.inbox_id, self._clerk.write(job))
            except Failed as worse:
                failed = worse
        if database_unwell(failed.cause):
            raise failed.cause  # not this message's fault: it waits until the database is well
        return await self._count(failed)

    async def _count(self, failed: Failed) -> Step:
        incident = token_hex(4).upper()
        log.error("hear.crashed", id=failed.inbox_id, incident=incident, exc_info=failed.cause)
        count = partial(handling.count_crash, desk=self._desk, inbox_id=failed.inbox_id, incident=incident)
        try:
            step: Step = await self._clerk.write(partial(count, sorry=partial(excuses.incident, incident)))
        except Exception:
            log.exception("hear.nobody_told", id=failed.inbox_id, incident=incident)
            step = await self._clerk.write(partial(count, sorry=None))
        told = isinstance(step, Handled) and step.parcels
        await asyncio.sleep(0 if told else CRASH_WAIT_SECONDS)
        return step


async def _known(taken: Attempt[Step] | None) -> Step:
    """Return how far a message has come that was taken as it was heard."""
    if taken and taken.error:
        raise taken.error
    return (taken and taken.result) or Idle()


async def _counted(inbox_id: int, doing: Awaitable[Step]) -> Step:
    """Whatever is raised once the message is known is counted against it."""
    try:
        return await doing
    except Failed:
        raise
    except Exception as error:
        raise Failed(inbox_id, error) from error


def _log_trouble(error: Exception, *, chat: str) -> None:
    """A database that is away, or a row that a frozen node holds, is waited for; anything else is a bug."""
    cause = database_error(error) or error
    if database_unwell(cause):
        log.warning("hear.chat_waits", chat=chat, error=said(cause))
    else:
        log.error("hear.chat_failed", chat=chat, exc_info=error)
