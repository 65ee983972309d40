"""Reads JSON of which anything may be missing, misspelt or of another type; never raises."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

MAX_DEPTH = 40
MAX_ID = 120
_LATEST_MS = 4_102_444_800_000  # the year 2100


def decode(text: str | bytes) -> Any:
    """Return the JSON value in `text`, fit to be stored: None if there is none or it is nested too deeply."""
    try:
        return clean(json.loads(text, parse_constant=lambda _: None))
    except (ValueError, RecursionError):
        return None


def clean(value: Any, depth: int = MAX_DEPTH) -> Any:
    """Return JSON that both databases can keep: no NUL, no half of a surrogate pair, no infinity.

    Raises ValueError beyond `depth` levels.
    """
    if depth == 0:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(str(name)): clean(inner, depth - 1) for name, inner in value.items()}
    if isinstance(value, list):
        return [clean(inner, depth - 1) for inner in value]
    return None if isinstance(value, float) and value - value != 0 else value


def clean_text(text: str) -> str:
    """Return `text` without NUL; halves of surrogate pairs become question marks."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def text_of(data: Any, *names: str) -> str:
    """Return the first of these fields that holds text or a number, as text; else empty."""
    if isinstance(data, dict):
        for name in names:
            value = data.get(name)
            if isinstance(value, str) and value:
                return value
            if isinstance(value, int) and not isinstance(value, bool):
                return str(value) if abs(value) < 1 << 63 else ""
    return ""


def mapping_of(data: Any, *names: str) -> dict[str, Any]:
    """Return the first of these fields that holds an object, also one written as a JSON string; else {}."""
    if isinstance(data, dict):
        for name in names:
            value = data.get(name)
            value = decode(value) if isinstance(value, str) else value
            if isinstance(value, dict) and value:
                return value
    return {}


def list_of(data: Any, name: str) -> list[Any]:
    """Return a field that holds a list, also one written as a JSON string; else []."""
    value = data.get(name) if isinstance(data, dict) else None
    value = decode(value) if isinstance(value, str) else value
    return value if isinstance(value, list) else []


def time_of(data: Any, *names: str) -> datetime | None:
    """Return the first of these fields that holds milliseconds since 1970 (number or text) as aware UTC."""
    if isinstance(data, dict):
        for name in names:
            moment = _moment(data.get(name))
            if moment:
                return moment
    return None


def _moment(value: Any) -> datetime | None:
    try:
        milliseconds = float(value) if isinstance(value, str | int | float) else 0.0
    except (ValueError, OverflowError):
        return None
    if 0 < milliseconds < _LATEST_MS:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    return None


def short_id(text: str) -> str:
    """Return an id that fits a column: what is too long keeps its beginning and gets a hash."""
    return text if len(text) <= MAX_ID else f"{text[:50]}#{digest(text)[:40]}"


def digest(*parts: Any) -> str:
    """Return a hash of JSON-able parts, the same on every machine."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
