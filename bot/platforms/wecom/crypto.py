"""Envelopes of WeCom's callbacks: signed, encrypted, fresh, and taken once; the same for every callback door.

Source: pages 91144 and 90968 (signature, AES-256-CBC, padding to 32 bytes), 101033 (AI bot: empty receiver).
Written here because the libraries compare signatures with `!=` and take any padding.
"""

import base64
import binascii
import hashlib
import re
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hmac import compare_digest
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from domain.clock import Clock

FRESH: Final = timedelta(minutes=5)
IV_BYTES: Final = 16
PAD_TO: Final = 32
_AES_BLOCK: Final = 16
_RANDOM: Final = 16
_LENGTH: Final = 4
_REMEMBERED: Final = 65_536
_AES_KEY: Final = re.compile(r"[A-Za-z0-9+/]{43}")
_SECONDS: Final = re.compile(r"[0-9]{1,12}")


class EnvelopeRefused(Exception):
    """A callback that is not WeCom's, or not for us, or not of now; the reason is for the log, never sent."""


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """An answer in its envelope; `timestamp` in seconds since 1970."""

    encrypt: str = field(repr=False)
    signature: str
    timestamp: int
    nonce: str


def key_bytes(aes_key: str) -> bytes:
    """Return the 32 bytes of an EncodingAESKey (43 characters); raises ValueError."""
    if not _AES_KEY.fullmatch(aes_key):
        raise ValueError("an EncodingAESKey has 43 characters")
    return base64.b64decode(aes_key + "=")


def sign(token: str, *, timestamp: str, nonce: str, encrypted: str) -> str:
    """Return the signature of an envelope: SHA-1 over the sorted parts."""
    parts = sorted([token, timestamp, nonce, encrypted])
    return hashlib.sha1("".join(parts).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


class Envelopes:
    """Opens and seals with one Token and EncodingAESKey; `receive_id` is the CorpID, or '' for an AI bot.

    Raises ValueError where the key cannot be one. What was answered is remembered in this process for as long
    as its time stamp is fresh; a repeat at another node is known by its message id in the journal.
    """

    def __init__(self, *, token: str, aes_key: str, receive_id: str, clock: Clock) -> None:
        self._token = token
        self._key = key_bytes(aes_key)
        self._receive_id = receive_id.encode()
        self._clock = clock
        self._taken: OrderedDict[str, float] = OrderedDict()

    def __repr__(self) -> str:
        return "Envelopes(***)"

    def open(self, query: Mapping[str, str], encrypted: str) -> bytes:
        """Return what is in the envelope; raises EnvelopeRefused before anything is decrypted or parsed.

        `query` holds msg_signature, timestamp and nonce of the URL. In order: shape, signature (in constant
        time), freshness, repetition, padding, receiver.
        """
        given = query.get("msg_signature", "")
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not (given and nonce and encrypted and _SECONDS.fullmatch(timestamp)):
            raise EnvelopeRefused("incomplete")
        own = sign(self._token, timestamp=timestamp, nonce=nonce, encrypted=encrypted)
        if not compare_digest(own.encode(), given.encode("utf-8", "replace")):
            raise EnvelopeRefused("signature")
        if abs(self._clock.now().timestamp() - int(timestamp)) > FRESH.total_seconds():
            raise EnvelopeRefused("stale")
        if own in self._taken:
            raise EnvelopeRefused("repeated")
        return self._content(_decrypted(encrypted, key=self._key))

    def taken(self, query: Mapping[str, str]) -> None:
        """Refuse a repetition of this call from here on: it has been written down.

        Not earlier: whoever was not answered may call again in the very same words.
        """
        now = self._clock.now().timestamp()
        self._taken[query.get("msg_signature", "")] = now
        while self._taken:
            oldest, at = next(iter(self._taken.items()))
            if len(self._taken) <= _REMEMBERED and now - at <= 2 * FRESH.total_seconds():
                break
            del self._taken[oldest]

    def seal(self, plain: str, *, nonce: str) -> Sealed:
        """Return an answer's envelope, with the nonce of the call that it answers."""
        message = plain.encode()
        whole = secrets.token_bytes(_RANDOM) + len(message).to_bytes(_LENGTH, "big") + message
        encrypted = _encrypted(whole + self._receive_id, key=self._key)
        timestamp = int(self._clock.now().timestamp())
        signature = sign(self._token, timestamp=str(timestamp), nonce=nonce, encrypted=encrypted)
        return Sealed(encrypt=encrypted, signature=signature, timestamp=timestamp, nonce=nonce)

    def _content(self, whole: bytes) -> bytes:
        size = int.from_bytes(whole[_RANDOM : _RANDOM + _LENGTH], "big")
        content, receiver = whole[_RANDOM + _LENGTH :][:size], whole[_RANDOM + _LENGTH + size :]
        if len(content) != size or not compare_digest(receiver, self._receive_id):
            raise EnvelopeRefused("receiver")
        return content


def _decrypted(encrypted: str, *, key: bytes) -> bytes:
    try:
        data = base64.b64decode(encrypted, validate=True)
    except (binascii.Error, ValueError):
        raise EnvelopeRefused("not base64") from None
    if not data or len(data) % _AES_BLOCK:
        raise EnvelopeRefused("length")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:IV_BYTES])).decryptor()
    return unpadded(decryptor.update(data) + decryptor.finalize())


def unpadded(padded: bytes) -> bytes:
    """Return bytes without their PKCS#7 padding to 32, every byte of it checked; raises EnvelopeRefused."""
    pad = padded[-1]
    if not 1 <= pad <= min(PAD_TO, len(padded)) or padded[-pad:] != bytes([pad]) * pad:
        raise EnvelopeRefused("padding")
    return padded[:-pad]


def _encrypted(plain: bytes, *, key: bytes) -> str:
    pad = PAD_TO - len(plain) % PAD_TO
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:IV_BYTES])).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()
