"""Custom robots of groups (/robot/send): signed, with keywords or addresses, 20 a minute, then shut out.

Source: "custom robot" pages of open.dingtalk.com; 130101, 460101 and 90030 as others met them in production.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.sandbox.dingtalk import names
from bot.sandbox.dingtalk.desk import Call, Desk, Door
from bot.sandbox.dingtalk.limits import MonthCount
from bot.sandbox.dingtalk.refusals import Refusal
from bot.sandbox.dingtalk.shapes import an_object, texts
from bot.sandbox.dingtalk.speech import Unreadable, webhook_saying
from bot.sandbox.dingtalk.webhook import FIELDS
from bot.sandbox.world import World

HOUR = 3_600_000
MOST_MENTIONS = 50


@dataclass(kw_only=True)
class Hook:
    """One custom robot of a group, with what its owner has set to protect it."""

    room: str
    secret: str = ""
    keywords: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    disabled: bool = False
    seen: set[str] = field(default_factory=set)  # msgUuid of what was taken


class Hooks:
    """All custom robots, by their token."""

    def __init__(self, desk: Desk, world: World) -> None:
        self.robots: dict[str, Hook] = {}
        self.url = ""  # http://host:port, set when the port is known
        self._desk, self._world = desk, world
        self._month = MonthCount(desk.clock)

    def add(self, room: str, *, token: str = "", **settings: Any) -> str:
        """Put a custom robot into a group; return its address with the token in it."""
        token = token or secrets.token_hex(32)
        self.robots[token] = Hook(room=room, **settings)
        return f"{self.url}/robot/send?access_token={token}"

    def doors(self) -> list[Door]:
        """Return the address."""
        path = "/robot/send"
        return [Door(name="hook", method="POST", path=path, handler=self._send, style="oapi", token=False)]

    async def _send(self, call: Call) -> dict[str, Any] | web.StreamResponse:
        token = call.request.query.get("access_token", "")
        hook = self.robots.get(token)
        if hook is None:
            raise Refusal(400101, "access_token不存在")
        if hook.disabled:
            raise Refusal(400102, "机器人已停用")
        self._desk.check_fields(call, FIELDS, need="msgtype")
        self._admit(call, hook)
        self._weigh(call, token)
        self._say(call, hook)
        return {"errcode": 0, "errmsg": "ok"}

    def _admit(self, call: Call, hook: Hook) -> None:
        """Check what protects the robot; each failure is 310000 with its own words."""
        if hook.addresses and call.request.remote not in hook.addresses:
            raise Refusal(310000, f"ip {call.request.remote} not in whitelist")
        if hook.secret:
            self._check_sign(call, hook.secret)
        if hook.keywords and not any(word in str(call.body) for word in hook.keywords):
            raise Refusal(310000, "keywords not in content")

    def _check_sign(self, call: Call, secret: str) -> None:
        timestamp, sign = (call.request.query.get(name, "") for name in ("timestamp", "sign"))
        now = names.milliseconds(self._desk.clock.now())
        if not timestamp.isdigit() or abs(now - int(timestamp)) > HOUR:
            raise Refusal(310000, "invalid timestamp")
        text = f"{timestamp}\n{secret}".encode()
        right = base64.b64encode(hmac.new(secret.encode(), text, hashlib.sha256).digest())
        if not hmac.compare_digest(sign.encode(), right):
            raise Refusal(310000, "sign not match")

    def _weigh(self, call: Call, token: str) -> None:
        limits, key = self._desk.limits, f"hook {token}"
        if call.size > limits.webhook_bytes:
            self._desk.violate("hook.bytes", call.door, str(call.size))
            raise Refusal(460101, f"message too long, exceed {limits.webhook_bytes} bytes")
        if self._desk.windows.full(key, limit=limits.hook_per_minute, seconds=60):
            self._desk.windows.block(key, seconds=limits.hook_penalty_seconds)
        if self._desk.windows.blocked(key):
            raise Refusal(410100, "发送速度太快而限流")
        if self._month.over(limits.hooks_per_month):
            raise Refusal(90030, "企业 webhook 调用量已达上限")

    def _say(self, call: Call, hook: Hook) -> None:
        """Show it once: a msgUuid that was taken before is taken as the same message."""
        name = str(call.body.get("msgUuid") or "")
        if name and name in hook.seen:
            return
        named = texts(an_object(call.body.get("at")).get("atUserIds"))
        if len(named) > MOST_MENTIONS:
            self._desk.violate("at.too_many", call.door, str(len(named)))
        try:
            saying = webhook_saying(self._world, call.body)
        except Unreadable as error:
            self._desk.violate("hook.content", call.door, str(error))
            raise Refusal(400105, "不支持的消息类型") from error
        hook.seen.add(name)
        self._world.bot_post(hook.room, saying.kind, saying.body, mentions=saying.mentions)
