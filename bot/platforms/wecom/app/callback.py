"""The app's callback URL: checked, written down, only then acknowledged, with an answer if there is one."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

import structlog
from aiohttp import web

from bot.platforms.base import Hear, Incoming
from bot.platforms.owed import taken
from bot.platforms.wecom.app import hearing, passive
from bot.platforms.wecom.app.calls import Calls
from bot.platforms.wecom.app.config import AppConfig
from bot.platforms.wecom.app.hearing import AppEar
from bot.platforms.wecom.app.reading import Fields, encrypted_in, read, text_of
from bot.platforms.wecom.crypto import EnvelopeRefused, Envelopes
from bot.platforms.wecom.doors import APP_PATH
from domain.clock import Clock

log = structlog.get_logger(__name__)

MOST_BYTES: Final = 64 * 1024
"""A message has at most some 2 KB of text; a directory change some 10 KB."""


class Callback:
    """Answers WeCom's GET (verification of the URL) and POST (messages and events)."""

    def __init__(self, config: AppConfig, *, calls: Calls, hear: Hear, clock: Clock, node: str) -> None:
        self._config = config
        self._calls = calls
        self._hear = hear
        self._clock = clock
        self._node = node
        self._envelopes = Envelopes(
            token=config.token.get_secret_value(),
            aes_key=config.aes_key.get_secret_value(),
            receive_id=config.corp_id,
            clock=clock,
        )
        self.warning = ""
        self.heard_at: datetime | None = None

    def routes(self) -> list[web.RouteDef]:
        """Return the one URL, both ways."""
        return [web.get(APP_PATH, self._verify, allow_head=False), web.post(APP_PATH, self._take)]

    async def _verify(self, request: web.Request) -> web.Response:
        """Give back the decrypted `echostr`, plain and nothing else, within a second (page 90238)."""
        try:
            plain = self._envelopes.open(request.query, request.query.get("echostr", ""))
        except EnvelopeRefused as why:
            return _refused(why)
        return web.Response(body=plain, content_type="text/plain")

    async def _take(self, request: web.Request) -> web.StreamResponse:
        arrived = asyncio.get_running_loop().time()
        body = await request.read()
        if len(body) > MOST_BYTES:
            log.warning("wecom.app_callback_too_long", size=len(body))
            return web.Response(status=413)
        try:
            plain = self._envelopes.open(request.query, encrypted_in(body))
        except EnvelopeRefused as why:
            return _refused(why)
        fields = read(plain)
        incoming = self._understood(fields) if fields else None
        if incoming is None:
            log.info("wecom.app_callback_ignored", event_type=text_of(fields or {}, "Event"))
            return web.Response()
        if kept := self._calls.kept(incoming.message_id):
            return self._sealed(request, kept)
        return await self._journal(request, incoming, until=arrived + self._config.timing.passive)

    def _understood(self, fields: Fields) -> Incoming | None:
        self._look_out(text_of(fields, "Event").lower())
        timing = self._config.timing
        ear = AppEar(
            tenant=self._config.corp_id,
            node=self._node,
            now=self._clock.now(),
            passive=timedelta(seconds=timing.passive),
            card=timedelta(seconds=timing.card),
        )
        self.heard_at = ear.now
        return hearing.hear(fields, ear=ear)

    def _look_out(self, event: str) -> None:
        """WeCom suspends apps that are used too little: that is said loudly, here and in /healthz."""
        if event in hearing.ALARMS:
            self.warning = f"企业微信警告：应用太久没人用，可能被停用（{event}）"
            log.critical("wecom.app_may_be_suspended", event_type=event)
        elif event in hearing.RELIEF:
            self.warning = ""
            log.warning("wecom.app_restored", event_type=event)

    async def _journal(self, request: web.Request, incoming: Incoming, *, until: float) -> web.StreamResponse:
        """Write down, then wait for what is said at once; what is not written down is asked for again."""
        call, said = self._calls.expect(incoming.message_id), ""
        try:
            new = await self._written(incoming)
            if new is None:
                return web.Response(status=500)
            self._envelopes.taken(request.query)
            if not new or incoming.slot is None:
                call.release()
            answer = await call.wait(until - asyncio.get_running_loop().time())
            response = self._sealed(request, answer)
            if await taken(request, response):
                said = answer
            else:
                log.info("wecom.app_call_hung_up", message_id=incoming.message_id)
        finally:
            self._calls.settle(incoming.message_id, call, answer=said)
        return response

    async def _written(self, incoming: Incoming) -> bool | None:
        """Return whether it is new; None if the journal is shut."""
        try:
            return await self._hear(incoming)
        except Exception as error:  # noqa: BLE001 (whatever keeps the journal shut: WeCom is to call again)
            log.warning("wecom.journal_failed", message_id=incoming.message_id, error=type(error).__name__)
            return None

    def _sealed(self, request: web.Request, answer: str) -> web.Response:
        """Return the encrypted answer, or an empty body where nothing is said on the call."""
        if not answer:
            return web.Response()
        sealed = self._envelopes.seal(answer, nonce=request.query.get("nonce", ""))
        return web.Response(text=passive.envelope(sealed), content_type="application/xml")


def _refused(why: EnvelopeRefused) -> web.Response:
    log.warning("wecom.app_callback_refused", reason=str(why))
    return web.Response(status=403)
