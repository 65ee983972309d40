"""Callbacks' envelopes, sealed and opened with wechatpy: not with what the bot seals and opens with.

Pages 91144 and 90968.
"""

import base64
import secrets
from dataclasses import dataclass, field

from wechatpy.enterprise.crypto import PrpCrypto
from wechatpy.utils import WeChatSigner


class BadEnvelope(Exception):
    """An answer that WeCom would throw away; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Envelopes:
    """One Token and EncodingAESKey; `receive_id` is the corp's id for an app, empty for an AI bot."""

    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    receive_id: str = ""

    @property
    def key(self) -> bytes:
        """The 32 bytes that encrypt, pictures too."""
        return base64.b64decode(self.aes_key + "=")

    def sign(self, *parts: str) -> str:
        """Return the signature over the token and these parts: time stamp, nonce, ciphertext."""
        signer = WeChatSigner()
        signer.add_data(self.token, *parts)
        return str(signer.signature)

    def query(self, encrypted: str, *, at: int) -> dict[str, str]:
        """Return msg_signature, timestamp and a new nonce."""
        nonce = secrets.token_hex(5)
        signature = self.sign(str(at), nonce, encrypted)
        return {"msg_signature": signature, "timestamp": str(at), "nonce": nonce}

    def encrypt(self, plain: str) -> str:
        """Return a ciphertext in base64."""
        return str(PrpCrypto(self.key).encrypt(plain, self.receive_id).decode())

    def decrypt(self, encrypted: str) -> str:
        """Return what the bot put into its envelope; raises BadEnvelope."""
        try:
            return str(PrpCrypto(self.key).decrypt(encrypted, self.receive_id))
        except Exception as error:  # noqa: BLE001 (the library raises whatever the bytes provoke)
            raise BadEnvelope(f"cannot be decrypted: {type(error).__name__}") from None
