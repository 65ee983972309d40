"""The HTTP door for tenants without the stream: signed robot messages, and pressed buttons of cards.

Nothing of a body is parsed before its signature, age and size are right; the web server has read it, within
its own limits of size and time. What is heard here and over the stream is one message: the journal knows it
by its msgId. Pages: "receive message" and "event callback" of open.dingtalk.com; DingTalk waits 2.5 s for
an answer, 2 s for that of a card.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, Final

from aiohttp import web

from bot.platforms.base import Incoming
from bot.platforms.dingtalk.config import DingTalkConfig, Timings
from bot.platforms.dingtalk.hearing import hear_message
from bot.platforms.dingtalk.payload import decode, text_of
from bot.platforms.dingtalk.pressing import hear_press
from bot.platforms.dingtalk.replies import OwedReplies
from bot.platforms.dingtalk.scribe import Scribe
from bot.platforms.dingtalk.signature import Gate, card_sign, robot_sign
from bot.platforms.owed import taken
from bot.platforms.patience import comes
from domain.clock import Clock
from notifier.delivery import ReplySlot

ROBOT_PATH: Final = "/callbacks/dingtalk/robot"
CARDS_PATH: Final = "/callbacks/dingtalk/cards"
MAX_BODY: Final = 512 * 1024
EMPTY: Final[dict[str, Any]] = {"msgtype": "empty"}
ROBOT_HEADERS: Final = ("timestamp", "sign")
CARD_HEADERS: Final = ("x-ddpaas-signature-timestamp", "x-ddpaas-signature")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
REQUEST: Final = "request:"  # before the name of a request whose answer may be in its response


class Refused(Exception):
    """The request is not let in; `status` is what it is answered with."""

    def __init__(self, why: str, *, status: int) -> None:
        super().__init__(why)
        self.why, self.status = why, status


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A request that was let in: its signature, its body as it came, and whether it was taken before."""

    timestamp: str
    sign: str
    body: bytes
    known: bool


