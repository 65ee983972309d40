"""The wire that every way shares: WeCom's encrypted callback and its encrypted answer over HTTP.

AES-256-CBC with PKCS#7 to 32 bytes, 16 random bytes, length, text, receiver; SHA-1 over the sorted parts
(WeCom page 101033; Tencent's sample code). The same functions serve sender and server.
"""

import base64
import hashlib
import hmac
import json
import secrets
import struct
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

TOKEN: Final = "benchmark"  # noqa: S105 (of no account)
KEY: Final = hashlib.sha256(b"benchmark").digest()
BLOCK: Final = 32


class BadCallback(Exception):
    """A callback whose signature or padding is wrong."""


def signature(*parts: str) -> str:
    """Return the platform's signature of token and parts."""
    return hashlib.sha1("".join(sorted((TOKEN, *parts))).encode()).hexdigest()  # noqa: S324 (the platform's)


def sealed(text: str) -> tuple[dict[str, str], str]:
    """Return (query, encrypted) of a callback."""
    data = text.encode()
    plain = secrets.token_bytes(16) + struct.pack(">I", len(data)) + data
    pad = BLOCK - len(plain) % BLOCK
    cipher = Cipher(algorithms.AES(KEY), modes.CBC(KEY[:16])).encryptor()
    encrypted = base64.b64encode(cipher.update(plain + bytes([pad]) * pad) + cipher.finalize()).decode()
    query = {"timestamp": "1772409600", "nonce": secrets.token_hex(5)}
    return {**query, "msg_signature": signature(*query.values(), encrypted)}, encrypted


def opened(query: Any, encrypted: str) -> str:
    """Return the text of a callback; raises BadCallback."""
    wanted = signature(query["timestamp"], query["nonce"], encrypted)
    if not hmac.compare_digest(wanted, query["msg_signature"]):
        raise BadCallback
    cipher = Cipher(algorithms.AES(KEY), modes.CBC(KEY[:16])).decryptor()
    plain = cipher.update(base64.b64decode(encrypted)) + cipher.finalize()
    if not 1 <= plain[-1] <= BLOCK:
        raise BadCallback
    (length,) = struct.unpack(">I", plain[16:20])
    return plain[20 : 20 + length].decode()


def callback(body: dict[str, Any]) -> tuple[str, bytes]:
    """Return (path with query, JSON) of the request that brings a message."""
    query, encrypted = sealed(json.dumps(body, ensure_ascii=False))
    said = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/callback?{said}", json.dumps({"encrypt": encrypted}).encode()


def answer(text: str) -> dict[str, str]:
    """Return the JSON of the answer to a callback."""
    message = {"msgtype": "stream", "stream": {"id": "1", "finish": True, "content": text}}
    query, encrypted = sealed(json.dumps(message, ensure_ascii=False))
    return {"encrypt": encrypted, "msgsignature": query.pop("msg_signature"), **query}


def answered(data: bytes) -> str:
    """Return what an answer says; raises BadCallback."""
    got = json.loads(data)
    query = {**got, "msg_signature": got["msgsignature"]}
    return str(json.loads(opened(query, got["encrypt"]))["stream"]["content"])
