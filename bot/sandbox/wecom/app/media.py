"""Temporary media: uploads of the app, pictures that people sent to it, and the webhooks' files."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from bot.sandbox.wecom.app import refusals
from bot.sandbox.wecom.app.counter import Ask, Counter, Door
from bot.sandbox.wecom.app.limits import SMALLEST_UPLOAD, UPLOAD_SIZES
from bot.sandbox.wecom.app.refusals import ApiRefusal
from bot.sandbox.wecom.media import disposition, file_type
from bot.sandbox.wecom.uploads import Uploaded

PICTURES = ("jpg", "png")


@dataclass(frozen=True, kw_only=True)
class Form:
    """A multipart upload as it came."""

    name: str = ""
    data: bytes = field(default=b"", repr=False)
    field: str = ""


class Media:
    """What a media_id stands for; `owner` is empty for the corp's, a webhook's key for its own."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._kept: dict[str, tuple[Uploaded, str]] = {}

    def doors(self) -> list[Door]:
        """Return the addresses."""
        return [
            Door(name="app.upload", method="POST", path="media/upload", handler=self._upload, json=False),
            Door(name="app.media", method="GET", path="media/get", handler=self._get, json=False),
        ]

    def keep(self, data: bytes, *, kind: str, name: str, owner: str = "") -> Uploaded:
        """Keep bytes for three days."""
        media_id = secrets.token_urlsafe(32)
        kept = Uploaded(media_id=media_id, kind=kind, name=name, data=data, at=self._counter.clock.now())
        self._kept[media_id] = (kept, owner)
        return kept

    def find(self, media_id: object, *, owner: str = "", kind: str = "") -> Uploaded:
        """Return what it stands for; unknown, too old, another's or of another kind is 40007."""
        found, whose = self._kept.get(str(media_id), (None, ""))
        if found is None or whose != owner or (kind and found.kind != kind):
            raise ApiRefusal(refusals.BAD_MEDIA, "invalid media_id", rule="media_id")
        if self._counter.clock.now() - found.at > self._counter.limits.media_life:
            raise ApiRefusal(refusals.BAD_MEDIA, "media_id expired")
        return found

    async def take(self, ask: Ask, *, owner: str = "") -> dict[str, Any]:
        """Take an upload in (page 96484): more than 5 bytes, at most what its kind allows."""
        kind = ask.request.query.get("type", "")
        if kind not in UPLOAD_SIZES:
            raise ApiRefusal(refusals.BAD_FILE_TYPE, "invalid media type", rule="upload.type")
        form = await _form(ask.request)
        if form.field != "media" or not form.name:
            raise ApiRefusal(41005, "media data missing", rule="upload.form")
        if not SMALLEST_UPLOAD < len(form.data) <= UPLOAD_SIZES[kind]:
            raise ApiRefusal(refusals.BAD_FILE_SIZE, "invalid file size", rule="upload.size")
        if kind == "image" and file_type(form.data) not in PICTURES:
            raise ApiRefusal(refusals.BAD_FILE_TYPE, "invalid file type", rule="upload.image")
        kept = self.keep(form.data, kind=kind, name=form.name, owner=owner)
        created = str(int(kept.at.timestamp()))
        done = {"type": kind, "media_id": kept.media_id, "created_at": created}
        return {"errcode": 0, "errmsg": "ok", **done}

    async def _upload(self, ask: Ask) -> dict[str, Any] | web.StreamResponse:
        return await self.take(ask)

    async def _get(self, ask: Ask) -> dict[str, Any] | web.StreamResponse:
        found = self.find(ask.request.query.get("media_id"))
        headers = {"Content-Disposition": disposition(found.name)}
        return web.Response(body=found.data, content_type="application/octet-stream", headers=headers)


async def _form(request: web.Request) -> Form:
    try:
        reader = await request.multipart()
        part = await reader.next()
        if not isinstance(part, BodyPartReader):
            return Form()
        data = bytes(await part.read())
    except (AssertionError, ValueError, KeyError):
        return Form()
    return Form(name=part.filename or "", data=data, field=part.name or "")
