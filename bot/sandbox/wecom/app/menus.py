"""The app's menu: made, read and taken away (page 90231)."""

from typing import Any

from aiohttp import web

from bot.sandbox.wecom.app import refusals
from bot.sandbox.wecom.app.counter import Ask, Counter, Door
from bot.sandbox.wecom.app.refusals import ApiRefusal

TYPES = (
    "click",
    "view",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
    "view_miniprogram",
)
MOST_ENTRIES, MOST_SUB = 3, 5
NAME_BYTES, SUB_NAME_BYTES, KEY_BYTES = 16, 40, 128

Entry = dict[str, Any]


class Menus:
    """`entries` is what stands below the chat."""

    def __init__(self, counter: Counter, *, agent_id: int) -> None:
        self.entries: list[Entry] = []
        self._counter = counter
        self._agent_id = agent_id

    def doors(self) -> list[Door]:
        """Return the addresses."""
        return [
            Door(name="app.menu_create", method="POST", path="menu/create", handler=self._create),
            Door(name="app.menu_get", method="GET", path="menu/get", handler=self._get, json=False),
            Door(name="app.menu_delete", method="GET", path="menu/delete", handler=self._delete, json=False),
        ]

    def flat(self) -> list[Entry]:
        """Return every entry that can be pressed."""
        return [sub for entry in self.entries for sub in entry.get("sub_button") or [entry]]

    def key_of(self, kind: str) -> str:
        """Return the key of the first entry of a type; KeyError where there is none."""
        for entry in self.flat():
            if entry["type"] == kind:
                return str(entry["key"])
        raise KeyError(kind)

    async def _create(self, ask: Ask) -> dict[str, Any] | web.StreamResponse:
        self._check_agent(ask)
        entries = ask.body.get("button")
        if not isinstance(entries, list) or not 1 <= len(entries) <= MOST_ENTRIES:
            raise _wrong("button has 1 to 3 entries")
        for entry in entries:
            self._check(entry)
        self.entries = entries
        return {"errcode": 0, "errmsg": "ok"}

    def _check(self, entry: Any) -> None:
        sub = entry.get("sub_button") if isinstance(entry, dict) else None
        if sub is None:
            _check_entry(entry, name_bytes=NAME_BYTES)
        elif not isinstance(sub, list) or not 1 <= len(sub) <= MOST_SUB:
            raise _wrong("sub_button has 1 to 5 entries")
        else:
            _check_name(entry, NAME_BYTES)
            for one in sub:
                _check_entry(one, name_bytes=SUB_NAME_BYTES)

    async def _get(self, ask: Ask) -> dict[str, Any] | web.StreamResponse:
        self._check_agent(ask)
        if not self.entries:
            raise ApiRefusal(refusals.NO_MENU, "menu not exist")
        return {"errcode": 0, "errmsg": "ok", "button": self.entries}

    async def _delete(self, ask: Ask) -> dict[str, Any] | web.StreamResponse:
        self._check_agent(ask)
        self.entries = []
        return {"errcode": 0, "errmsg": "ok"}

    def _check_agent(self, ask: Ask) -> None:
        if ask.request.query.get("agentid") != str(self._agent_id):
            raise ApiRefusal(refusals.OTHER_AGENT, "not allow operate another agent", rule="menu.agentid")


def _check_entry(entry: Any, *, name_bytes: int) -> None:
    if not isinstance(entry, dict) or entry.get("type") not in TYPES:
        raise _wrong("unknown type of entry")
    _check_name(entry, name_bytes)
    key = entry.get("url" if entry["type"] == "view" else "key", "")
    if not isinstance(key, str) or not key or (entry["type"] != "view" and len(key.encode()) > KEY_BYTES):
        raise _wrong("key is 1 to 128 bytes")


def _check_name(entry: Entry, most: int) -> None:
    name = entry.get("name")
    if not isinstance(name, str) or not 1 <= len(name.encode()) <= most:
        raise _wrong(f"name is 1 to {most} bytes")


def _wrong(message: str) -> ApiRefusal:
    return ApiRefusal(40016, f"invalid button: {message}", rule="menu.entry")
