"""A callback's XML and its fields: found in bytes, checked, read with wechatpy; nothing here raises.

wechatpy 1.8.18 knows the messages and scan events; card clicks, card menus and directory changes come as its
UnknownMessage. So what is read is always the dictionary that it parsed, never its typed attributes.
Entities and document types are refused by its XML parser (`xmltodict`: "entities are disabled").
"""

import re
from typing import Any, Final
from xml.parsers.expat import ExpatError

from wechatpy.enterprise.parser import parse_message

Fields = dict[str, Any]

_ENCRYPT: Final = re.compile(rb"<Encrypt>\s*(?:<!\[CDATA\[)?([A-Za-z0-9+/=]+)(?:\]\]>)?\s*</Encrypt>")


def encrypted_in(body: bytes) -> str:
    """Return the ciphertext of an envelope, by its mark alone: before the signature nothing is parsed."""
    found = _ENCRYPT.search(body)
    return found[1].decode("ascii") if found else ""


def read(plain: bytes) -> Fields | None:
    """Return the fields of a decrypted message; None for anything that is no message of WeCom's."""
    try:
        message = parse_message(plain)
        fields = message._data  # noqa: SLF001 (the only place where wechatpy keeps what it has no class for)
    except (TypeError, KeyError, AttributeError, ValueError, ExpatError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None


def text_of(fields: Fields, *path: str) -> str:
    """Return the text at this path of elements, '' where there is none."""
    found: Any = fields
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found.strip() if isinstance(found, str) else ""
