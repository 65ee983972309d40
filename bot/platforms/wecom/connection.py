"""The AI bot on its long connection: one line, ears and a voice, put together. One node at a time has it."""

import asyncio
from typing import Any, Final

import structlog

from bot.platforms.base import Health, Hear, Incoming, State, Tenure
from bot.platforms.enclosures import MediaPath
from bot.platforms.wecom import hearing, routes
from bot.platforms.wecom.config import WeComConfig
from bot.platforms.wecom.ears import Ears
from bot.platforms.wecom.frames import Frame
from bot.platforms.wecom.hearing import Ear
from bot.platforms.wecom.line import Line
from bot.platforms.wecom.link import AckLost, Link, NotSent
from bot.platforms.wecom.rendering.content import Content
from bot.platforms.wecom.upload import UploadKind
from bot.platforms.wecom.voice import Voice
from domain.clock import Clock
from notifier.delivery import Outcome, Outgoing

log = structlog.get_logger(__name__)

_SORRY: Final = "刚才那句没能记下（系统暂时写不进数据），请过几分钟再说一次。"


class Connection:
    """Hears and speaks through one AI bot (智能机器人) on the long connection.

    `hear` writes into the journal; `node` is the name of this process, to which reply slots are bound;
    `media_path` gives the file of a picture by its hash-name (None: pictures of cards are left out).
    """

    def __init__(
        self,
        config: WeComConfig,
        *,
        hear: Hear,
        clock: Clock,
        node: str,
        media_path: MediaPath | None = None,
        tenure: Tenure = Tenure(),  # noqa: B008 (frozen)
    ) -> None:
        self._config = config
        self._clock = clock
        self._node = node
        self._line = Line(config, clock=clock, heard=self._heard, tenure=tenure)
        self._ears = Ears(hear, timing=config.timing, sorry=self._sorry)
        self._voice = Voice(self._line, config=config, clock=clock, node=node, media_path=media_path)
        self._stopping = asyncio.Event()
        self._running = asyncio.Event()
        self._done = asyncio.Event()

    def __repr__(self) -> str:
        return f"<Connection {self._config.bot_id} {self._line.standing.state}>"

    async def run(self) -> None:
        """Connect and stay connected until `stop`; nothing that the network does gets out of here."""
        self._running.set()
        keeping, stopping = (asyncio.create_task(it) for it in (self._line.keep(), self._stopping.wait()))
        try:
            await asyncio.wait({keeping, stopping}, return_when=asyncio.FIRST_COMPLETED)
            await self._wait_for_answers()
        finally:
            await _end(keeping, stopping)
            await self._ears.drain(within=self._config.timing.drain)
            self._line.set(State.STOPPED)
            self._done.set()

    async def stop(self) -> None:
        """Stop hearing, finish what is in hand, close the socket; within some 5 s."""
        self._stopping.set()
        if self._running.is_set():
            await self._done.wait()

    @property
    def over(self) -> bool:
        """Whether it has ended: it connects no more."""
        return self._done.is_set()

    async def send(self, out: Outgoing) -> Outcome:
        """Render and send a card; never raises for anything the network does, and says what happened."""
        return await self._voice.send(out)

    async def send_file(self, out: Outgoing, *, name: str, data: bytes, kind: UploadKind = "file") -> Outcome:
        """Send a file or picture to the chat of `out`, beside what its card says; may take more than 10 s."""
        return await self._voice.send_file(out, name=name, data=data, kind=kind)

    def health(self) -> Health:
        """Say how the connection is."""
        standing = self._line.standing
        return Health(
            name=hearing.PLATFORM,
            state=standing.state,
            since=standing.since,
            detail=standing.detail,
            last_frame_at=self._line.last_frame_at,
            reconnects=max(0, self._line.reconnects),
        )

    def _heard(self, frame: Frame, link: Link) -> None:
        incoming = hearing.hear(frame, ear=self._ear(link))
        if incoming is None:
            log.info("wecom.frame_ignored", cmd=frame.cmd, event_type=frame.event)
            return
        if incoming.slot and incoming.slot.kind == "req_id":
            link.remember(incoming.chat_id, frame.req_id)
        self._ears.take(incoming)

    def _ear(self, link: Link) -> Ear:
        return Ear(
            tenant=self._config.bot_id,
            bot_name=self._config.bot_name,
            node=self._node,
            connection=link.id,
            now=self._clock.now(),
        )

    async def _sorry(self, incoming: Incoming) -> None:
        """Tell an author that the message is lost, past journal and outbox: both need the disk."""
        link, slot = self._line.link, incoming.slot
        to: dict[str, Any] = {"chat_id": incoming.chat_id, "chat_kind": incoming.chat_kind}
        attempt = routes.push(Content.markdown(_SORRY), **to)
        if slot and link and slot.kind == "req_id" and slot.data["connection"] == link.id:
            attempt = routes.answer(attempt.content, req_id=slot.data["req_id"], **to)
        try:
            if link:
                await link.ask(attempt.cmd, attempt.body(), req_id=attempt.req_id)
        except (NotSent, AckLost):
            log.warning("wecom.sorry_not_sent", message_id=incoming.message_id)

    async def _wait_for_answers(self) -> None:
        """Give requests that are under way a moment to be answered."""
        link = self._line.link
        if link is None:
            return
        try:
            async with asyncio.timeout(self._config.timing.drain):
                await link.quiet()
        except TimeoutError:
            log.warning("wecom.stopped_while_asking")


async def _end(*tasks: "asyncio.Task[Any]") -> None:
    for task in tasks:
        task.cancel()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, Exception):
            log.error("wecom.line_failed", exc_info=result)
