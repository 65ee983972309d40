"""Reading JSON of any shape: what is not of the wanted kind reads as empty."""

from typing import Any


def an_object(value: Any) -> dict[str, Any]:
    """Return the object, or an empty one."""
    return value if isinstance(value, dict) else {}


def a_list(value: Any) -> list[Any]:
    """Return the list, or an empty one."""
    return value if isinstance(value, list) else []


def texts(value: Any) -> list[str]:
    """Return the texts in a list."""
    return [item for item in a_list(value) if isinstance(item, str)]


def objects(value: Any) -> list[dict[str, Any]]:
    """Return the objects in a list."""
    return [item for item in a_list(value) if isinstance(item, dict)]
