"""Decides what to do with a frame: journal it, then acknowledge it on the socket from which it came."""

import asyncio
from datetime import timedelta

import structlog

from bot.platforms.dingtalk.config import DingTalkConfig, Timings
from bot.platforms.dingtalk.events import hear_event
from bot.platforms.dingtalk.frames import (
    BAD_REQUEST,
    CALLBACK,
    CARD_TOPIC,
    DISCONNECT,
    EVENT,
    FAILED,
    NOT_FOUND,
    NOTES,
    PING,
    ROBOT_TOPIC,
    SYSTEM,
    Frame,
    acknowledge,
    card_ack,
    event_ack,
    read_frame,
    robot_ack,
)
from bot.platforms.dingtalk.hearing import hear_message
from bot.platforms.dingtalk.link import Link
from bot.platforms.dingtalk.payload import text_of
from bot.platforms.dingtalk.pressing import hear_press
from bot.platforms.dingtalk.replies import OwedReplies
from bot.platforms.dingtalk.scribe import Scribe
from domain.clock import Clock

log = structlog.get_logger()


class Desk:
    """Takes frames from any number of sockets; at most `in_hand` are being journalled at a time.

    Frames are handed to `hear` in the order in which they came. An acknowledgement is sent only after `hear`
    has returned; if it raises, none is, and DingTalk pushes again.
    """

    def __init__(
        self,
        config: DingTalkConfig,
        *,
        scribe: Scribe,
        owed: OwedReplies,
        clock: Clock,
        timings: Timings,
        node: str,
    ) -> None:
        self._config = config
        self._scribe = scribe
        self._owed = owed
        self._clock = clock
        self._timings = timings
        self._node = node
        self._room = asyncio.Semaphore(timings.in_hand)
        self._in_hand: set[asyncio.Task[None]] = set()

    async def take(self, raw: str, link: Link) -> None:
        """Take one text message from a socket; returns as soon as it is in hand."""
        frame = read_frame(raw)
        if frame is None:
            self._scribe.note("garbage")
        elif frame.type == SYSTEM:
            await self._system(frame, link)
        else:
            await self._take_in_hand(frame, link)

    async def _take_in_hand(self, frame: Frame, link: Link) -> None:
        """Start a task for the frame; when there are too many, the socket waits, then refuses it."""
        try:
            await asyncio.wait_for(self._room.acquire(), self._timings.crowded)
        except TimeoutError:
            self._scribe.note("crowded", topic=frame.topic)
            await link.say(acknowledge(frame, code=FAILED, message="busy"))
            return
        task = asyncio.create_task(self._answer(frame, link))
        self._in_hand.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._in_hand.discard(task)
        self._room.release()
        if not task.cancelled() and (bug := task.exception()):
            log.error("dingtalk.frame_failed", error=type(bug).__name__, exc_info=bug)

    async def _system(self, frame: Frame, link: Link) -> None:
        if frame.topic == PING:
            await link.say(acknowledge(frame, text=frame.text))
        elif frame.topic == DISCONNECT:
            self._scribe.note("disconnect")
            link.ask_replacement("disconnect")
        else:
            known = frame.topic in NOTES
            await link.say(acknowledge(frame, code=200 if known else NOT_FOUND, text=frame.text))

    async def _answer(self, frame: Frame, link: Link) -> None:
        if frame.type == CALLBACK and frame.topic == ROBOT_TOPIC:
            await self._message(frame, link)
        elif frame.type == CALLBACK and frame.topic == CARD_TOPIC:
            await self._press(frame, link)
        elif frame.type == EVENT:
            await self._event(frame, link)
        else:
            self._scribe.note("unknown_topic", topic=frame.topic)
            await link.say(acknowledge(frame, code=NOT_FOUND, message="topic not registered"))

    async def _message(self, frame: Frame, link: Link) -> None:
        incoming = hear_message(frame.data, push_id=frame.message_id, robot_code=self._config.robot)
        if incoming is None:
            await self._not_understood(frame, link)
        elif await self._scribe.write_at_last(incoming) is not None:
            await self._acknowledge(robot_ack(frame), link)

    async def _event(self, frame: Frame, link: Link) -> None:
        """Journal an event of the directory, or that the quota is gone; others are taken and left at that."""
        incoming = hear_event(frame.headers, frame.data, robot_code=self._config.robot)
        if incoming is None:
            self._scribe.note("event_ignored", event_type=text_of(frame.headers, "eventType")[:60])
        taken = incoming is None or await self._scribe.write(incoming) is not None
        await self._acknowledge(event_ack(frame, taken=taken), link)

    async def _press(self, frame: Frame, link: Link) -> None:
        """Journal a pressed button; its acknowledgement waits a moment for the card's new content."""
        incoming = hear_press(
            frame.data,
            push_id=frame.message_id,
            robot_code=self._config.robot,
            node=self._node,
            deadline=self._clock.now() + timedelta(seconds=self._timings.card_ack),
        )
        if incoming is None:
            await self._not_understood(frame, link)
            return
        arrived = self._clock.monotonic()
        owed, sent = self._owed.expect(frame.message_id, track=text_of(frame.data, "outTrackId")), False
        try:
            new = await self._scribe.write_at_last(incoming)
            if new is not None:
                wait = self._timings.card_ack - (self._clock.monotonic() - arrived)
                update = await owed.wait(wait if new and incoming.slot else 0.0)
                sent = await self._acknowledge(card_ack(frame, update), link)
        finally:
            self._owed.settle(frame.message_id, owed, sent=sent)

    async def _not_understood(self, frame: Frame, link: Link) -> None:
        self._scribe.note("not_understood", topic=frame.topic)
        await link.say(acknowledge(frame, code=BAD_REQUEST, message="not understood"))

    async def _acknowledge(self, text: str, link: Link) -> bool:
        sent = await link.say(text)
        self._scribe.counters["acknowledged" if sent else "ack_lost"] += 1
        return sent

    async def finish(self, seconds: float) -> None:
        """Let owed acknowledgements go, and wait for what is in hand, at most so many seconds."""
        self._owed.close()
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=seconds)

    async def give_up(self, seconds: float) -> None:
        """Wait once more, then cancel what is still unfinished: it is not acknowledged and comes again."""
        await self.finish(seconds)
        left = tuple(self._in_hand)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
