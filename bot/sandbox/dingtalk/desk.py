"""The front desk: every HTTP door passes its faults, tokens, rates and the record here."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.sandbox.clock import Alarms
from bot.sandbox.dingtalk import refusals
from bot.sandbox.dingtalk.limits import Limits, MonthCount, Windows
from bot.sandbox.dingtalk.refusals import Refusal, Style
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.faulty import BEFORE, cut, page, wait
from bot.sandbox.recorder import Recorder
from domain.clock import Clock

FREE = frozenset(  # not counted as paid API calls: tokens, sessions, the directory
    {"open", "token", "gettoken", "webhook", "file", "connect"}
    | {"scopes", "departments", "department", "members", "member_ids", "member"}
)


@dataclass(kw_only=True)
class Call:
    """One request: the door's name, the JSON body and its size in bytes, the raw request."""

    door: str
    request: web.Request
    body: dict[str, Any] = field(default_factory=dict)
    size: int = 0


Handler = Callable[[Call], Awaitable[dict[str, Any] | web.StreamResponse]]


@dataclass(frozen=True, kw_only=True)
class Door:
    """One address: how it refuses, whether it wants an access token, whether it wants JSON."""

    name: str
    method: str
    path: str
    handler: Handler
    style: Style = "api"
    token: bool = True
    json: bool = True


class Desk:
    """Takes requests in: fault? readable? token? too fast? then the door's own handler."""

    def __init__(self, *, clock: Clock, limits: Limits, faults: Faults, recorder: Recorder) -> None:
        self.clock, self.limits, self.faults, self.recorder = clock, limits, faults, recorder
        self.windows = Windows(clock)
        self.alarms = Alarms(clock)
        self.month = MonthCount(clock)
        self.token_is_good: Callable[[str], bool] = lambda _token: False
        self.lacking: dict[str, str] = {}  # door name -> the permission that the application was not given
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, job: Coroutine[Any, Any, None]) -> None:
        """Do something beside; it is kept until it is done."""
        task = asyncio.create_task(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def violate(self, rule: str, door: str, detail: str = "") -> None:
        """Write a broken rule down."""
        self.recorder.violate(rule, f"dingtalk.{door}", detail)

    def check_fields(
        self, call: Call, allowed: dict[str, type | tuple[type, ...]], *, need: str = ""
    ) -> None:
        """Write down fields of the body that are unknown, missing (`need`: names) or of a wrong type."""
        self.check_object(call.door, call.body, allowed, need=need)

    def check_object(
        self, door: str, body: dict[str, Any], allowed: dict[str, type | tuple[type, ...]], *, need: str = ""
    ) -> None:
        """Do the same for an object within a body."""
        for name, value in body.items():
            if name not in allowed:
                self.violate("field.unknown", door, name)
            elif not isinstance(value, allowed[name]):
                self.violate("field.type", door, f"{name}={value!r}")
        for name in need.split():
            if name not in body:
                self.violate("field.missing", door, name)

    def route(self, door: Door) -> web.RouteDef:
        """Return the aiohttp route of a door."""

        async def serve(request: web.Request) -> web.StreamResponse:
            answer = await self._answer(door, Call(door=door.name, request=request))
            self.recorder.record("out", f"dingtalk.{door.name}", _shown(answer), status=answer.status)
            if self.faults.take(f"dingtalk.{door.name}", "lost"):
                cut(request)
            return answer

        return web.route(door.method, door.path, serve)

    async def _answer(self, door: Door, call: Call) -> web.StreamResponse:
        try:
            await self._read(door, call)
            early = await self._strike(door, call.request)
            if early is not None:
                return early
            self._admit(door, call)
            answer = await door.handler(call)
        except Refusal as refusal:
            return refusal.answer(door.style)
        return web.json_response(answer) if isinstance(answer, dict) else answer

    async def _read(self, door: Door, call: Call) -> None:
        if not door.json:
            self.recorder.record("in", f"dingtalk.{door.name}", dict(call.request.query))
            return
        raw = await call.request.read()
        call.size = len(raw)
        body = _object(raw)
        self.recorder.record(
            "in", f"dingtalk.{door.name}", raw.decode(errors="replace") if body is None else body
        )
        if call.request.content_type != "application/json":
            self.violate("content_type", door.name, call.request.content_type)
            raise refusals.bad_content_type(door.style)
        if body is None:
            self.violate("body_json", door.name)
            raise refusals.bad_json(door.style)
        call.body = body

    def _admit(self, door: Door, call: Call) -> None:
        if door.token and not self.token_is_good(token := _token(door, call.request)):
            if not token:
                self.violate("token.missing", door.name)
            raise refusals.bad_token(door.style, status=self.limits.bad_token_status)
        if door.name in self.lacking:
            raise refusals.no_permission(door.style, self.lacking[door.name])
        blocked = self.windows.blocked(door.name)
        if blocked or self.windows.full(f"qps {door.name}", limit=self.limits.qps, seconds=1.0):
            raise refusals.too_fast(door.style)
        if door.name not in FREE and self.month.over(self.limits.calls_per_month):
            raise refusals.over_quota(door.style)

    async def _strike(self, door: Door, request: web.Request) -> web.StreamResponse | None:
        fault = self.faults.take(f"dingtalk.{door.name}", *BEFORE)
        if fault is None:
            return None
        if fault.kind in ("slow", "hang"):
            await wait(fault, self.alarms)
        if fault.kind in ("hang", "reset"):
            cut(request)
        if fault.kind == "throttle":
            self.windows.block(door.name, seconds=fault.seconds)
        self._refuse(fault, door)
        return _faulty(fault)

    def _refuse(self, fault: Fault, door: Door) -> None:
        if fault.kind == "token":
            raise refusals.bad_token(door.style, status=self.limits.bad_token_status)
        if fault.kind == "throttle":
            raise refusals.too_fast(door.style)
        if fault.kind == "refuse":
            raise refusals.wrong_credentials(door.name)


def _faulty(fault: Fault) -> web.Response | None:
    if fault.kind == "html":
        return page(fault)
    if fault.kind == "errcode":
        return web.json_response({"errcode": fault.code, "errmsg": fault.text or "error"})
    if fault.kind == "status" and fault.text:
        return web.Response(status=fault.status, text=fault.text, content_type="application/json")
    if fault.kind == "status":
        return Refusal(fault.code or "systemError", "系统错误", status=fault.status).answer("api")
    return web.Response(status=503) if fault.kind in ("hang", "reset") else None


def _object(raw: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(raw)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _shown(answer: web.StreamResponse) -> str | None:
    if isinstance(answer, web.Response) and answer.content_type != "application/octet-stream":
        return answer.text
    return None


def _token(door: Door, request: web.Request) -> str:
    if door.style == "oapi":
        return request.query.get("access_token", "")
    return request.headers.get("x-acs-dingtalk-access-token", "")
