"""The counter of the pretend qyapi: every request passes faults, token, trusted IP and the record here."""

import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.sandbox.clock import Alarms
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.faulty import BEFORE, cut, page, wait
from bot.sandbox.recorder import Recorder
from bot.sandbox.wecom.app import refusals
from bot.sandbox.wecom.app.limits import AppLimits
from bot.sandbox.wecom.app.refusals import ApiRefusal
from domain.clock import Clock

Body = dict[str, Any]


@dataclass(kw_only=True)
class Ask:
    """One request: its door, the JSON body ({} for anything else), the raw request."""

    door: str
    request: web.Request
    body: Body = field(default_factory=dict)


Handler = Callable[[Ask], Awaitable[Body | web.StreamResponse]]


@dataclass(frozen=True, kw_only=True)
class Door:
    """One address under `/cgi-bin/`; `token`: wants an access token, `json`: wants a JSON object."""

    name: str
    method: str
    path: str
    handler: Handler
    token: bool = True
    json: bool = True


class Counter:
    """Serves doors; `trusted` off: our IP is not in 企业可信IP (tokens are given all the same)."""

    def __init__(
        self, *, clock: Clock, limits: AppLimits, faults: Faults, recorder: Recorder, alarms: Alarms
    ) -> None:
        self.clock, self.limits, self.recorder, self.alarms = clock, limits, recorder, alarms
        self.faults = faults
        self.trusted = True
        self._token = ""
        self._until: datetime | None = None
        self._shut: dict[str, datetime] = {}

    def violate(self, rule: str, door: str, detail: str = "") -> None:
        """Write a broken rule down."""
        self.recorder.violate(rule, f"wecom.{door}", detail)

    def check_fields(self, ask: Ask, allowed: Mapping[str, Any], *, need: str = "") -> None:
        """Write down fields that are unknown, missing (`need`: names) or of a wrong type."""
        for name, value in ask.body.items():
            if name not in allowed:
                self.violate("field.unknown", ask.door, name)
            elif not isinstance(value, allowed[name]):
                self.violate("field.type", ask.door, f"{name}={value!r}")
        for name in need.split():
            if name not in ask.body:
                self.violate("field.missing", ask.door, name)

    # tokens

    def issue(self) -> Body:
        """Give the token: the same one while it is good."""
        now = self.clock.now()
        if self._until is None or now >= self._until:
            self._token = secrets.token_urlsafe(48)
            self._until = now + timedelta(seconds=self.limits.token_seconds)
        left = int((self._until - now).total_seconds())
        return {"errcode": 0, "errmsg": "ok", "access_token": self._token, "expires_in": left}

    def revoke(self) -> None:
        """Forget the token early, as WeCom may."""
        self._until = None

    def _check_token(self, door: str, token: str) -> None:
        if not token:
            self.violate("token.missing", door)
            raise ApiRefusal(refusals.NO_TOKEN, "access_token missing")
        if not secrets.compare_digest(token.encode(), self._token.encode()):
            raise ApiRefusal(refusals.BAD_TOKEN, "invalid access_token")
        if self._until is None or self.clock.now() >= self._until:
            raise ApiRefusal(refusals.OLD_TOKEN, "access_token expired")

    # the wire

    def route(self, door: Door) -> web.RouteDef:
        """Return the aiohttp route of a door."""
        name = f"wecom.{door.name}"

        async def serve(request: web.Request) -> web.StreamResponse:
            answer = await self._answer(door, Ask(door=door.name, request=request))
            text = answer.text if isinstance(answer, web.Response) and not _is_bytes(answer) else None
            self.recorder.record("out", name, text, status=answer.status)
            if self.faults.take(name, "lost"):
                cut(request)
            return answer

        return web.route(door.method, f"/cgi-bin/{door.path}", serve)

    async def _answer(self, door: Door, ask: Ask) -> web.StreamResponse:
        try:
            await self._read(door, ask)
            fault = self.faults.take(f"wecom.{door.name}", *BEFORE)
            if fault and (early := await self._strike(fault, door, ask.request)):
                return early
            self._admit(door, ask)
            answer = await door.handler(ask)
        except ApiRefusal as refusal:
            if refusal.rule:
                self.violate(refusal.rule, door.name, refusal.message)
            return refusal.answer()
        return web.json_response(answer) if isinstance(answer, dict) else answer

    async def _read(self, door: Door, ask: Ask) -> None:
        seen = {name: "***" if name in _SECRET else value for name, value in ask.request.query.items()}
        if not door.json:
            self.recorder.record("in", f"wecom.{door.name}", seen)
            return
        raw = await ask.request.read()
        try:
            body = json.loads(raw)
        except ValueError:
            body = None
        self.recorder.record("in", f"wecom.{door.name}", body)
        if not isinstance(body, dict):
            raise ApiRefusal(47001, "data format error", rule="body.json")
        ask.body = body

    def _admit(self, door: Door, ask: Ask) -> None:
        if door.token:
            self._check_token(door.name, ask.request.query.get("access_token", ""))
        if door.token and not self.trusted:
            raise ApiRefusal(refusals.NOT_TRUSTED, untrusted(ask.request))
        if (until := self._shut.get(door.name)) and self.clock.now() < until:
            raise ApiRefusal(refusals.TOO_OFTEN, "api freq out of limit")

    async def _strike(self, fault: Fault, door: Door, request: web.Request) -> web.StreamResponse | None:
        match fault.kind:
            case "slow" | "hang":
                await wait(fault, self.alarms)
                return None if fault.kind == "slow" else cut(request)
            case "reset":
                return cut(request)
            case "html":
                return page(fault)
            case "status":
                return web.Response(status=fault.status, text=fault.text)
            case "errcode":
                raise ApiRefusal(int(fault.code), fault.text or "error")
            case "token":
                self.revoke()
                raise ApiRefusal(refusals.OLD_TOKEN, "access_token expired")
            case "throttle":
                self._shut[door.name] = self.clock.now() + timedelta(seconds=fault.seconds)
                raise ApiRefusal(refusals.TOO_OFTEN, "api freq out of limit")
            case _:
                raise ApiRefusal(refusals.BAD_SECRET, "invalid credential")


_SECRET = ("access_token", "corpsecret", "key")


def untrusted(request: web.Request) -> str:
    """Return the words of 60020, with the IP that WeCom saw."""
    hint = "1764000000000000000000000"
    return (
        f"not allow to access from your ip, hint: [{hint}], from ip: {request.remote}, "
        "more info at https://open.work.weixin.qq.com/devtool/query?e=60020"
    )


def _is_bytes(answer: web.Response) -> bool:
    return answer.content_type == "application/octet-stream"
