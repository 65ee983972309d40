"""Posts and acts of residents as the XML that the app's callback gets (pages 90239 and 90240)."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

Fields = dict[str, Any]


def xml(fields: Mapping[str, Any]) -> str:
    """Return fields as WeCom writes them: texts in CDATA, numbers bare, lists as repeated elements."""
    return f"<xml>{''.join(_element(name, value) for name, value in fields.items())}</xml>"


def _element(name: str, value: Any) -> str:
    match value:
        case Mapping():
            return f"<{name}>{''.join(_element(key, inner) for key, inner in value.items())}</{name}>"
        case list():
            return "".join(_element(name, inner) for inner in value)
        case int():
            return f"<{name}>{value}</{name}>"
    text = str(value).replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{text}]]></{name}>"


def message(kind: str, **part: Any) -> Fields:
    """Return what is special about a message."""
    return {"MsgType": kind, **part}


def event(name: str, *, key: str = "", **part: Any) -> Fields:
    """Return what is special about an event."""
    return {"MsgType": "event", "Event": name, "EventKey": key, **part}


def scan(name: str, *, key: str, text: str, kind: str = "qrcode") -> Fields:
    """Return a scan of the menu: `scancode_waitmsg` or `scancode_push`."""
    return event(name, key=key, ScanCodeInfo={"ScanType": kind, "ScanResult": text})


def click(
    *, key: str, task_id: str, card_type: str, code: str, selected: Mapping[str, Sequence[str]]
) -> Fields:
    """Return the press of a card's button."""
    chosen = [
        {"QuestionKey": question, "OptionIds": {"OptionId": list(options)}}
        for question, options in selected.items()
    ]
    return event(
        "template_card_event",
        key=key,
        TaskId=task_id,
        CardType=card_type,
        ResponseCode=code,
        **({"SelectedItems": {"SelectedItem": chosen}} if chosen else {}),
    )


def number_of(text: str) -> int:
    """Return a message id as WeCom gives it, 64 bits, the same at every attempt."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1
