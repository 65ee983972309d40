"""Says a card through the app: on the call that asked, by changing the pressed card, or as messages."""

from dataclasses import replace
from functools import partial

import structlog

from bot.platforms.enclosures import NOT_SENT
from bot.platforms.wecom import keys
from bot.platforms.wecom.app import hearing, ids, outcomes, passive
from bot.platforms.wecom.app.attachments import Attachments
from bot.platforms.wecom.app.calls import Calls
from bot.platforms.wecom.app.clicks import Clicks
from bot.platforms.wecom.app.post import DUPLICATES_FOR, Post
from bot.platforms.wecom.doors import APP_DOOR, inner
from bot.platforms.wecom.following import followed, plainly
from bot.platforms.wecom.rendering import cards
from bot.platforms.wecom.rendering.content import Content
from bot.platforms.wecom.rendering.speech import speech, text_of
from bot.platforms.wecom.shown import ShownCards
from domain.clock import Clock
from domain.ids import made_at
from notifier.card import Card
from notifier.delivery import NOT_IN_PLACE, Delivered, Outcome, Outgoing, Retry, Unknown
from notifier.metering import spent

log = structlog.get_logger(__name__)


class Speaking:
    """The mouth of the app; `trouble` is what only a person can mend, '' if there is nothing."""

    def __init__(
        self,
        *,
        post: Post,
        clicks: Clicks,
        calls: Calls,
        attachments: Attachments,
        shown: ShownCards,
        clock: Clock,
        node: str,
    ) -> None:
        self._post = post
        self._clicks = clicks
        self._calls = calls
        self._attachments = attachments
        self._shown = shown
        self._clock = clock
        self._node = node
        self.trouble = ""

    async def send(self, out: Outgoing) -> Outcome:
        """Say it; never raises for anything the network does."""
        if await self._on_the_call(out):
            return Delivered()
        pressed = out.slot if out.slot and out.slot.kind == hearing.PRESSED else None
        if pressed and await self._clicks.pressed(out, slot=pressed):
            task = ids.Sent(task_id=str(pressed.data["task_id"]))
            return Delivered(provider_id=task.provider_id())
        if out.slot:
            self._calls.release(str(out.slot.data.get("call", "")))
        return self._noted(await self._message(out))

    async def _on_the_call(self, out: Outgoing) -> bool:
        """Answer with a short text on the callback that asked; False if it is no such answer, or too late."""
        slot = out.slot
        if slot is None or slot.kind != hearing.PASSIVE or slot.node != self._node:
            return False
        if self._clock.now() >= slot.deadline or not _is_plain(out.card):
            return False
        said = speech(out, kind="app_reply")
        if len(said.messages) > 1 or said.abridged:
            return False
        xml = passive.text_reply(text_of(out, kind="app_reply"), **self._clicks.between(out))
        said_there = await self._calls.answer(str(slot.data["call"]), xml)
        if said_there:
            spent("session")
        return said_there

    async def _message(self, out: Outgoing) -> Outcome:
        """Put it in the place of the card that it replaces, if that can be; else send."""
        before = ids.read(out.replaces)
        if await self._clicks.replaced(out, before):
            return Delivered(provider_id=replace(before, code="").provider_id())
        if out.in_place:
            return NOT_IN_PLACE
        said = speech(out, kind="app_text", files=True)
        attached = await self._attachments.of(out.card, key=out.key, abridged=said.abridged)
        if isinstance(attached, Retry):
            return attached
        if attached.notes:
            out = replace(out, card=replace(out.card, lines=(*out.card.lines, *attached.notes)))
        enclosed = any(one.kind == "file" for one in attached.contents)
        outcome = self._known_here(await self._said(out, enclosed=enclosed), out)
        if not isinstance(outcome, Delivered):
            return outcome
        send = partial(self._sent, out, keyed=True)
        return await followed(outcome, attached.contents, send=send, say=plainly, key=out.key)

    async def enclose(self, out: Outgoing, *, abridged: bool) -> Delivered:
        """Send only what goes with the card; the note says what did not arrive."""
        attached = await self._attachments.of(out.card, key=out.key, abridged=abridged)
        if isinstance(attached, Retry):
            return Delivered(note=f"{NOT_SENT['file']}{attached.reason}")
        first = Delivered(note="；".join(attached.notes))
        send = partial(self._sent, out, keyed=True)
        return await followed(first, attached.contents, send=send, say=plainly, key=out.key)

    async def _said(self, out: Outgoing, *, enclosed: bool) -> Outcome:
        """Send as a card if it has buttons and fits, and if the card is taken; else as text."""
        as_one = self._as_one(out)
        task_id = keys.task_id(out.key, repeat=as_one.repeat)
        template = cards.render(out.card, task_id=task_id, repeat=as_one.repeat)
        if template is None:
            return await self._texts(out, enclosed=enclosed)
        content = Content(kind="template_card", data=template)
        posted = await self._post.send(inner(out.chat_id), content, keyed=True)
        if isinstance(posted.outcome, Delivered):
            self._shown.keep(task_id, template, key=out.card.key)
            sent = ids.read(posted.outcome.provider_id)
            return Delivered(provider_id=replace(sent, task_id=task_id).provider_id())
        if posted.blames_content:
            log.warning("wecom.app_card_refused", errcode=posted.errcode)
            return await self._texts(out, enclosed=enclosed)
        return posted.outcome

    async def _texts(self, out: Outgoing, *, enclosed: bool) -> Outcome:
        """Send as text, in parts if it is long; only one with an answer number is known by its content."""
        messages = speech(self._as_one(out), kind="app_text", files=enclosed).messages
        keyed = out.card.number is not None and len(messages) == 1
        if not keyed:
            messages = speech(out.at(""), kind="app_text", files=enclosed).messages
        outcome = await self._sent(out, messages[0], keyed=keyed)
        if not isinstance(outcome, Delivered):
            return outcome
        send = partial(self._sent, out, keyed=False)
        return await followed(outcome, messages[1:], send=send, say=plainly, key=out.key)

    async def _sent(self, out: Outgoing, content: Content, *, keyed: bool) -> Outcome:
        return (await self._post.send(inner(out.chat_id), content, keyed=keyed)).outcome

    def _as_one(self, out: Outgoing) -> Outgoing:
        """Return it in the words of the attempt that may have arrived, while WeCom drops a second one."""
        dropped = self._clock.now() - made_at(out.id) < DUPLICATES_FOR
        return out.at(APP_DOOR if dropped else "")

    def _known_here(self, outcome: Outcome, out: Outgoing) -> Outcome:
        """Say where the message may be known, which another door would not ask for."""
        if not isinstance(outcome, Unknown) or not outcome.keyed:
            return outcome
        return replace(outcome, door=self._as_one(out).known_as(APP_DOOR))

    def _noted(self, outcome: Outcome) -> Outcome:
        """Remember what only a person can mend, for /healthz, until something is delivered."""
        if isinstance(outcome, Delivered):
            self.trouble = ""
        elif isinstance(outcome, Retry) and outcome.after == outcomes.CONFIG_SECONDS:
            self.trouble = outcome.reason
        return outcome


def _is_plain(card: Card) -> bool:
    """Whether text says it all."""
    return not (card.buttons or card.image or card.file)
