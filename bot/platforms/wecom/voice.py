"""Says a card: picks the way, tries the other ways, updates clicked cards, and reports what happened."""

from collections.abc import Coroutine
from dataclasses import replace
from functools import partial
from typing import Any

import structlog

from bot.platforms.enclosures import NOT_UPLOADED, Enclosure, MediaPath
from bot.platforms.uploads import Uploads
from bot.platforms.wecom import frames, keys, outcomes, routes, upload
from bot.platforms.wecom.config import WeComConfig
from bot.platforms.wecom.following import followed
from bot.platforms.wecom.line import Line
from bot.platforms.wecom.link import AckLost, Link, NotSent
from bot.platforms.wecom.rendering import cards
from bot.platforms.wecom.rendering.content import Content
from bot.platforms.wecom.rendering.limits import Kind
from bot.platforms.wecom.rendering.speech import Speech, speech
from bot.platforms.wecom.routes import Attempt
from bot.platforms.wecom.shown import ShownCards
from bot.platforms.wecom.upload import UploadKind, UploadRefused
from domain.clock import Clock
from notifier.delivery import Delivered, Outcome, Outgoing, Refused, ReplySlot, Retry, Unknown

log = structlog.get_logger(__name__)

_LOST = "没有等到企业微信的回执，可能已经送达"


