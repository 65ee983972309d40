"""Envelopes of callback URLs, sealed and opened with wechatpy: not with what the bot seals and opens with."""

import base64
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from wechatpy.enterprise.crypto import PrpCrypto
from wechatpy.utils import WeChatSigner


class BadEnvelope(Exception):
    """An answer that WeCom would throw away; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A callback URL with the Token and EncodingAESKey that were typed in beside it."""

    url: str
    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    receive_id: str = ""

    @property
    def key(self) -> bytes:
        """The 32 bytes that encrypt, pictures too."""
        return base64.b64decode(self.aes_key + "=")

    def encrypt(self, text: str) -> str:
        """Return a ciphertext in base64."""
        return str(PrpCrypto(self.key).encrypt(text, self.receive_id).decode())

    def query(self, encrypted: str, *, at: int) -> dict[str, str]:
        """Return msg_signature, timestamp and a new nonce."""
        nonce = secrets.token_hex(5)
        signature = self.sign(str(at), nonce, encrypted)
        return {"msg_signature": signature, "timestamp": str(at), "nonce": nonce}

    def sign(self, *parts: str) -> str:
        """Return the signature over the token and these parts."""
        signer = WeChatSigner()
        signer.add_data(self.token, *parts)
        return str(signer.signature)

    def open(self, body: bytes, *, nonce: str) -> dict[str, Any] | None:
        """Return the answer in an answer's envelope; None for an empty one; raises BadEnvelope.

        `timestamp` is a number, `nonce` that of the call (page 101033).
        """
        if not body.strip():
            return None
        try:
            sealed = json.loads(body)
            encrypted, signature = sealed["encrypt"], sealed["msgsignature"]
            stamp, given = sealed["timestamp"], sealed["nonce"]
        except (ValueError, KeyError, TypeError) as error:
            raise BadEnvelope(f"no envelope: {error!r}") from None
        if not isinstance(stamp, int) or given != nonce:
            raise BadEnvelope("timestamp must be a number and nonce that of the call")
        if self.sign(str(stamp), nonce, encrypted) != signature:
            raise BadEnvelope("msgsignature")
        return self._content(encrypted)

    def _content(self, encrypted: str) -> dict[str, Any]:
        try:
            content = json.loads(PrpCrypto(self.key).decrypt(encrypted, self.receive_id))
        except Exception as error:  # noqa: BLE001 (the library raises whatever the bytes provoke)
            raise BadEnvelope(f"cannot be decrypted: {type(error).__name__}") from None
        if not isinstance(content, dict):
            raise BadEnvelope("no object in it")
        return content
