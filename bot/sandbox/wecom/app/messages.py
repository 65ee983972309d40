"""What the app says: message/send, update_template_card, recall (pages 90236, 94888, 94867)."""

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.sandbox.town import PostKind, Resident
from bot.sandbox.wecom.app import refusals
from bot.sandbox.wecom.app.cardboard import Cardboard
from bot.sandbox.wecom.app.counter import Ask, Counter, Door
from bot.sandbox.wecom.app.limits import TEXT_BYTES
from bot.sandbox.wecom.app.media import Media
from bot.sandbox.wecom.app.refusals import ApiRefusal
from bot.sandbox.wecom.cards import check_card
from bot.sandbox.wecom.limits import Window
from bot.sandbox.wecom.refusals import Refusal
from bot.sandbox.wecom.rendering import card_body, media_body
from bot.sandbox.world import World

TEXTS = (str, int)
FIELDS: dict[str, Any] = {
    "touser": str, "toparty": str, "totag": str, "msgtype": str, "agentid": TEXTS, "safe": TEXTS,
    "enable_id_trans": int, "enable_duplicate_check": int, "duplicate_check_interval": int,
    "text": dict, "markdown": dict, "image": dict, "voice": dict, "video": dict, "file": dict,
    "textcard": dict, "news": dict, "template_card": dict,
}  # fmt: skip
MEDIA = ("image", "voice", "video", "file")
GONE = "（消息已撤回）"


@dataclass(frozen=True, kw_only=True)
class Saying:
    """A message that was found right: what is shown, and the task id if it is a card."""

    kind: PostKind
    body: dict[str, Any]
    task_id: str = ""
    answers: bool = False  # its buttons call back


