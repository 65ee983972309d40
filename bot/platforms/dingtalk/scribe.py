"""Writes down what was heard, by whichever door it came, and keeps count of what became of it."""

import asyncio
from collections import Counter

import structlog

from bot.platforms.base import Hear, Incoming
from bot.platforms.dingtalk.config import Timings
from bot.platforms.dingtalk.hearing import QUOTA_EXHAUSTED

log = structlog.get_logger()

NO_QUOTA = (
    "钉钉本月的 Webhook 和 Stream 消息量已用完：消息来了，但看不到内容，请管理员购买扩容包 / "
    "the month's messages are used up: what people say arrives without its text"
)


class Scribe:
    """The journal as the doors see it: one message that came by two doors is one message.

    `out_of_quota`: the last message came without its text, because the month's messages are used up.
    """

    def __init__(self, hear: Hear, *, timings: Timings) -> None:
        self._hear = hear
        self._timings = timings
        self.out_of_quota = False
        self.counters: Counter[str] = Counter()

    async def write_at_last(self, incoming: Incoming) -> bool | None:
        """Try for a while: sources disagree whether DingTalk pushes again what was not acknowledged."""
        for wait in self._timings.journal:
            new = await self.write(incoming)
            if new is not None:
                return new
            await asyncio.sleep(wait)
        return await self.write(incoming)

    async def write(self, incoming: Incoming) -> bool | None:
        """Return whether the message is new, or None if it could not be written down."""
        self._weigh(incoming)
        try:
            new = await self._hear(incoming)
        except Exception as failure:  # noqa: BLE001 (whatever stops the journal: nothing may be acknowledged)
            self.note("not_journalled", error=type(failure).__name__)
            return None
        self.counters["heard" if new else "repeated"] += 1
        return new

    def _weigh(self, incoming: Incoming) -> None:
        if incoming.kind == "event" and incoming.text == QUOTA_EXHAUSTED:
            self.out_of_quota = True
        elif incoming.kind == "text":
            self.out_of_quota = False

    def note(self, what: str, **fields: str) -> None:
        """Count and log something that was put aside."""
        self.counters[what] += 1
        log.warning("dingtalk.frame_put_aside", why=what, **fields)

    def summary(self) -> str:
        """Say in one line what a person should know, and what became of the frames so far."""
        counted = " ".join(f"{what}={count}" for what, count in sorted(self.counters.items()))
        return f"{NO_QUOTA} ({counted})" if self.out_of_quota else counted
