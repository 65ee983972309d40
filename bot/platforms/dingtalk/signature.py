"""Signatures of DingTalk's callbacks and webhook robots, and the gate that refuses forged and stale ones.

A robot's message: base64(HMAC-SHA256(key=secret, timestamp + newline + secret)), as for custom robots; a
card's callback: base64(HMAC-SHA256(key=apiSecret, timestamp)). Neither covers the body ("receive message",
"event callback" of open.dingtalk.com), so a signature is also bound to the bodies that come right with it.
"""

import hashlib
import hmac
import re
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from domain.clock import Clock

MAX_AGE: Final = 3600.0
"""Seconds by which a timestamp may differ from our clock (one hour, by DingTalk's own rule)."""
COMPANY: Final = 10.0
"""Seconds in which other messages may come under the same timestamp: those of the same millisecond."""
REMEMBERED: Final = 20_000
_MILLISECONDS: Final = re.compile(r"[0-9]{10,16}", re.ASCII)
_MAX_SIGN: Final = 100


def robot_sign(secret: str, timestamp: str) -> str:
    """Return the signature of a robot message, and of a post to a custom robot (not yet quoted)."""
    return _sign(secret, f"{timestamp}\n{secret}")


def card_sign(secret: str, timestamp: str) -> str:
    """Return the signature of a card's callback."""
    return _sign(secret, timestamp)


def _sign(secret: str, text: str) -> str:
    return b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()).decode()


@dataclass
class _Seen:
    since: float
    bodies: set[bytes] = field(default_factory=set)


class Gate:
    """Says whether a callback may be read: `stamp_is_good` before its body is, `is_replay` after.

    What was seen is kept in memory: after a restart a signature that was caught on its way is good for the
    rest of its hour (the wire has no better), and only for messages whose msgId the journal does not know.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: OrderedDict[str, _Seen] = OrderedDict()

    def stamp_is_good(self, timestamp: str, sign: str, *, sealed: Callable[[str], str]) -> bool:
        """Compare in constant time with what `sealed` makes of the timestamp, which must be a fresh one."""
        if not _MILLISECONDS.fullmatch(timestamp) or len(sign) > _MAX_SIGN:
            return False
        genuine = hmac.compare_digest(sign.encode("utf-8", "replace"), sealed(timestamp).encode())
        return genuine and self._is_fresh(timestamp)

    def _is_fresh(self, timestamp: str) -> bool:
        return abs(self._clock.now().timestamp() - int(timestamp) / 1000) <= MAX_AGE

    def is_known(self, sign: str, body: bytes) -> bool:
        """Whether exactly this was taken before."""
        seen = self._seen.get(sign)
        return seen is not None and _digest(body) in seen.bodies

    def is_replay(self, sign: str, body: bytes) -> bool:
        """Whether an old signature comes with a new body."""
        seen = self._seen.get(sign)
        if seen is None or _digest(body) in seen.bodies:
            return False
        return self._clock.monotonic() - seen.since > COMPANY

    def remember(self, sign: str, body: bytes) -> None:
        """Note what was taken (or lastingly refused), so that it need not be read again."""
        seen = self._seen.setdefault(sign, _Seen(self._clock.monotonic()))
        seen.bodies.add(_digest(body))
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()
