"""The AI bot in callback mode: WeCom calls a URL, reads the answer, and asks on until a stream is finished.

Source: pages 101033, 101031, 101138. Doors of the recorder and of faults: `wecom.verify`, `wecom.push.msg`,
`wecom.push.event`, `wecom.push.stream`, `wecom.response_url`.
"""

import asyncio
import json
import secrets
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import aiohttp
from aiohttp import web

from bot.sandbox.clock import Alarms
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.recorder import Recorder
from bot.sandbox.wecom.desk import Desk
from bot.sandbox.wecom.envelopes import BadEnvelope
from bot.sandbox.wecom.ledger import Callback, Ledger
from bot.sandbox.wecom.limits import Limits
from bot.sandbox.wecom.pushing import Push
from bot.sandbox.wecom.refusals import Code, Refusal
from bot.sandbox.wecom.target import Target
from bot.sandbox.wecom.troubles import http_trouble
from domain.clock import Clock

NO_LINE: Final = 0  # the ledger's number for what came by a URL
OK: Final = 200
RESPONSE_PATH: Final = "/cgi-bin/aibot/response"
WHENCE: Final = ("aibotid", "chatid", "chattype", "from")
Body = dict[str, Any]


@dataclass(kw_only=True)
class ResponseUrl:
    """A way to say one thing within an hour."""

    callback: Callback
    until: datetime
    used: bool = False


