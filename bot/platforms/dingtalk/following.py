"""What follows a message that was delivered: later parts and files; a failure is said, not retried whole."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, Protocol

import structlog

from bot.platforms.dingtalk.speech import push_speech, session_speech
from bot.platforms.enclosures import NOT_SENT, Enclosure, MediaPath, enclosures, twice
from notifier.card import Card
from notifier.delivery import Delivered, Outcome, Outgoing

log = structlog.get_logger()

SECONDS: Final = 7.0  # what the dispatcher's patience leaves after the first message
LATE: Final = f"{SECONDS:.0f} 秒内没有发完"

Send = Callable[[dict[str, Any]], Awaitable[Outcome]]


class SendFile(Protocol):
    """`Speaking.send_file`."""

    async def __call__(self, out: Outgoing, *, name: str, data: bytes) -> Outcome:
        """Send a file to the chat of `out`."""
        ...


@dataclass(frozen=True, kw_only=True)
class Said:
    """What became of the first message; what follows it; whether by the session or, without one, by push."""

    outcome: Outcome
    rest: tuple[dict[str, Any], ...] = ()
    abridged: bool = False
    by_session: bool = False


class Following:
    """Sends the rest; each thing once, and once more where it certainly had not arrived."""

    def __init__(self, *, send_file: SendFile, media_path: MediaPath | None) -> None:
        self._send_file = send_file
        self._media_path = media_path

    async def __call__(self, said: Said, out: Outgoing, *, send: Send) -> Outcome:
        """Return the first message's outcome, with a note of what did not arrive after it."""
        if not isinstance(said.outcome, Delivered):
            return said.outcome
        failures: list[str] = []
        try:
            async with asyncio.timeout(SECONDS):
                await self._rest(said, send=send, failures=failures)
                await self._files(said, out, failures=failures)
                if failures:
                    await send(_confession(failures, said, out))
        except TimeoutError:
            failures.append(LATE)
        if failures:
            log.warning("dingtalk.rest_not_sent", message=out.id, reasons=failures)
        return replace(said.outcome, note="；".join(failures))

    async def _rest(self, said: Said, *, send: Send, failures: list[str]) -> None:
        for body in said.rest:
            failures += await twice(partial(send, body), sign=NOT_SENT["text"])

    async def _files(self, said: Said, out: Outgoing, *, failures: list[str]) -> None:
        """Send the card's file and the whole text; the picture stands in the text already."""
        card = replace(out.card, image=None)
        if not (card.file or said.abridged):
            return
        found = await enclosures(card, abridged=said.abridged, media_path=self._media_path)
        for one in found:
            failures += await self._file(one, out) if isinstance(one, Enclosure) else [one]

    async def _file(self, one: Enclosure, out: Outgoing) -> list[str]:
        return await twice(lambda: self._send_file(out, name=one.name, data=one.data), sign=NOT_SENT["file"])


def _confession(failures: list[str], said: Said, out: Outgoing) -> dict[str, Any]:
    """Return a short message of what did not arrive, without reasons: those are for the journal."""
    signs = dict.fromkeys(failure.partition("）")[0] + "）" for failure in failures)
    short = replace(out, card=Card(lines=tuple(signs)), mentions=(), repeat=0)
    speech = session_speech(short) if said.by_session else push_speech(short)
    return speech.messages[0]