class Callbacks:
    """The two addresses; `last_heard_at` is when a genuine request came last."""

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
        self._config, self._scribe, self._owed = config, scribe, owed
        self._clock, self._timings, self._node = clock, timings, node
        self._gate = Gate(clock)
        self._writing: set[asyncio.Task[bool | None]] = set()
        self.last_heard_at: datetime | None = None

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the addresses, for the web server."""
        robot, cards = self._guarded(self._robot), self._guarded(self._cards)
        return (web.post(ROBOT_PATH, robot), web.post(CARDS_PATH, cards))

    def _guarded(self, handler: Handler) -> Handler:
        async def serve(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request)
            except Refused as refused:
                self._scribe.note(refused.why)
                return web.Response(status=refused.status)

        return serve

    async def _robot(self, request: web.Request) -> web.StreamResponse:
        secret = self._config.client_secret.get_secret_value()
        letter = await self._let_in(request, ROBOT_HEADERS, sealed=lambda at: robot_sign(secret, at))
        return web.json_response(EMPTY) if letter.known else await self._message(request, letter)

    async def _cards(self, request: web.Request) -> web.StreamResponse:
        secret = api_secret(self._config)
        letter = await self._let_in(request, CARD_HEADERS, sealed=lambda at: card_sign(secret, at))
        return web.json_response({}) if letter.known else await self._press(request, letter)

    async def _let_in(
        self, request: web.Request, names: tuple[str, str], *, sealed: Callable[[str], str]
    ) -> Letter:
        """Return the request if size, signature and age are right; raises Refused."""
        timestamp, sign = (request.headers.get(name, "") for name in names)
        if (request.content_length or 0) > MAX_BODY:
            raise Refused("callback_oversized", status=413)
        if not self._gate.stamp_is_good(timestamp, sign, sealed=sealed):
            raise Refused("callback_forged_or_stale", status=403)
        body = await request.read()
        if len(body) > MAX_BODY:
            raise Refused("callback_oversized", status=413)
        if self._gate.is_replay(sign, body):
            raise Refused("callback_replayed", status=403)
        self.last_heard_at = self._clock.now()
        known = self._gate.is_known(sign, body)
        self._scribe.counters["repeated"] += known
        return Letter(timestamp=timestamp, sign=sign, body=body, known=known)

    # a message to the robot

    async def _message(self, request: web.Request, letter: Letter) -> web.StreamResponse:
        """Journal a message; the response waits a moment, for it may carry the answer itself."""
        name = REQUEST + token_hex(8)
        incoming = self._heard(letter, name)
        arrived = self._clock.monotonic()
        owed, sent = self._owed.expect(name, track=name), False
        try:
            new = await self._written(incoming, letter, within=self._timings.http_ack)
            left = self._timings.http_ack - (self._clock.monotonic() - arrived)
            answer = await owed.wait(left if new else 0.0)
            response = web.json_response(answer or EMPTY)
            sent = await taken(request, response)
        finally:
            self._owed.settle(name, owed, sent=sent)
        return response

    def _heard(self, letter: Letter, name: str) -> Incoming:
        incoming = hear_message(decode(letter.body), push_id="", robot_code=self._config.robot)
        if incoming is None:
            self._gate.remember(letter.sign, letter.body)
            raise Refused("not_understood", status=400)
        slot = incoming.slot or ReplySlot(kind="session", deadline=self._deadline(self._timings.http_ack))
        return replace(incoming, slot=replace(slot, data={**slot.data, "request": name}))

    def _deadline(self, seconds: float) -> datetime:
        return self._clock.now() + timedelta(seconds=seconds)

    async def _written(self, incoming: Incoming, letter: Letter, *, within: float) -> bool:
        """Journal it; if that takes too long DingTalk is told so, and we still try for a while."""
        task = asyncio.create_task(self._scribe.write_at_last(incoming))
        self._writing.add(task)
        task.add_done_callback(lambda done: self._wrote(done, letter))
        new = task.result() if await comes(task, within=within) else None
        if new is None:
            raise Refused("not_journalled_in_time", status=503)
        return new

    def _wrote(self, task: "asyncio.Task[bool | None]", letter: Letter) -> None:
        self._writing.discard(task)
        if not task.cancelled() and task.exception() is None and task.result() is not None:
            self._gate.remember(letter.sign, letter.body)

    # a pressed button

    async def _press(self, request: web.Request, letter: Letter) -> web.StreamResponse:
        """Journal a pressed button; the response waits a moment for the card's new content."""
        data, push = decode(letter.body), _push_of(letter)
        deadline = self._deadline(self._timings.card_ack)
        incoming = hear_press(
            data, push_id=push, robot_code=self._config.robot, node=self._node, deadline=deadline
        )
        if incoming is None:
            raise Refused("not_understood", status=400)
        arrived = self._clock.monotonic()
        owed, sent = self._owed.expect(push, track=text_of(data, "outTrackId")), False
        try:
            new = await self._written(incoming, letter, within=self._timings.card_ack)
            left = self._timings.card_ack - (self._clock.monotonic() - arrived)
            response = web.json_response(await owed.wait(left if new else 0.0))
            sent = await taken(request, response)
        finally:
            self._owed.settle(push, owed, sent=sent)
        return response

    async def finish(self, seconds: float) -> None:
        """Wait for what is being journalled, at most so many seconds, then give it up."""
        if self._writing:
            await asyncio.wait(self._writing, timeout=seconds)
        for task in tuple(self._writing):
            task.cancel()


def api_secret(config: DingTalkConfig) -> str:
    """Return the secret by which card callbacks are signed: made from the application's, and not it."""
    seed = f"banzhang card callbacks\n{config.client_secret.get_secret_value()}"
    return hashlib.sha256(seed.encode()).hexdigest()


def _push_of(letter: Letter) -> str:
    """Name one push of a pressed button: HTTP gives it no id; a repetition has the same stamp and body."""
    return f"http:{letter.timestamp}:{hashlib.sha256(letter.body).hexdigest()[:16]}"
