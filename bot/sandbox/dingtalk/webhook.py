"""sendBySession: answers into the chat that a message came from, for 90 minutes, with real mentions."""

from typing import Any

from aiohttp import web

from bot.sandbox.dingtalk.desk import Call, Desk, Door
from bot.sandbox.dingtalk.names import Seals
from bot.sandbox.dingtalk.refusals import Refusal
from bot.sandbox.dingtalk.shapes import a_list
from bot.sandbox.dingtalk.speech import Unreadable, webhook_saying
from bot.sandbox.world import World

FIELDS: dict[str, type | tuple[type, ...]] = {
    "msgtype": str, "text": dict, "markdown": dict, "link": dict, "actionCard": dict, "feedCard": dict,
    "empty": dict, "at": dict, "msgUuid": str,
}  # fmt: skip
AT_FIELDS: dict[str, type | tuple[type, ...]] = {"atUserIds": list, "atMobiles": list, "isAtAll": bool}


class Webhook:
    """The door behind every message's sessionWebhook."""

    def __init__(self, desk: Desk, world: World, *, seals: Seals) -> None:
        self._desk, self._world, self._seals = desk, world, seals

    def doors(self) -> list[Door]:
        """Return the address."""
        path = "/robot/sendBySession"
        return [Door(name="webhook", method="POST", path=path, handler=self._send, style="oapi", token=False)]

    async def _send(self, call: Call) -> dict[str, Any] | web.StreamResponse:
        session = self._seals.unseal("session", call.request.query.get("session", ""))
        if session is None or session["room"] not in self._world.rooms:
            raise Refusal(300001, "session 不存在")
        self._weigh(call, str(session["room"]))
        self._check(call)
        if call.body.get("msgtype") == "empty":
            return {"errcode": 0, "errmsg": "ok"}
        try:
            saying = webhook_saying(self._world, call.body)
        except Unreadable as error:
            self._desk.violate("webhook.content", call.door, str(error))
            raise Refusal(400105, "不支持的消息类型") from error
        self._world.bot_post(session["room"], saying.kind, saying.body, mentions=saying.mentions)
        return {"errcode": 0, "errmsg": "ok"}

    def _weigh(self, call: Call, room: str) -> None:
        limits, key = self._desk.limits, f"webhook {room}"
        if call.size > limits.webhook_bytes:
            self._desk.violate("webhook.bytes", call.door, str(call.size))
            raise Refusal(460101, f"message too long, exceed {limits.webhook_bytes} bytes")
        full = self._desk.windows.full(key, limit=limits.webhook_per_minute, seconds=60)
        if full and limits.webhook_penalty_seconds:
            self._desk.windows.block(key, seconds=limits.webhook_penalty_seconds)
        if full or self._desk.windows.blocked(key):
            raise Refusal(130101, "send too fast, exceed 20 times per minute")

    def _check(self, call: Call) -> None:
        """Note what a careful sender would not do, though DingTalk takes it."""
        self._desk.check_fields(call, FIELDS, need="msgtype")
        at = call.body.get("at")
        if not isinstance(at, dict):
            return
        self._desk.check_object(call.door, at, AT_FIELDS)
        part = call.body.get(str(call.body.get("msgtype")))
        text = str(part.get("content") or part.get("text")) if isinstance(part, dict) else ""
        for user_id in a_list(at.get("atUserIds")):
            if not isinstance(user_id, str):
                self._desk.violate("at.type", call.door, repr(user_id))
            elif f"@{user_id}" not in text:
                self._desk.violate("at.not_in_text", call.door, user_id)