class Callbacks:
    """Calls `target` (None: the bot is on its long connection) instead of pushing on a line.

    `answered` is called with the id of a post whose call was answered with 200.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        ledger: Ledger,
        clock: Clock,
        faults: Faults,
        recorder: Recorder,
        alarms: Alarms,
        limits: Limits,
    ) -> None:
        self.target: Target | None = None
        self.undelivered: list[str] = []
        self.answered: Callable[[str], object] = lambda _post: None
        self._desk = desk
        self._ledger = ledger
        self._clock = clock
        self._faults = faults
        self._recorder = recorder
        self._alarms = alarms
        self._limits = limits
        self._urls: dict[str, ResponseUrl] = {}
        self._waiting: defaultdict[str, deque[Push]] = defaultdict(deque)
        self._held: list[Push] = []
        self._calls: set[asyncio.Task[object]] = set()
        self._session: aiohttp.ClientSession | None = None
        self.base = ""

    async def verify(self, target: Target) -> bool:
        """Call with an echostr; whether it came back plain, within a second, and nothing else did."""
        secret = str(secrets.randbelow(10**19))
        encrypted = target.encrypt(secret)
        query = target.query(encrypted, at=self._now()) | {"echostr": encrypted}
        self._recorder.record("out", "wecom.verify", query)
        try:
            status, answer = await self._request("GET", target.url, query, None, seconds=self._limits.verify)
        except (aiohttp.ClientError, TimeoutError):
            status, answer = 0, b""
        well = status == OK and answer == secret.encode()
        self._recorder.record("in", "wecom.verify", answer.decode(errors="replace")[:200], status=status)
        return well

    def push(self, push: Push) -> None:
        """Call now, or when the user's earlier interactions are over."""
        if not push.event and self._ledger.in_flight(push.user_id) >= self._limits.in_flight:
            self._waiting[push.user_id].append(push)
        else:
            self._begin(push)

    async def close(self) -> None:
        """Hang up."""
        for task in self._calls:
            task.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def response(self, request: web.Request) -> web.StreamResponse:
        """POST to a response_url: one message, once, within an hour; a card in single chats only."""
        fault = self._faults.take("wecom.response_url")
        if fault and fault.kind == "errcode":
            return web.json_response({"errcode": int(fault.code or Code.BUSY), "errmsg": fault.text})
        if (
            fault
            and fault.kind != "lost"
            and (trouble := await http_trouble(request, fault, alarms=self._alarms))
        ):
            return trouble
        code, text = 0, "ok"
        try:
            body = await request.json()
            self._recorder.record("in", "wecom.response_url", body)
            self._respond(request.query.get("response_code", ""), body)
        except Refusal as refusal:
            code, text = refusal.code, refusal.message
            self._recorder.violate(refusal.rule, "wecom.response_url", refusal.message)
        if fault and (trouble := await http_trouble(request, fault, alarms=self._alarms)):
            return trouble
        return web.json_response({"errcode": code, "errmsg": text})

    def _respond(self, code: str, body: Body) -> None:
        known = self._urls.get(code)
        if known is None or known.used or self._clock.now() > known.until:
            rule = "unknown" if known is None else "used" if known.used else "expired"
            raise Refusal(Code.BAD_PARAMETER, "invalid response_code", rule=f"response_url.{rule}")
        allowed = ("markdown", "template_card") if known.callback.room.kind == "direct" else ("markdown",)
        known.used = True
        self._desk.respond_once(known.callback, body, allowed)

    def _begin(self, push: Push) -> None:
        fault = self._faults.take(push.door)
        push.callback = self._ledger.issue(
            line=NO_LINE, room=push.room, user_id=push.user_id, event=push.event or ""
        )
        match fault.kind if fault else "":
            case "reorder":
                self._held.append(push)
                return
            case "drop":
                self.undelivered.append(push.subject)
                self._over(push.callback)
                return
        delay = fault.seconds if fault and fault.kind == "late" else 0.0
        self._spawn(self._deliver(push, push.callback, fault, after=delay))
        held, self._held = self._held, []
        for one in held:
            if one.callback:
                self._spawn(self._deliver(one, one.callback, None))

    async def _deliver(
        self, push: Push, callback: Callback, fault: Fault | None, *, after: float = 0.0
    ) -> None:
        if after:
            await self._alarms.sleep(after)
        callback.subject = push.subject
        body = push.body = push.build() | self._response_url(callback)
        kind = fault.kind if fault else ""
        if kind == "duplicate":
            self._again(push, body, after=0.0)
        try:
            answer = await self._answered(push, body, lost=kind in ("deaf", "lost"))
            if fault and kind in ("redeliver", "redeliver_new"):
                self._again(push, body, after=fault.seconds)
            if answer is not None:
                await self._shown(callback, body, answer)
        finally:
            self._over(callback)

    def _again(self, push: Push, body: Body, *, after: float) -> None:
        """Call once more with the same msgid, so long from now; its answer is not shown a second time."""
        self._alarms.after(after, lambda: self._spawn(self._call(push.door, body)))

    async def _answered(self, push: Push, body: Body, *, lost: bool) -> Body | None:
        """Call until the bot answers with 200; return what it says, if anything."""
        for attempt in range(1 if push.event == "template_card_event" else self._limits.attempts):
            answered, answer = await self._call(push.door, body)
            if answered and not (lost and attempt == 0):
                self.answered(push.subject)
                return answer
        self.undelivered.append(push.subject)
        return None

    async def _shown(self, callback: Callback, body: Body, answer: Body) -> None:
        """Show what the bot says, and ask on while its stream is open."""
        stream_id = self._show(callback, answer)
        until = self._clock.now() + self._limits.stream_window
        while stream_id and self._clock.now() < until:
            await self._alarms.sleep(self._limits.poll)
            question = {key: value for key, value in body.items() if key in WHENCE}
            question |= {"msgid": secrets.token_hex(12), "msgtype": "stream", "stream": {"id": stream_id}}
            answered, more = await self._call("wecom.push.stream", question)
            if answered and more is not None:
                stream_id = self._show(callback, more, streaming=True)

    def _show(self, callback: Callback, answer: Body, *, streaming: bool = False) -> str:
        """Show what the bot answered; returns the id of a stream that is not finished."""
        try:
            return self._desk.answer_call(callback, answer, streaming=streaming)
        except Refusal as refusal:
            self._recorder.violate(refusal.rule or "answer", "wecom.answer", refusal.message)
            return ""

    async def _call(self, door: str, body: Body) -> tuple[bool, Body | None]:
        """POST one envelope; whether it was answered with 200 within 5 s, and with what."""
        if self.target is None:
            return False, None
        target, encrypted = self.target, self.target.encrypt(json.dumps(body, ensure_ascii=False))
        query = target.query(encrypted, at=self._now())
        self._recorder.record("out", door, body)
        try:
            status, answer = await self._request(
                "POST", target.url, query, {"encrypt": encrypted}, seconds=self._limits.answer
            )
        except (aiohttp.ClientError, TimeoutError):
            return False, None
        return self._read(door, status, answer, nonce=query["nonce"])

    def _read(self, door: str, status: int, answer: bytes, *, nonce: str) -> tuple[bool, Body | None]:
        if status != OK or self.target is None:
            self._recorder.record("in", door, None, status=status)
            return False, None
        try:
            content = self.target.open(answer, nonce=nonce)
        except BadEnvelope as bad:
            self._recorder.violate("envelope", door, str(bad))
            return False, None
        self._recorder.record("in", door, content, status=status)
        return True, content

    async def _request(
        self, method: str, url: str, query: dict[str, str], body: Body | None, *, seconds: float
    ) -> tuple[int, bytes]:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        limit = aiohttp.ClientTimeout(total=seconds)
        async with self._session.request(method, url, params=query, json=body, timeout=limit) as response:
            return response.status, await response.read()

    def _response_url(self, callback: Callback) -> Body:
        """Return the field; enter_chat and feedback have none."""
        if callback.event not in ("", "template_card_event"):
            return {}
        code = secrets.token_urlsafe(24)
        self._urls[code] = ResponseUrl(
            callback=callback, until=self._clock.now() + self._limits.response_url_life
        )
        return {"response_url": f"{self.base}{RESPONSE_PATH}?response_code={code}"}

    def _over(self, callback: Callback) -> None:
        """The interaction is over; what waited for it may come."""
        self._ledger.finish(callback)
        queue = self._waiting[callback.user_id]
        while queue and self._ledger.in_flight(callback.user_id) < self._limits.in_flight:
            self._begin(queue.popleft())

    def _spawn(self, calling: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(calling, name="wecom call")
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    def _now(self) -> int:
        return int(self._clock.now().timestamp())
