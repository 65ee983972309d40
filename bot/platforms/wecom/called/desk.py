"""The URL itself: verification, and calls that are checked, written down, and only then answered."""

import asyncio
import json
from datetime import datetime
from typing import Any, Final

import structlog
from aiohttp import web

from bot.platforms.base import Hear, Incoming
from bot.platforms.owed import listens, written
from bot.platforms.wecom.called import answers, hearing
from bot.platforms.wecom.called.calls import Call, Calls, Offer
from bot.platforms.wecom.config import WeComConfig
from bot.platforms.wecom.crypto import EnvelopeRefused, Envelopes
from bot.platforms.wecom.doors import BOT_PATH
from bot.platforms.wecom.hearing import Ear
from domain.clock import Clock

log = structlog.get_logger(__name__)

MOST_BYTES: Final = 256 * 1024
"""People's texts are cut at some 4,000 characters, and a message may quote another."""

Body = dict[str, Any]


class Desk:
    """Answers WeCom's GET and POST at the bot's callback URL (pages 101033, 101031)."""

    def __init__(
        self, config: WeComConfig, *, envelopes: Envelopes, calls: Calls, hear: Hear, clock: Clock, node: str
    ) -> None:
        self._config = config
        self._envelopes = envelopes
        self._calls = calls
        self._hear = hear
        self._clock = clock
        self._node = node
        self.stopping = False
        self.called_at: datetime | None = None

    def routes(self) -> list[web.RouteDef]:
        """Return the one URL, both ways."""
        return [web.get(BOT_PATH, self._verify, allow_head=False), web.post(BOT_PATH, self._take)]

    async def _verify(self, request: web.Request) -> web.Response:
        """Give back the decrypted `echostr`, plain and nothing else, within a second."""
        try:
            plain = self._envelopes.open(request.query, request.query.get("echostr", "").replace(" ", "+"))
        except EnvelopeRefused as why:
            return _refused(why)
        return web.Response(body=plain, content_type="text/plain")

    async def _take(self, request: web.Request) -> web.StreamResponse:
        until = asyncio.get_running_loop().time() + self._config.timing.callback
        data = await request.read()
        if self.stopping or len(data) > MOST_BYTES:
            return web.Response(status=503 if self.stopping else 413)
        try:
            plain = self._envelopes.open(request.query, _encrypted_in(data))
        except EnvelopeRefused as why:
            return _refused(why)
        self.called_at = self._clock.now()
        body = hearing.read(plain)
        if body is None:
            log.warning("wecom.call_unreadable", size=len(plain))
            return web.Response()
        if (stream_id := hearing.stream_of(body)) is not None:
            return await self._refresh(request, stream_id)
        incoming = hearing.hear(body, ear=self._ear())
        if incoming is None:
            log.info("wecom.call_ignored", msgtype=str(body.get("msgtype"))[:40])
            return web.Response()
        return await self._journal(request, incoming, until=until)

    async def _journal(self, request: web.Request, incoming: Incoming, *, until: float) -> web.StreamResponse:
        """Write down, then wait for what is said at once; what is not written down is asked for again."""
        call_id = hearing.call_id(incoming.message_id)
        known = self._calls.find(call_id)
        call = known or self._calls.open(call_id)
        try:
            async with asyncio.timeout_at(until):
                new = await self._hear(incoming)
        except Exception as error:  # noqa: BLE001 (whatever keeps the journal shut: WeCom is to call again)
            log.warning("wecom.journal_failed", message_id=incoming.message_id, error=type(error).__name__)
            return web.Response(status=500)
        self._envelopes.taken(request.query)
        log.debug("wecom.heard", message_id=incoming.message_id, kind=incoming.kind, new=new)
        if incoming.slot is None or not (new or known):
            self._calls.drop(call_id)  # nothing may be said on it, or another node says it
            return web.Response()
        return await self._answer(
            request, call, call_id=call_id, until=until, streams=incoming.slot.data["what"] == "message"
        )

    async def _answer(
        self, request: web.Request, call: Call, *, call_id: str, until: float, streams: bool
    ) -> web.StreamResponse:
        offer = await call.offered(within=until - asyncio.get_running_loop().time())
        if offer is not None:
            return await self._write(request, call, offer)
        if call.closed or not streams:
            call.release()
            return web.Response()
        call.streaming = True
        return self._sealed(request, answers.placeholder(call_id))

    async def _refresh(self, request: web.Request, stream_id: str) -> web.StreamResponse:
        """Answer the question how a stream goes on: WeCom asks until it is finished, at most 6 minutes."""
        self._envelopes.taken(request.query)
        call = self._calls.find(stream_id)
        offer = await call.offered(within=self._config.timing.refresh) if call else None
        if call and offer:
            return await self._write(request, call, offer)
        late = call is None or call.closed or self._has_waited(call)
        if call and late:
            call.release()
        text = answers.TOO_LATE if late else answers.WAITING
        return self._sealed(request, answers.placeholder(stream_id, text=text, finish=late))

    def _has_waited(self, call: Call) -> bool:
        return asyncio.get_running_loop().time() - call.born > self._config.timing.stream

    async def _write(self, request: web.Request, call: Call, offer: Offer) -> web.StreamResponse:
        """Write the answer and say whether it went out: it did when the last byte was handed over.

        One that found nobody goes another way: no delivery of this message may be given it any more.
        """
        listening = await listens(request)
        if offer.lost:
            return web.Response()
        response = self._sealed(request, offer.body(streaming=call.streaming))
        taken = False
        try:
            taken = listening and await written(request, response)
        finally:
            offer.settle(written=taken)
            if not taken:
                log.info("wecom.call_hung_up")
                call.release()
        return response

    def _sealed(self, request: web.Request, body: Body) -> web.Response:
        sealed = self._envelopes.seal(json.dumps(body, ensure_ascii=False), nonce=request.query["nonce"])
        return web.json_response(
            {
                "encrypt": sealed.encrypt,
                "msgsignature": sealed.signature,
                "timestamp": sealed.timestamp,
                "nonce": sealed.nonce,
            }
        )

    def _ear(self) -> Ear:
        return Ear(
            tenant=self._config.bot_id,
            bot_name=self._config.bot_name,
            node=self._node,
            connection="",
            now=self._clock.now(),
        )


def _encrypted_in(data: bytes) -> str:
    """Return the ciphertext in the body of a call; '' if there is none."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return ""
    encrypted = found.get("encrypt") if isinstance(found, dict) else ""
    return encrypted if isinstance(encrypted, str) else ""


def _refused(why: EnvelopeRefused) -> web.Response:
    log.warning("wecom.call_refused", reason=str(why))
    return web.Response(status=403)
