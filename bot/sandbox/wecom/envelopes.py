"""Callbacks in their envelopes, as WeCom makes and opens them (pages 91144 and 90968)."""

import base64
import binascii
import hashlib
import secrets
import struct

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

IV_BYTES = 16
PAD_BITS = 32 * 8  # PKCS#7 to 32 bytes, not to AES's own 16


class Unopenable(Exception):
    """The bot's answer cannot be decrypted, or is not for us."""


class Envelopes:
    """One Token and EncodingAESKey; `receive_id` is the corp's id for an app, empty for an AI bot."""

    def __init__(self, *, token: str, aes_key: str, receive_id: str) -> None:
        self._token = token
        self._key = base64.b64decode(aes_key + "=")
        self._receive_id = receive_id.encode()

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """Return msg_signature."""
        parts = sorted([self._token, timestamp, nonce, encrypted])
        return hashlib.sha1("".join(parts).encode(), usedforsecurity=False).hexdigest()

    def encrypt(self, plain: str) -> str:
        """Return what goes into the envelope."""
        data = plain.encode()
        whole = secrets.token_bytes(16) + struct.pack(">I", len(data)) + data + self._receive_id
        padder = padding.PKCS7(PAD_BITS).padder()
        padded = padder.update(whole) + padder.finalize()
        encryptor = Cipher(algorithms.AES(self._key), modes.CBC(self._key[:IV_BYTES])).encryptor()
        return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()

    def decrypt(self, encrypted: str) -> str:
        """Return what the bot put into its envelope; raises Unopenable."""
        try:
            data = base64.b64decode(encrypted, validate=True)
            decryptor = Cipher(algorithms.AES(self._key), modes.CBC(self._key[:IV_BYTES])).decryptor()
            unpadder = padding.PKCS7(PAD_BITS).unpadder()
            whole = unpadder.update(decryptor.update(data) + decryptor.finalize()) + unpadder.finalize()
            size = struct.unpack(">I", whole[16:20])[0]
            content, receiver = whole[20 : 20 + size].decode(), whole[20 + size :]
        except (binascii.Error, ValueError, struct.error) as error:
            raise Unopenable(type(error).__name__) from None
        if receiver != self._receive_id:
            raise Unopenable("receiver")
        return content
