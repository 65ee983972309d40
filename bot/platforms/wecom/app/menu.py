"""The menu below the app's chat: scanning and the sentences said most, made by the command line.

Source: page 90231 (menu/create: at most 3 entries, 5 below each; names of 16 and 40 bytes, keys of 128).
Scans exist only through it: with `scancode_waitmsg` the person sees that something is coming.
"""

from typing import Any, Final

from bot.platforms.wecom import keys
from bot.platforms.wecom.app.api import Api, ApiRefused
from bot.platforms.wecom.app.outcomes import errcode_of

SCAN_KEY: Final = "scan"
KEY_BYTES: Final = 128
NO_MENU: Final = 46003  # global error codes, page 90313


def entries() -> list[dict[str, Any]]:
    """Return the menu as WeCom takes it."""
    return [
        {"type": "scancode_waitmsg", "name": "扫码", "key": SCAN_KEY},
        _says("报工"),
        {
            "name": "更多",
            "sub_button": [
                {"type": "pic_photo_or_album", "name": "拍照", "key": "photo"},
                _says("谁在等我"),
                _says("今天还差什么"),
                _says("帮助"),
            ],
        },
    ]


def _says(sentence: str) -> dict[str, Any]:
    return {"type": "click", "name": sentence, "key": keys.write(keys.Pressed(say=sentence))}


async def create(api: Api, *, agent_id: int) -> None:
    """Put the menu in place of whatever stands there; raises WireError."""
    await api.right("POST", "menu/create", params={"agentid": agent_id}, json={"button": entries()})


async def read(api: Api, *, agent_id: int) -> list[dict[str, Any]]:
    """Return the entries that stand there, none before a menu was made; raises WireError."""
    answer = await api.ask("GET", "menu/get", params={"agentid": agent_id})
    if errcode_of(answer) == NO_MENU:
        return []
    if errcode_of(answer) != 0:
        raise ApiRefused(answer)
    found = answer.body.get("button", [])
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


async def delete(api: Api, *, agent_id: int) -> None:
    """Take the menu away; raises WireError."""
    await api.right("GET", "menu/delete", params={"agentid": agent_id})
