"""Pictures and files that people sent, as WeCom hands them out: encrypted, at a URL that soon expires."""

import base64
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote

from aiohttp import web
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAD_BITS = 32 * 8  # PKCS#7 to 32 bytes, not to AES's own 16
IV_BYTES = 16
KEY_BYTES = 32
MAGIC = {b"\xff\xd8\xff": "jpg", b"\x89PNG": "png"}
EXPIRED = (
    "<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"
)


@dataclass(frozen=True, kw_only=True)
class MediaObject:
    """One encrypted object on the shelf; `name` is what Content-Disposition tells."""

    token: str
    name: str
    aeskey: str
    blob: bytes = field(repr=False)
    expires: datetime


def encrypted(data: bytes, *, key: bytes) -> bytes:
    """Return AES-256-CBC of the data; IV = key[:16], PKCS#7 to 32 bytes (page 101463)."""
    padder = padding.PKCS7(PAD_BITS).padder()
    padded = padder.update(data) + padder.finalize()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:IV_BYTES])).encryptor()
    return encryptor.update(padded) + encryptor.finalize()


def file_type(data: bytes) -> str:
    """Return `jpg` or `png` by the first bytes, else an empty string."""
    return next((kind for magic, kind in MAGIC.items() if data.startswith(magic)), "")


class Shelf:
    """The media of one cloud; the same picture gets a new key and URL each time it is told of."""

    def __init__(self, *, life: timedelta) -> None:
        self._life = life
        self._objects: dict[str, MediaObject] = {}
        self._asked: set[str] = set()

    def put(
        self, data: bytes, *, name: str, now: datetime, bare_key: bool = False, bot_key: bytes = b""
    ) -> MediaObject:
        """Encrypt and keep; `bare_key` leaves out the "=" at the end of the key, as WeCom sometimes does.

        With `bot_key` (callback mode: its EncodingAESKey) the object has no key of its own.
        """
        self._forget(now)
        key = bot_key or secrets.token_bytes(KEY_BYTES)
        text = "" if bot_key else base64.b64encode(key).decode()
        shelved = MediaObject(
            token=secrets.token_hex(16),
            name=name,
            aeskey=text.rstrip("=") if bare_key else text,
            blob=encrypted(data, key=key),
            expires=now + self._life,
        )
        self._objects[shelved.token] = shelved
        return shelved

    def response(self, token: str, *, now: datetime) -> web.Response:
        """Answer a GET: the ciphertext, or 403 when it has expired, or 404."""
        found = self._objects.get(token)
        if found is None:
            return web.Response(status=404)
        if now > found.expires:
            return web.Response(status=403, text=EXPIRED, content_type="application/xml")
        return web.Response(
            body=found.blob,
            content_type="application/octet-stream",
            headers={"Content-Disposition": disposition(found.name)},
        )

    def first_request(self, token: str) -> bool:
        """Whether this object is asked for the first time."""
        first = token not in self._asked
        self._asked.add(token)
        return first

    def _forget(self, now: datetime) -> None:
        old = [token for token, kept in self._objects.items() if now > kept.expires + timedelta(days=1)]
        for token in old:
            del self._objects[token]
            self._asked.discard(token)


def disposition(name: str) -> str:
    """Return the Content-Disposition of a file name; not ASCII goes the way of RFC 5987."""
    if name.isascii():
        return f'attachment; filename="{name}"'
    return f"attachment; filename*=UTF-8''{quote(name)}"
