"""What a card button carries: our own sentence and its guard, readable, within the platform's 1,024 bytes."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Final

MOST_BYTES: Final = 1024
TASK_BYTES: Final = 128
OPAQUE_LENGTH: Final = 28
NOOP: Final = "noop"  # the grey button that replaces buttons whose time has passed


@dataclass(frozen=True, kw_only=True)
class Pressed:
    """A pressed button: the same as saying `say` while `guard` still holds."""

    say: str
    guard: str = ""


def write(pressed: Pressed) -> str:
    """Return the event key of a button: compact JSON."""
    data = {"say": pressed.say, "guard": pressed.guard} if pressed.guard else {"say": pressed.say}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def read(event_key: str) -> Pressed | None:
    """Return what was pressed; None for a grey button and for a key that is not of our making."""
    try:
        data = json.loads(event_key)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not isinstance(data.get("say"), str):
        return None
    guard = data.get("guard", "")
    return Pressed(say=data["say"], guard=guard if isinstance(guard, str) else "")


def task_id(key: str, *, repeat: int) -> str:
    """Return a card's id from an outbox key: in [0-9A-Za-z_-@], another one after each unknown outcome."""
    name = re.sub(r"[^0-9A-Za-z_@-]", "-", key)
    if name != key or len(name) > TASK_BYTES - 8:
        name = f"{name[:64]}-{hashlib.sha256(key.encode()).hexdigest()[:24]}"
    return f"{name}-r{repeat}" if repeat else name