class Voice:
    """The speaking half; everything goes over the one line."""

    def __init__(
        self, line: Line, *, config: WeComConfig, clock: Clock, node: str, media_path: MediaPath | None
    ) -> None:
        self._line = line
        self._config = config
        self._clock = clock
        self._node = node
        self._uploads = Uploads(media_path=media_path)
        self._shown = ShownCards()

    async def send(self, out: Outgoing) -> Outcome:
        """Send a card; where the connection dies under it undelivered, once more on the next one."""
        link = self._line.link
        return await self._reported(self._say_twice(out, link=link)) if link else self._offline()

    async def send_file(self, out: Outgoing, *, name: str, data: bytes, kind: UploadKind) -> Outcome:
        """Upload a file or picture and send it to the chat of `out`."""
        link = self._line.link
        if link is None:
            return self._offline()
        if not upload.fits(data, kind=kind):
            return Refused(reason=f"文件是空的，或者超过企业微信的大小限制：{name}")
        media_id = await self._uploaded(link, data, kind=kind, name=name)
        if not isinstance(media_id, str):
            return media_id
        content = Content(kind=kind, data={"media_id": media_id})
        attempt = self._attempt(content, out=out, slot=self._standing(out, link=link))
        return await self._reported(self._tried(attempt, link=link, plain=""))

    async def _reported(self, saying: Coroutine[Any, Any, Outcome]) -> Outcome:
        """Turn what the line does to a request into an outcome."""
        try:
            return await saying
        except NotSent:
            return self._offline()
        except AckLost:
            return Unknown(reason=_LOST)

    async def _say_twice(self, out: Outgoing, *, link: Link) -> Outcome:
        try:
            return await self._say(out, link=link)
        except NotSent:
            again = await self._line.ready(within=self._config.timing.resend)
        return await self._say(out, link=again) if again else self._offline()

    def _attempt(self, content: Content, *, out: Outgoing, slot: ReplySlot | None) -> Attempt:
        """Return the first way to send `content`: on the request that asked if that still stands (`slot`)."""
        if slot and slot.kind == "req_id":
            req_id = str(slot.data["req_id"])
            return routes.answer(content, req_id=req_id, chat_id=out.chat_id, chat_kind=out.chat_kind)
        return routes.push(content, chat_id=out.chat_id, chat_kind=out.chat_kind)

    async def _say(self, out: Outgoing, *, link: Link) -> Outcome:
        slot = self._standing(out, link=link)
        if slot and slot.kind == "card_update" and await self._updated(out, slot=slot, link=link):
            return Delivered(provider_id=str(slot.data["task_id"]))
        said = self._words(out, slot=slot, files=True)
        one_by_one = partial(self._enclosure, link=link)
        enclosed = await self._uploads.of(out.card, key=out.key, abridged=said.abridged, upload=one_by_one)
        if isinstance(enclosed, Retry):
            return enclosed
        if enclosed.notes:
            out = replace(out, card=replace(out.card, lines=(*out.card.lines, *enclosed.notes)))
            files = any(content.kind == "file" for content in enclosed.contents)
            said = self._words(out, slot=slot, files=files)
        outcome = await self._message(out, said.messages[0], slot=slot, link=link)
        if not isinstance(outcome, Delivered):
            return outcome
        send = partial(self._follow, out=out, link=link)
        rest = [*said.messages[1:], *enclosed.contents]
        return await followed(outcome, rest, send=send, say=Content.markdown, key=out.key)

    def _words(self, out: Outgoing, *, slot: ReplySlot | None, files: bool) -> Speech:
        """Return what is said where no template card can say it."""
        kind: Kind = "stream" if self._config.reply_format == "stream" else "markdown"
        if slot and slot.kind == "welcome":
            kind = "welcome"
        stream_id = keys.task_id(out.key, repeat=out.repeat) if kind == "stream" else ""
        return speech(out, kind=kind, files=files, stream_id=stream_id)

    async def _message(self, out: Outgoing, said: Content, *, slot: ReplySlot | None, link: Link) -> Outcome:
        """Send the card itself: as template card if it has buttons and fits, else in words."""
        task_id = keys.task_id(out.key, repeat=out.repeat) if out.card.buttons else ""
        template = cards.render(out.card, task_id=task_id, repeat=out.repeat)
        content = Content(kind="template_card", data=template) if template else said
        if slot and slot.kind == "welcome":
            first = self._welcome(out, slot=slot, content=content)
        else:
            first = self._attempt(content, out=out, slot=slot)
        if template:
            self._shown.keep(task_id, template, key=out.card.key)
        plain = str(said.data["content"])
        return await self._tried(first, link=link, plain=plain, provider_id=task_id if template else "")

    def _welcome(self, out: Outgoing, *, slot: ReplySlot, content: Content) -> Attempt:
        req_id = str(slot.data["req_id"])
        return Attempt(
            cmd=frames.WELCOME, req_id=req_id, chat_id=out.chat_id, chat_kind=out.chat_kind, content=content
        )

    async def _tried(self, first: Attempt, *, link: Link, plain: str, provider_id: str = "") -> Outcome:
        """Try one way after the other, each once, until one works or none is left; report the last."""
        attempt: Attempt | None = first
        tried: set[tuple[str, str, str]] = set()
        outcome: Outcome = Refused(reason="没有发送的途径")
        while attempt and attempt.way not in tried:
            tried.add(attempt.way)
            answer = await link.ask(attempt.cmd, attempt.body(), req_id=attempt.req_id)
            if answer.errcode == outcomes.NOT_SUBSCRIBED:
                raise NotSent("not subscribed")
            card_sent = attempt.content.kind == "template_card"
            outcome = outcomes.outcome(answer, provider_id=provider_id if card_sent else "")
            if answer.errcode == 0:
                return outcome
            log.warning("wecom.send_refused", cmd=attempt.cmd, errcode=answer.errcode, key=attempt.chat_id)
            recent = link.recent.get(attempt.chat_id, "")
            attempt = routes.instead(attempt, answer.errcode, plain=plain, recent=recent)
        return outcome

    async def _updated(self, out: Outgoing, *, slot: ReplySlot, link: Link) -> bool:
        """Bring the clicked card up to date; returns whether the card now says all there is to say."""
        task_id = str(slot.data.get("task_id", ""))
        change = self._shown.after_click(out, task_id=task_id, key=str(slot.data.get("key", "")))
        if not task_id or change is None:
            return False
        body = {"response_type": "update_template_card", "template_card": change.template}
        try:
            answer = await link.ask(frames.UPDATE, body, req_id=str(slot.data["req_id"]))
        except AckLost:
            if change.says_all:
                raise
            return False
        if answer.errcode:
            log.warning("wecom.update_refused", errcode=answer.errcode, task_id=task_id)
            return False
        self._shown.keep(task_id, change.template, key=out.card.key if change.says_all else None)
        return change.says_all

    async def _enclosure(self, one: Enclosure, *, link: Link) -> Content | Retry | str:
        if wrong := upload.unfit(one):
            return wrong
        media_id = await self._uploaded(link, one.data, kind=one.kind, name=one.name)
        if isinstance(media_id, str):
            return Content(kind=one.kind, data={"media_id": media_id})
        return media_id if isinstance(media_id, Retry) else NOT_UPLOADED[one.kind]

    async def _uploaded(self, link: Link, content: bytes, *, kind: UploadKind, name: str) -> str | Outcome:
        """Return the media id, or what went wrong; nothing has been shown yet, so nothing is Unknown."""
        try:
            return await upload.upload(link, content, kind=kind, name=name)
        except (NotSent, AckLost):
            return Retry(reason="文件没有传完")
        except UploadRefused as refused:
            log.warning("wecom.upload_refused", errcode=refused.answer.errcode, kind=kind)
            return outcomes.outcome(refused.answer)

    async def _follow(self, content: Content, *, out: Outgoing, link: Link) -> Outcome:
        try:
            plain = str(content.data.get("content", ""))
            attempt = self._attempt(content, out=out, slot=self._standing(out, link=link))
            return await self._tried(attempt, link=link, plain=plain)
        except (NotSent, AckLost) as lost:
            return Unknown(reason=str(lost))

    def _standing(self, out: Outgoing, *, link: Link | None) -> ReplySlot | None:
        """Return the slot if its request can still be answered: our node, this connection, in time."""
        slot = out.slot
        if slot is None or link is None or slot.node not in {"", self._node}:
            return None
        same = slot.data.get("connection") == link.id and link.takes(str(slot.data.get("req_id", "")))
        return slot if same and self._clock.now() < slot.deadline else None

    def _offline(self) -> Retry:
        standing = self._line.standing
        return Retry(reason=standing.detail or "长连接还没有接通", after=self._line.next_try())
