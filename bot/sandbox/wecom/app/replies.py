"""What the bot answers on the callback itself (page 90241): opened, checked, and shown as posts."""

import re
from typing import Any
from xml.etree import ElementTree as ET  # the bot's own answer on loopback

from bot.sandbox.town import Room
from bot.sandbox.wecom.app.cardboard import Cardboard
from bot.sandbox.wecom.app.counter import Counter
from bot.sandbox.wecom.app.limits import TEXT_BYTES
from bot.sandbox.wecom.app.refusals import ApiRefusal
from bot.sandbox.wecom.envelopes import BadEnvelope, Envelopes
from bot.sandbox.world import World

ANSWERED = (  # the events on which page 90241 takes a message
    "subscribe", "enter_agent", "LOCATION", "click", "view", "view_miniprogram", "scancode_waitmsg",
    "template_card_menu_event",
)  # fmt: skip
UPDATES = ("update_button", "update_template_card")
LISTS = ("button_list", "horizontal_content_list", "jump_list", "select_list", "option_list", "action_list")
PUSH = "app.push"


class Replies:
    """Shows answers, and writes down those that WeCom would not take."""

    def __init__(
        self, counter: Counter, world: World, *, envelopes: Envelopes, cardboard: Cardboard, corp_id: str
    ) -> None:
        self._counter, self._world = counter, world
        self._envelopes, self._cardboard, self._corp_id = envelopes, cardboard, corp_id

    def show(self, text: str, *, room: Room, event: str, subject: str, user_id: str) -> None:
        """Show an answer; `event` is empty for a message, `subject` the task id of a pressed card."""
        try:
            plain = self._opened(text)
            reply = ET.fromstring(plain)  # noqa: S314 (see above)
        except (BadEnvelope, ET.ParseError, LookupError) as error:
            self._counter.violate("passive.envelope", PUSH, f"{type(error).__name__} {error}")
            return
        self._counter.recorder.record("in", f"wecom.{PUSH}", plain)
        said = {child.tag: child for child in reply}
        kind = _text(said, "MsgType")
        if (
            _text(said, "ToUserName").lower() != user_id.lower()
            or _text(said, "FromUserName") != self._corp_id
        ):
            self._counter.violate("passive.names", PUSH, plain)
        if kind in UPDATES and event == "template_card_event":
            self._update(kind, said, task_id=subject)
        elif kind == "text" and (not event or event in ANSWERED):
            self._say(_text(said, "Content"), room)
        else:
            self._counter.violate("passive.not_allowed", PUSH, f"{kind} on {event or 'message'}")

    def _opened(self, text: str) -> str:
        envelope = {child.tag: child.text or "" for child in ET.fromstring(text)}  # noqa: S314 (see above)
        encrypted = envelope["Encrypt"]
        own = self._envelopes.sign(envelope["TimeStamp"], envelope["Nonce"], encrypted)
        if own != envelope["MsgSignature"]:
            raise BadEnvelope("signature")
        return self._envelopes.decrypt(encrypted)

    def _say(self, content: str, room: Room) -> None:
        if not content:
            self._counter.violate("passive.empty", PUSH)
            return
        if len(content.encode()) > TEXT_BYTES:
            self._counter.violate("passive.cut", PUSH, f"{len(content.encode())} bytes")
            content = content.encode()[:TEXT_BYTES].decode(errors="ignore")
        self._world.bot_post(room.id, "text", {"text": content, "images": []})

    def _update(self, kind: str, said: dict[str, ET.Element], *, task_id: str) -> None:
        try:
            if kind == "update_button":
                self._cardboard.replace_buttons(task_id, said["Button"].findtext("ReplaceName", ""))
            else:
                self._cardboard.become(task_id, _plain(said["TemplateCard"]))
        except KeyError as missing:
            self._counter.violate("passive.shape", PUSH, str(missing))
        except ApiRefusal as refusal:
            self._counter.violate(refusal.rule, PUSH, refusal.message)


def _text(said: dict[str, ET.Element], name: str) -> str:
    return (said[name].text or "").strip() if name in said else ""


def _plain(element: ET.Element) -> dict[str, Any]:
    """Return PascalCase elements as the JSON API writes the same card."""
    made: dict[str, Any] = {}
    for child in element:
        name = "keyname" if child.tag == "KeyName" else re.sub(r"(?<!^)(?=[A-Z])", "_", child.tag).lower()
        value: Any = _plain(child) if len(child) else _scalar(name, child.text or "")
        if name in LISTS:
            made.setdefault(name, []).append(value)
        else:
            made[name] = value
    return made


def _scalar(name: str, text: str) -> Any:
    return int(text) if name in ("style", "type", "disable") and text.isdecimal() else text
