"""The written-down order: journal, lane, fetch and decode, identify, authorise, dispatch, explain, done.

Every message passes here. Messages of one chat are handled in the order in which they came; chats side by
side.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from secrets import token_hex
from typing import Final

import structlog

from bot import handling, journal
from bot.bridge import Clerk
from bot.handling import Words
from bot.meaning import Desk
from bot.media import MediaStore
from bot.photos import PhotoProblem, Photos
from bot.platforms.base import Incoming, MediaRef, MediaUnavailable, Platform
from bot.steps import Failed, Handled, Idle, Prepare, Read, Step
from domain.errors import DomainError
from domain.store import inbox
from domain.store.faults import database_error, database_unwell, said
from domain.work import Attempt
from notifier.card import Card
from notifier.outbox import Dispatcher
from notifier.text import _

Take = Callable[[], Awaitable[Step]]
"""Takes the next message of a chat in a transaction, as far as that goes."""
SWEEP_SECONDS: Final = 2.0
BUSY_SECONDS: Final = 0.05
CRASH_WAIT_SECONDS: Final = 1.0
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
        self._photos = photos
        self._media = media
        self._platforms = platforms
        self._chats: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._stopping = False

    async def hear(self, incoming: Incoming) -> bool:
        """Journal a message; returns after the commit, True if it is new; the platform acknowledges then.

        Where nobody attends to its chat it is handled in the same transaction, if it can be.
        """
        key = journal.chat_key(incoming)
        if self._stopping or key in self._chats:
            new = await self._clerk.write(partial(journal.write_down, incoming=incoming))
            self._attend(key)
            return new
        written: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._begin(key, partial(self._hear_and_take, incoming, written))
        return await written

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
        if self._chats:
            await asyncio.wait(self._chats.values(), timeout=5)

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
            while True:
                self._again.discard(key)
                if not await self._goes_on(take) and key not in self._again:
                    return
                take = partial(self._take, key)
        except Exception as error:  # noqa: BLE001 (said below; the sweep comes back to this chat)
            _log_trouble(error, chat=key)
        finally:
            del self._chats[key]

    async def _hear_and_take(self, incoming: Incoming, written: "asyncio.Future[bool]") -> Step:
        """Journal and handle a message in one transaction; says when it is `written`, or why it is not."""
        try:
            new, taken = await self._written(incoming)
        except Exception as error:  # noqa: BLE001 (whatever it is: whoever hears must not acknowledge)
            if not written.done():
                written.set_exception(error)
            return Idle()
        if not written.done():
            written.set_result(new)
        if taken is None:
            return await self._take(journal.chat_key(incoming))
        if taken.error:
            raise taken.error
        return taken.result or Idle()

    async def _written(self, incoming: Incoming) -> tuple[bool, Attempt[Step] | None]:
        """Journal and handle a message, or at least journal it."""
        try:
            return await self._clerk.write(partial(handling.hear, desk=self._desk, incoming=incoming))
        except Exception as error:  # noqa: BLE001 (what its handling has done must not keep it from the journal)
            log.info("hear.journal_alone", error=said(error))
            return await self._clerk.write(partial(journal.write_down, incoming=incoming)), None

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
            self._dispatcher.hand(step.parcels)
            if step.mail:
                self._dispatcher.wake()
        return step

    async def _prepare(self, step: Prepare) -> Step:
        codes: list[str] = []
        files: list[str] = []
        platform = self._platforms.get(step.incoming.platform)
        if platform is None:
            return await self._clerk.write(partial(handling.leave, step=step))
        try:
            for media in step.incoming.media:
                kept, found = await self._take_in(platform, media)
                files += kept
                codes += found
        except (MediaUnavailable, PhotoProblem) as trouble:
            log.info("hear.photo_refused", id=step.inbox_id, reason=type(trouble).__name__)
            return await self._tell(step.inbox_id, partial(_photo_trouble, trouble))
        if not codes and not step.incoming.text.strip():
            pictures = any(media.kind == "image" for media in step.incoming.media)
            return await self._tell(step.inbox_id, _no_code if pictures else _no_words)
        job = partial(
            handling.take_prepared, desk=self._desk, step=step, codes=tuple(dict.fromkeys(codes)), files=files
        )
        return await self._clerk.write(job)

    async def _take_in(self, platform: Platform, media: MediaRef) -> tuple[list[str], Sequence[str]]:
        """Return the name under which a picture or file is kept, and the codes on it.

        A file or a recording only goes with the message: if it cannot be had, what was said still counts.
        """
        try:
            data = await platform.fetch(media)
        except MediaUnavailable as trouble:
            if media.kind == "image":
                raise
            log.info("hear.file_unavailable", kind=media.kind, reason=trouble.reason)
            return [], ()
        name = await asyncio.to_thread(self._media.keep, data)
        return [name], (await self._photos.read(data)).codes if media.kind == "image" else ()

    async def _look(self, step: Read) -> Step:
        card = await self._clerk.read(partial(handling.look, desk=self._desk, step=step))
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
            step: Step = await self._clerk.write(partial(count, sorry=partial(_incident, incident)))
        except Exception:
            log.exception("hear.nobody_told", id=failed.inbox_id, incident=incident)
            step = await self._clerk.write(partial(count, sorry=None))
        told = isinstance(step, Handled) and step.parcels
        await asyncio.sleep(0 if told else CRASH_WAIT_SECONDS)
        return step


async def _counted(inbox_id: int, doing: Awaitable[Step]) -> Step:
    """Whatever is raised once the message is known is counted against it."""
    try:
        return await doing
    except Failed:
        raise
    except Exception as error:
        raise Failed(inbox_id, error) from error


def _incident(number: str) -> Card:
    title = _("这条消息我处理不了，已记为事故 {incident}，请转告工厂 IT。").format(incident=number)
    return Card(title=title, lines=(_("没有改变任何数据。"),), tone="bad")


def _photo_trouble(trouble: Exception) -> Card:
    if isinstance(trouble, MediaUnavailable):
        return Card(title=_("图片取不到了，请再发一次。"), tone="warn")
    return Card(title=_("这张图片读不了，请换一张清楚些、小一些的，或者把号码打出来。"), tone="warn")


def _no_words() -> Card:
    title = _("收到了，但我只看得懂文字、码和照片，什么都没有改动。")
    return Card(title=title, tone="warn")


def _no_code() -> Card:
    return Card(
        title=_("图里没有找到码。"),
        lines=(_("请靠近一点、拍正、别反光，再拍一张；也可以把号码打出来。"),),
        tone="warn",
    )


def _log_trouble(error: Exception, *, chat: str) -> None:
    """A database that is away, or a row that a frozen node holds, is waited for; anything else is a bug."""
    cause = database_error(error) or error
    if database_unwell(cause):
        log.warning("hear.chat_waits", chat=chat, error=said(cause))
    else:
        log.error("hear.chat_failed", chat=chat, exc_info=error)
