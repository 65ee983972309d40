"""What may be answered on a callback itself: a short text, or what becomes of the pressed card (90241)."""

import re
from typing import Any, Final

from bot.platforms.wecom.crypto import Sealed

_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NAMES: Final = {"keyname": "KeyName"}


def text_reply(content: str, *, to: str, corp_id: str, at: int) -> str:
    """Return a text message (at most 2,048 bytes: the caller sees to it); `at` in seconds since 1970."""
    return _message("text", f"<Content>{_cdata(content)}</Content>", to=to, corp_id=corp_id, at=at)


def button_reply(text: str, *, to: str, corp_id: str, at: int) -> str:
    """Return the update by which all buttons of the pressed card give way to one grey word."""
    inner = f"<Button><ReplaceName>{_cdata(text)}</ReplaceName></Button>"
    return _message("update_button", inner, to=to, corp_id=corp_id, at=at)


def card_reply(template: dict[str, Any], *, to: str, corp_id: str, at: int) -> str:
    """Return the update by which the pressed card becomes another; `template` as the JSON API has it."""
    inner = _element("TemplateCard", template)
    return _message("update_template_card", inner, to=to, corp_id=corp_id, at=at)


def envelope(sealed: Sealed) -> str:
    """Return the encrypted answer as WeCom takes it."""
    return (
        f"<xml><Encrypt>{_cdata(sealed.encrypt)}</Encrypt>"
        f"<MsgSignature>{_cdata(sealed.signature)}</MsgSignature>"
        f"<TimeStamp>{sealed.timestamp}</TimeStamp><Nonce>{_cdata(sealed.nonce)}</Nonce></xml>"
    )


def _message(kind: str, inner: str, *, to: str, corp_id: str, at: int) -> str:
    return (
        f"<xml><ToUserName>{_cdata(to)}</ToUserName><FromUserName>{_cdata(corp_id)}</FromUserName>"
        f"<CreateTime>{at}</CreateTime><MsgType>{_cdata(kind)}</MsgType>{inner}</xml>"
    )


def _element(name: str, value: Any) -> str:
    """Return elements in PascalCase, one for each entry of a list."""
    match value:
        case dict():
            inner = "".join(_element(_pascal(key), part) for key, part in value.items())
        case list():
            return "".join(_element(name, part) for part in value)
        case bool() | int():
            inner = str(int(value))
        case _:
            inner = _cdata(str(value))
    return f"<{name}>{inner}</{name}>"


def _pascal(name: str) -> str:
    return _NAMES.get(name) or "".join(part.capitalize() for part in name.split("_"))


def _cdata(text: str) -> str:
    """Return a text that no markup can leave, without what XML cannot hold."""
    inner = _NO_XML.sub("", text).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{inner}]]>"
