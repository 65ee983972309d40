"""Media that the bot uploads in pieces over the socket: sessions of init, chunk, finish (page 101463)."""

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.sandbox.wecom.limits import SMALLEST_UPLOAD, UPLOAD_SIZES, Limits
from bot.sandbox.wecom.media import file_type
from bot.sandbox.wecom.refusals import Code, Refusal


@dataclass(frozen=True, kw_only=True)
class Uploaded:
    """A finished upload: what a media_id stands for."""

    media_id: str
    kind: str
    name: str
    data: bytes = field(repr=False)
    at: datetime


@dataclass(kw_only=True)
class _Session:
    kind: str
    name: str
    size: int
    chunks: int
    md5: str
    at: datetime
    parts: dict[int, bytes] = field(default_factory=dict)

    def joined(self) -> bytes:
        """Return the whole, whether the parts count from 0 or from 1."""
        first = 0 if 0 in self.parts else 1
        if sorted(self.parts) != list(range(first, first + self.chunks)):
            raise _refused("upload.missing_chunk", "chunks are missing")
        return b"".join(self.parts[index] for index in sorted(self.parts))


class Uploads:
    """Upload sessions and the media they became."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._sessions: dict[str, _Session] = {}
        self._media: dict[str, Uploaded] = {}

    def init(self, body: dict[str, Any], *, now: datetime) -> dict[str, Any]:
        """Open a session; returns the body with its upload_id."""
        session = _session(body, limits=self._limits, now=now)
        upload_id = f"UP{secrets.token_hex(8)}"
        self._sessions[upload_id] = session
        return {"upload_id": upload_id}

    def chunk(self, body: dict[str, Any], *, now: datetime) -> None:
        """Keep one piece; the same piece may come again, and in any order."""
        session = self._session_of(body, now=now)
        index = body.get("chunk_index")
        if not isinstance(index, int) or not 0 <= index <= session.chunks:
            raise _refused("upload.chunk_index", "chunk_index out of range")
        session.parts[index] = _decoded(body.get("base64_data"), most=self._limits.chunk)

    def finish(self, body: dict[str, Any], *, now: datetime) -> dict[str, Any]:
        """Join and check the pieces; returns the body with the media_id."""
        session = self._session_of(body, now=now)
        uploaded = self._checked(session, now=now)
        self._sessions.pop(body["upload_id"])
        self._media[uploaded.media_id] = uploaded
        return {
            "type": session.kind,
            "media_id": uploaded.media_id,
            "created_at": str(int(now.timestamp())),
        }

    def media(self, media_id: object, *, kind: str, now: datetime) -> Uploaded:
        """Return what a media_id stands for; unknown, expired or of another kind is 40007."""
        found = self._media.get(media_id) if isinstance(media_id, str) else None
        if found is None or found.kind != kind or now - found.at > self._limits.media_id_life:
            raise Refusal(Code.BAD_MEDIA, "invalid media_id", rule="media_id")
        return found

    def _session_of(self, body: dict[str, Any], *, now: datetime) -> _Session:
        session = self._sessions.get(str(body.get("upload_id")))
        if session is None or now - session.at > self._limits.upload_life:
            raise _refused("upload.session", "upload_id unknown or expired")
        return session

    def _checked(self, session: _Session, *, now: datetime) -> Uploaded:
        data = session.joined()
        if len(data) != session.size:
            raise _refused("upload.size", "size differs from total_size")
        if hashlib.md5(data, usedforsecurity=False).hexdigest() != session.md5.lower():
            raise _refused("upload.md5", "md5 differs")
        if session.kind == "image" and file_type(data) not in ("jpg", "png"):
            raise _refused("upload.image", "an image is JPG or PNG")
        media_id = f"MEDIA{secrets.token_hex(12)}"
        return Uploaded(media_id=media_id, kind=session.kind, name=session.name, data=data, at=now)


def _session(body: dict[str, Any], *, limits: Limits, now: datetime) -> _Session:
    kind, size, chunks = body.get("type"), body.get("total_size"), body.get("total_chunks")
    name, md5 = body.get("filename"), body.get("md5")
    if not isinstance(kind, str) or kind not in UPLOAD_SIZES:
        raise _refused("upload.type", "type is file, image, voice or video")
    if not isinstance(size, int) or not SMALLEST_UPLOAD < size <= UPLOAD_SIZES[kind]:
        raise Refusal(Code.TOO_LONG, "total_size out of range", rule="upload.size")
    if not isinstance(chunks, int) or not 1 <= chunks <= limits.chunks or size > chunks * limits.chunk:
        raise _refused("upload.chunks", "total_chunks out of range")
    if not (isinstance(name, str) and name and isinstance(md5, str)):
        raise _refused("upload.init", "filename and md5 are required")
    return _Session(kind=kind, name=name, size=size, chunks=chunks, md5=md5, at=now)


def _decoded(data: object, *, most: int) -> bytes:
    try:
        decoded = base64.b64decode(str(data), validate=True)
    except binascii.Error:
        raise _refused("upload.base64", "base64_data is no base64") from None
    if not decoded or len(decoded) > most:
        raise Refusal(Code.TOO_LONG, "a chunk is 1 byte to 512 KB", rule="upload.chunk_size")
    return decoded


def _refused(rule: str, message: str) -> Refusal:
    return Refusal(Code.BAD_PARAMETER, message, rule=rule)
