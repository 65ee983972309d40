"""Pictures and files: fetched while their address lives, decrypted with their own key, and checked.

Source: aibot page 101463 (each object has its own `aeskey`, the address lives five minutes, the answer is
ciphertext). Others have stored that ciphertext as the picture: here what cannot be decrypted, or is no
picture afterwards, is refused.
"""

import asyncio
import base64
import binascii
from datetime import datetime
from typing import Any, Final

import structlog
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.platforms.base import MediaRef, MediaUnavailable
from bot.platforms.downloads import Downloads
from bot.platforms.http import host_of
from domain.clock import Clock

log = structlog.get_logger(__name__)

_KEY_BYTES: Final = 32
_AES_BLOCK: Final = 16
_PAD_TO: Final = 32
_HEIF_BRANDS: Final = (b"heic", b"heix", b"heif", b"hevc", b"mif1", b"msf1", b"avif")


async def fetch(media: MediaRef, *, downloads: Downloads, clock: Clock, pauses: tuple[float, ...]) -> bytes:
    """Return the decrypted bytes; one try more than there are `pauses` (seconds). Raises MediaUnavailable."""
    url, key = str(media.ref.get("url", "")), decode_key(media.ref.get("aeskey"))
    for pause in (*pauses, None):
        try:
            return checked(decrypt(await downloads.get(url), key=key), kind=media.kind)
        except MediaUnavailable as failure:
            log.info("wecom.media_failed", host=host_of(url), reason=failure.reason, again=pause is not None)
            if not failure.temporary or pause is None or _gone(media.ref, clock=clock):
                raise
            await asyncio.sleep(pause)
    raise AssertionError("the last round returns or raises")


def decode_key(text: Any) -> bytes:
    """Return the 32 bytes of an `aeskey`: base64 that may lack its padding; raises MediaUnavailable."""
    plain = text.strip().rstrip("=") if isinstance(text, str) else ""
    try:
        key = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _KEY_BYTES:
        raise MediaUnavailable("the key of the file is unusable", temporary=False)
    return key


def decrypt(data: bytes, *, key: bytes) -> bytes:
    """Return the plain bytes of AES-256-CBC (IV = first half of the key, PKCS#7 to 32, every byte checked).

    Raises MediaUnavailable, worth another try: a cut-off download looks the same.
    """
    if not data or len(data) % _AES_BLOCK:
        raise MediaUnavailable("the file came incomplete", temporary=True)
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:_AES_BLOCK])).decryptor()
    padded = decryptor.update(data) + decryptor.finalize()
    pad = padded[-1]
    if not 1 <= pad <= min(_PAD_TO, len(padded)) or padded[-pad:] != bytes([pad]) * pad:
        raise MediaUnavailable("the file could not be decrypted", temporary=True)
    return padded[:-pad]


def checked(data: bytes, *, kind: str) -> bytes:
    """Return the bytes if they are what was announced; a picture must begin like one."""
    if kind == "image" and not is_picture(data):
        raise MediaUnavailable("the file is no picture", temporary=True)
    return data


def is_picture(data: bytes) -> bool:
    """Whether bytes begin like JPEG, PNG, GIF, WEBP or HEIC/AVIF."""
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")):
        return True
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return webp or (data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS)


def _gone(ref: dict[str, Any], *, clock: Clock) -> bool:
    """Whether the address has outlived its five minutes."""
    try:
        return clock.now() > datetime.fromisoformat(str(ref.get("until")))
    except (TypeError, ValueError):
        return False
