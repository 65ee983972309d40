"""A callback URL of the AI bot, with the envelopes that go there and the answers that come back."""

import json
from dataclasses import dataclass
from typing import Any

from bot.sandbox.wecom.envelopes import BadEnvelope, Envelopes


@dataclass(frozen=True, kw_only=True)
class Target(Envelopes):
    """A callback URL with the Token and EncodingAESKey that were typed in beside it."""

    url: str

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
            content = json.loads(self.decrypt(encrypted))
        except ValueError:
            raise BadEnvelope("no JSON in it") from None
        if not isinstance(content, dict):
            raise BadEnvelope("no object in it")
        return content
