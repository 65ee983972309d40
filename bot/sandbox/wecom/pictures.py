"""Pictures inside messages (`base64` and `md5`), as streams and webhooks carry them."""

import base64
import binascii
import hashlib
from typing import Any, Final

from bot.sandbox.wecom.limits import MB
from bot.sandbox.wecom.media import file_type
from bot.sandbox.wecom.refusals import Code, Refusal

LARGEST: Final = 10 * MB


def picture_in(item: Any, *, largest: int = LARGEST) -> bytes:
    """Return the bytes of `{"msgtype": "image", "image": {"base64", "md5"}}`, or refuse it."""
    image = item.get("image") if isinstance(item, dict) and item.get("msgtype") == "image" else None
    if not isinstance(image, dict):
        raise Refusal(Code.BAD_PARAMETER, "invalid image", rule="picture.shape")
    try:
        data = base64.b64decode(str(image.get("base64")), validate=True)
    except (binascii.Error, ValueError):
        raise Refusal(Code.BAD_PARAMETER, "invalid base64", rule="picture.base64") from None
    if hashlib.md5(data, usedforsecurity=False).hexdigest() != image.get("md5"):
        raise Refusal(Code.BAD_PARAMETER, "md5 does not match", rule="picture.md5")
    if len(data) > largest or not file_type(data):
        raise Refusal(Code.BAD_PARAMETER, "image is too large or neither JPG nor PNG", rule="picture.kind")
    return data
