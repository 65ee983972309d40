"""Group webhooks: `webhook/send` and `webhook/upload_media` (page 99110)."""

import base64
import binascii
import hashlib
import secrets
from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.sandbox.town import PostKind, Resident, Room
from bot.sandbox.wecom.app import refusals
from bot.sandbox.wecom.app.counter import Ask, Counter, Door
from bot.sandbox.wecom.app.limits import HOOK_IMAGE_BYTES, HOOK_MARKDOWN_BYTES, TEXT_BYTES
from bot.sandbox.wecom.app.media import Media
from bot.sandbox.wecom.app.refusals import ApiRefusal
from bot.sandbox.wecom.limits import Window
from bot.sandbox.wecom.media import file_type
from bot.sandbox.wecom.rendering import media_body
from bot.sandbox.world import World

FIELDS: dict[str, Any] = {
    "msgtype": str, "text": dict, "markdown": dict, "markdown_v2": dict, "image": dict, "news": dict,
    "file": dict, "voice": dict, "template_card": dict,
}  # fmt: skip
MOST = {"text": TEXT_BYTES, "markdown": HOOK_MARKDOWN_BYTES, "markdown_v2": HOOK_MARKDOWN_BYTES}
UPLOADS = ("file", "voice")

Saying = tuple[PostKind, dict[str, Any], tuple[str, ...]]


class Hooks:
    """A key for each group that has a robot."""

    def __init__(self, counter: Counter, world: World, *, media: Media) -> None:
        self.keys: dict[str, str] = {}  # key: room id
        self._counter, self._world, self._media = counter, world, media
        self._window = Window(most=counter.limits.hook_per_minute, span=timedelta(minutes=1))

    def add(self, room_id: str, *, key: str = "") -> str:
        """Put a robot into a group; return its key, a new one unless it is given."""
        for known, room in self.keys.items():
            if room == room_id:
                return known
        made = key or secrets.token_hex(16)
        self.keys[made] = room_id
        return made

    def doors(self) -> list[Door]:
        """Return the addresses."""
        upload = "webhook/upload_media"
        return [
            Door(name="hook.send", method="POST", path="webhook/send", handler=self._send, token=False),
            Door(
                name="hook.upload", method="POST", path=upload, handler=self._upload, token=False, json=False
            ),
        ]

    async def _send(self, ask: Ask) -> dict[str, Any] | web.StreamResponse:
        key, room = self._room(ask)
        self._counter.check_fields(ask, FIELDS, need="msgtype")
        now = self._counter.clock.now()
        if self._window.full(key, now=now):
            raise ApiRefusal(refusals.TOO_OFTEN, "api freq out of limit", rule="hook.rate")
        kind, body, mentions = self._saying(ask, room, key=key)
        self._window.hit(key, now=now)
        self._world.bot_post(room.id, kind, body, mentions=mentions)
        return {"errcode": 0, "errmsg": "ok"}

    async def _upload(self, ask: Ask) -> dict[str, Any] | web.StreamResponse:
        key, _ = self._room(ask)
        if ask.request.query.get("type") not in UPLOADS:
            raise ApiRefusal(refusals.BAD_FILE_TYPE, "type is file or voice", rule="hook.upload_type")
        return await self._media.take(ask, owner=key)

    def _room(self, ask: Ask) -> tuple[str, Room]:
        key = ask.request.query.get("key", "")
        room = self._world.rooms.get(self.keys.get(key, ""))
        if room is None:
            raise ApiRefusal(refusals.BAD_HOOK, "invalid webhook url")
        return key, room

    def _saying(self, ask: Ask, room: Room, *, key: str) -> Saying:
        kind = str(ask.body.get("msgtype"))
        part = ask.body.get(kind)
        if not isinstance(part, dict):
            raise ApiRefusal(refusals.BAD_TYPE, f"invalid message type {kind}", rule="hook.msgtype")
        if kind in MOST:
            return self._words(kind, part, room)
        if kind == "image":
            return "image", {"media": self._world.keep(_picture(part))}, ()
        if kind in UPLOADS:
            return (
                *media_body(self._world, self._media.find(part.get("media_id"), owner=key, kind=kind)),
                (),
            )
        raise ApiRefusal(refusals.BAD_TYPE, f"invalid message type {kind}", rule="hook.msgtype")

    def _words(self, kind: str, part: dict[str, Any], room: Room) -> Saying:
        content = part.get("content")
        if not isinstance(content, str) or not content:
            raise ApiRefusal(refusals.EMPTY, "content is empty", rule="content.empty")
        if len(content.encode()) > MOST[kind]:
            raise ApiRefusal(refusals.TOO_LONG, "content exceed max length", rule="content.too_long")
        rung = self._rung(kind, part, content, room)
        shown = content
        for person in rung:
            shown = shown.replace(f"<@{person.wecom_user_id}>", f"@{person.name}")
        mentions = tuple(person.id for person in rung)
        if kind == "text":
            names = "".join(f" @{person.name}" for person in rung)
            return "text", {"text": shown + names, "images": []}, mentions
        return "markdown", {"title": "", "text": shown}, mentions

    def _rung(self, kind: str, part: dict[str, Any], content: str, room: Room) -> list[Resident]:
        """Return the members who are really mentioned: a list beside a text, tags within Markdown."""
        people = [self._world.residents[member] for member in room.members]
        if kind == "text":
            named = part.get("mentioned_list", [])
            if not isinstance(named, list):
                raise ApiRefusal(refusals.BAD_PARAMETER, "mentioned_list", rule="hook.mentioned_list")
            wanted = {str(name).lower() for name in named}
            return [person for person in people if "@all" in wanted or person.wecom_user_id.lower() in wanted]
        if kind == "markdown":
            return [person for person in people if f"<@{person.wecom_user_id}>".lower() in content.lower()]
        return []


def _picture(part: dict[str, Any]) -> bytes:
    try:
        data = base64.b64decode(str(part.get("base64")), validate=True)
    except (binascii.Error, ValueError):
        raise ApiRefusal(refusals.BAD_PARAMETER, "invalid base64", rule="hook.base64") from None
    if hashlib.md5(data, usedforsecurity=False).hexdigest() != part.get("md5"):
        raise ApiRefusal(refusals.BAD_MD5, "md5 not match", rule="hook.md5")
    if len(data) > HOOK_IMAGE_BYTES or file_type(data) not in ("jpg", "png"):
        raise ApiRefusal(refusals.BAD_FILE_SIZE, "JPG or PNG of at most 2 MB", rule="hook.image")
    return data