class Messages:
    """`visible` is the app's visible range (resident ids; None: everybody with a WeCom account)."""

    def __init__(
        self,
        counter: Counter,
        world: World,
        *,
        agent_id: int,
        media: Media,
        cardboard: Cardboard,
        hears: Callable[[], bool],
    ) -> None:
        self.visible: set[str] | None = None
        self.dropped = 0  # repeats that the duplicate check swallowed
        self._counter, self._world, self._agent_id = counter, world, agent_id
        self._media, self._cardboard, self._hears = media, cardboard, hears
        self._windows = (
            Window(most=counter.limits.per_minute, span=timedelta(minutes=1)),
            Window(most=counter.limits.per_hour, span=timedelta(hours=1)),
        )
        self._said: dict[str, datetime] = {}
        self._sent: dict[str, tuple[datetime, tuple[str, ...]]] = {}

    def doors(self) -> list[Door]:
        """Return the addresses."""
        update = "message/update_template_card"
        return [
            Door(name="app.send", method="POST", path="message/send", handler=self._send),
            Door(name="app.update_card", method="POST", path=update, handler=self._update),
            Door(name="app.recall", method="POST", path="message/recall", handler=self._recall),
        ]

    async def _send(self, ask: Ask) -> dict[str, Any] | web.StreamResponse:
        self._counter.check_fields(ask, FIELDS, need="msgtype agentid")
        if str(ask.body.get("agentid")) != str(self._agent_id):
            raise ApiRefusal(refusals.OTHER_AGENT, "not allow operate another agent", rule="send.agentid")
        found, unknown = self._receivers(ask)
        saying = self._saying(ask)
        answer: dict[str, Any] = {"errcode": 0, "errmsg": "ok", "msgid": secrets.token_urlsafe(24)}
        answer |= {"invaliduser": "|".join(unknown)} if unknown else {}
        if self._is_repeat(ask):
            self.dropped += 1
            return answer
        posts = tuple(self._tell(ask, person, saying) for person in found)
        self._sent[answer["msgid"]] = (self._counter.clock.now(), tuple(filter(None, posts)))
        if saying.answers:
            answer["response_code"] = self._cardboard.code(
                saying.task_id, user_ids=[p.wecom_user_id for p in found]
            )
        return answer

    def _receivers(self, ask: Ask) -> tuple[list[Resident], list[str]]:
        """Return who gets it and who is unknown (in lower case); nobody at all is 81013."""
        wanted = [name for name in str(ask.body.get("touser", "")).split("|") if name]
        if len(wanted) > self._counter.limits.receivers:
            raise ApiRefusal(refusals.BAD_PARAMETER, "touser: at most 1000", rule="send.receivers")
        if "@all" in wanted:
            return [person for person in self._world.residents.values() if self._sees(person)], []
        known = {
            person.wecom_user_id.lower(): person
            for person in self._world.residents.values()
            if self._sees(person)
        }
        found = [known[name.lower()] for name in wanted if name.lower() in known]
        if not found:
            raise ApiRefusal(refusals.NOBODY, "user & party & tag all invalid")
        return found, [name.lower() for name in wanted if name.lower() not in known]

    def _sees(self, person: Resident) -> bool:
        return bool(person.wecom_user_id) and (self.visible is None or person.id in self.visible)

    def _saying(self, ask: Ask) -> Saying:
        kind = ask.body.get("msgtype")
        part = ask.body.get(str(kind))
        if not isinstance(part, dict):
            raise ApiRefusal(refusals.BAD_TYPE, f"invalid message type {kind}", rule="send.msgtype")
        match kind:
            case "text" | "markdown":
                return self._words(ask, str(kind), part)
            case "textcard":
                text = f"{part.get('description', '')}\n{part.get('url', '')}"
                return Saying(kind="markdown", body={"title": str(part.get("title", "")), "text": text})
            case "template_card":
                return self._card(part)
            case _ if kind in MEDIA:
                shown, body = media_body(self._world, self._media.find(part.get("media_id"), kind=str(kind)))
                return Saying(kind=shown, body=body)
        raise ApiRefusal(refusals.BAD_TYPE, f"invalid message type {kind}", rule="send.msgtype")

    def _words(self, ask: Ask, kind: str, part: dict[str, Any]) -> Saying:
        content = part.get("content")
        if not isinstance(content, str) or not content:
            raise ApiRefusal(refusals.EMPTY, "content is empty", rule="content.empty")
        if len(content.encode()) > TEXT_BYTES:
            self._counter.violate("content.cut", ask.door, f"{len(content.encode())} bytes")
            content = content.encode()[:TEXT_BYTES].decode(errors="ignore")
        if kind == "text":
            return Saying(kind="text", body={"text": content, "images": []})
        return Saying(kind="markdown", body={"title": "", "text": content})

    def _card(self, part: dict[str, Any]) -> Saying:
        try:
            card = check_card(part)
        except Refusal as refusal:
            raise ApiRefusal(refusal.code, refusal.message, rule=refusal.rule) from None
        answers = card["card_type"] not in ("text_notice", "news_notice")
        if answers and not self._hears():
            raise ApiRefusal(refusals.BAD_PARAMETER, "callback url is not set", rule="card.callback")
        task_id = str(card.get("task_id", ""))
        return Saying(kind="card", body=card_body(card), task_id=task_id, answers=answers)

    def _is_repeat(self, ask: Ask) -> bool:
        """Whether the same was said to the same within the interval, and both asked for the check."""
        if ask.body.get("enable_duplicate_check") != 1:
            return False
        limits, now = self._counter.limits, self._counter.clock.now()
        wanted = ask.body.get("duplicate_check_interval", limits.duplicates_usual)
        if not 0 < wanted <= limits.duplicates_most:
            raise ApiRefusal(
                refusals.BAD_PARAMETER, "duplicate_check_interval: at most 14400", rule="send.interval"
            )
        whole = json.dumps(ask.body, sort_keys=True)
        digest = hashlib.sha256(whole.encode()).hexdigest()
        before, self._said[digest] = self._said.get(digest), now
        return before is not None and now - before <= timedelta(seconds=wanted)

    def _tell(self, ask: Ask, person: Resident, saying: Saying) -> str:
        """Show it in the person's chat with the app; beyond the limits it vanishes without a word."""
        now = self._counter.clock.now()
        if any(window.full(person.id, now=now) for window in self._windows):
            self._counter.violate("member.rate", ask.door, person.id)
            return ""
        for window in self._windows:
            window.hit(person.id, now=now)
        room = self._world.direct_room("wecom", person.id, door="app")
        return self._world.bot_post(room.id, saying.kind, dict(saying.body), tag=saying.task_id).id

    async def _update(self, ask: Ask) -> dict[str, Any] | web.StreamResponse:
        return self._cardboard.update(ask, agent_id=self._agent_id)

    async def _recall(self, ask: Ask) -> dict[str, Any] | web.StreamResponse:
        self._counter.check_fields(ask, {"msgid": str}, need="msgid")
        at, posts = self._sent.get(str(ask.body.get("msgid")), (None, ()))
        if at is None or self._counter.clock.now() - at > self._counter.limits.recall_life:
            raise ApiRefusal(refusals.BAD_PARAMETER, "invalid msgid", rule="recall.msgid")
        for post_id in posts:
            self._world.update_post(post_id, {"text": GONE, "images": []}, kind="text")
        return {"errcode": 0, "errmsg": "ok"}
