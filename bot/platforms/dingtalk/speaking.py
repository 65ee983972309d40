"""Sends one message by the best way open (acknowledgement, card, session, push); says what happened."""

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import PurePath
from typing import Any

import structlog

from bot.platforms.dingtalk.api import Api
from bot.platforms.dingtalk.calls import asked, posted
from bot.platforms.dingtalk.cardroute import CardRoute
from bot.platforms.dingtalk.codes import NEVER, Fate
from bot.platforms.dingtalk.config import KNOWN_HOSTS, DingTalkConfig
from bot.platforms.dingtalk.following import Following, Said
from bot.platforms.dingtalk.hearing import EXTERNAL
from bot.platforms.dingtalk.hooks import Hooks
from bot.platforms.dingtalk.media import Media, UploadFailed, UploadKind
from bot.platforms.dingtalk.outcomes import Verdict, judge_failure
from bot.platforms.dingtalk.payload import text_of
from bot.platforms.dingtalk.rendering import (
    NO_PICTURE,
    card_creation,
    card_response,
    card_update,
    fits_card,
    mentions_of,
    message,
)
from bot.platforms.dingtalk.replies import OwedReplies
from bot.platforms.dingtalk.speech import Speech, card_speech, push_speech, session_speech
from bot.platforms.dingtalk.tracks import read_track, track_id
from bot.platforms.http import WireError, same_host
from domain.clock import Clock
from notifier.delivery import NOT_IN_PLACE, Delivered, Outcome, Outgoing, Refused, Unknown
from notifier.metering import spent

log = structlog.get_logger()

CARDS_OFF_SECONDS = 600.0
SEND_SECONDS = 12.0  # token, one call and one fallback at their own limits
NO_RESULT = f"{SEND_SECONDS:.0f} 秒内没有结果"
FILE_TYPES = {"xlsx", "pdf", "zip", "rar", "doc", "docx"}
UNREACHABLE = Refused(reason="对方不在本企业，只能在会话有效期内回复")


class Speaking:
    """The mouth: `send` for messages, `send_file` for files."""

    def __init__(
        self,
        config: DingTalkConfig,
        *,
        api: Api,
        media: Media,
        owed: OwedReplies,
        route: CardRoute,
        clock: Clock,
        node: str,
    ) -> None:
        self._config = config
        self._route = route
        self._api = api
        self._media = media
        self._owed = owed
        self._clock = clock
        self._node = node
        self.hooks = Hooks(config.hooks, api=api, clock=clock, known=(config.oapi_url, *KNOWN_HOSTS))
        self._cards_off_until = 0.0
        self._follow = Following(send_file=self.send_file, media_path=media.path)

    async def send(self, out: Outgoing) -> Outcome:
        """Render and send within SEND_SECONDS; never raises for anything that network or platform do.

        What follows the first message gets a few seconds more.
        """
        until = asyncio.get_running_loop().time() + SEND_SECONDS
        said = await self._send(out, until=until)
        self._owed.waive(_request_of(out))
        outcome = await self._follow(said, out, send=partial(self._further, out, said))
        log.info("dingtalk.sent", message=out.id, outcome=type(outcome).__name__, **_why(outcome))
        return outcome

    async def _send(self, out: Outgoing, *, until: float) -> Said:
        """Try a card, then text; a picture or a card of which nothing is known may be sent again as it is."""
        try:
            async with asyncio.timeout_at(until):
                if out.in_place:
                    return Said(outcome=await self._in_place(out))
                picture, note = await self._picture(out)
                said = await self._as_card(out, picture, note) if self._wants_card(out) else None
        except TimeoutError:
            return Said(outcome=Unknown(reason=NO_RESULT, keyed=True, door="card"))
        try:
            async with asyncio.timeout_at(until):
                return said or await self._as_text(out, picture, note)
        except TimeoutError:
            return Said(outcome=Unknown(reason=NO_RESULT))

    async def _picture(self, out: Outgoing) -> tuple[str, str]:
        """Return the media id of the card's picture, and what to say if it cannot be shown."""
        if not out.card.image:
            return "", ""
        picture = await self._media.picture(out.card.image)
        return picture, "" if picture else NO_PICTURE

    # cards

    def _wants_card(self, out: Outgoing) -> bool:
        """Say whether it can be pressed, is replaced later, or must ring where only cards can."""
        if not self._config.cards or _external(out):
            return False
        if read_track(out.replaces):
            return True
        if self._clock.monotonic() < self._cards_off_until:
            return False
        if out.card.key:
            return True
        if out.card.buttons:
            return fits_card(out, limit=self._config.card_value_bytes)
        return bool(mentions_of(out)) and not self._session_of(out)

    async def _as_card(self, out: Outgoing, picture: str, note: str) -> Said | None:
        """Return what happened, or None where cards are refused and text must do."""
        track = out.replaces if read_track(out.replaces) else track_id(out)
        speech = self._card(out, picture=picture, note=note, files=True)
        (values,) = speech.messages
        if await self._owed.fill(track, card_response(values)):
            # It went out with the acknowledgement of a press on it.
            return Said(outcome=Delivered(provider_id=track), abridged=speech.abridged)
        verdict = await self._update(track, values) if self._stands(out, track) else None
        if verdict is None or verdict.fate is Fate.CARD_MISSING:
            verdict = await self._create(out, track, values)
        if verdict.fate in NEVER:
            self._note_refusal(out, verdict)
            return None
        outcome = verdict.known_at("card")
        delivered = isinstance(outcome, Delivered)
        return Said(outcome=Delivered(provider_id=track) if delivered else outcome, abridged=speech.abridged)

    async def _in_place(self, out: Outgoing) -> Outcome:
        """Change the card that stands there, or leave it as it is; no file follows what nobody waits for."""
        if not read_track(out.replaces):
            return NOT_IN_PLACE
        (values,) = self._card(out, files=False).messages
        if await self._owed.fill(out.replaces, card_response(values)):
            return Delivered()
        verdict = await self._update(out.replaces, values)
        return NOT_IN_PLACE if verdict.fate in NEVER else verdict.outcome(idempotent=True)

    def _card(self, out: Outgoing, *, files: bool, picture: str = "", note: str = "") -> Speech:
        limit = self._config.card_value_bytes
        return card_speech(out, limit=limit, picture=picture, note=note, files=files)

    def _stands(self, out: Outgoing, track: str) -> bool:
        """Whether the card is known to be there: it is the one to replace, or the one that was pressed."""
        return track in {out.replaces, out.slot.data.get("track") if out.slot else ""}

    async def _create(self, out: Outgoing, track: str, values: dict[str, str]) -> Verdict:
        """Create and deliver; one that stands already is the result of an earlier attempt or version."""
        body = card_creation(
            out, values, track=track, template=self._config.card_template_id, robot=self._config.robot
        )
        body |= await self._route.fields()
        verdict = await asked(self._api, "POST", "/v1.0/card/instances/createAndDeliver", body=body)
        if verdict.fate is not Fate.CARD_EXISTS:
            return verdict
        return await self._update(track, values) if out.card.key else Verdict(fate=Fate.DONE)

    async def _update(self, track: str, values: dict[str, str]) -> Verdict:
        return await asked(self._api, "PUT", "/v1.0/card/instances", body=card_update(values, track=track))

    def _note_refusal(self, out: Outgoing, verdict: Verdict) -> None:
        """Without the permission, cards are not tried for a while: each try costs a call of the month."""
        log.warning("dingtalk.card_refused", message=out.id, reason=verdict.reason)
        if verdict.fate is Fate.FORBIDDEN:
            self._cards_off_until = self._clock.monotonic() + CARDS_OFF_SECONDS

    # text

    async def _as_text(self, out: Outgoing, picture: str, note: str) -> Said:
        """Send the first of the messages that say the card; the others are in the answer."""
        out = out.at("")
        speech = session_speech(out, picture=picture, note=note, files=not _external(out))
        if await self._owed.fill(_request_of(out), speech.messages[0]):
            spent("session")
            return _said(Delivered(), speech, by_session=True)  # as the response to the request that asked
        if webhook := self._session_of(out):
            verdict = await posted(self._api, webhook, speech.messages[0])
            if verdict.fate is not Fate.SESSION_GONE:
                return _said(verdict.outcome(), speech, by_session=True)
        if _external(out):
            return Said(outcome=UNREACHABLE)
        if rung := await self._by_hook(out):
            return rung
        speech = push_speech(out, picture=picture, note=note, files=True)
        return _said((await self._push(out, speech.messages[0])).outcome(), speech)

    async def _by_hook(self, out: Outgoing) -> Said | None:
        """Say it by the group's own robot where somebody is to be rung: a push mentions nobody (3.3)."""
        hook = self.hooks.chat_of(out.chat_id) if mentions_of(out) else ""
        outcome = await self.hooks.send(replace(out, chat_id=hook, slot=None)) if hook else None
        return None if outcome is None or isinstance(outcome, Refused) else Said(outcome=outcome)

    async def _further(self, out: Outgoing, said: Said, body: dict[str, Any]) -> Outcome:
        """Send a later message the way that the first one went."""
        if not said.by_session:
            return (await self._push(out, body)).outcome()
        webhook = self._session_of(out)
        return (await posted(self._api, webhook, body)).outcome() if webhook else UNREACHABLE

    def _session_of(self, out: Outgoing) -> str:
        """Return the session's address while it lives, and only if it is DingTalk's own."""
        slot = out.slot
        if slot is None or slot.kind != "session" or self._clock.now() >= slot.deadline:
            return ""
        if slot.node not in {"", self._node}:
            return ""
        webhook = text_of(slot.data, "webhook")
        known = (self._config.oapi_url, *KNOWN_HOSTS)
        return webhook if same_host(webhook, known) else ""

    async def _push(self, out: Outgoing, content: dict[str, Any]) -> Verdict:
        """Send by the robot API: to the group, or to the one person."""
        body: dict[str, Any] = {"robotCode": self._config.robot, **content}
        if out.chat_kind == "group":
            group = {**body, "openConversationId": out.chat_id}
            return await asked(self._api, "POST", "/v1.0/robot/groupMessages/send", body=group)
        person = {**body, "userIds": [out.chat_id]}
        return await asked(self._api, "POST", "/v1.0/robot/oToMessages/batchSend", body=person)

    async def send_file(self, out: Outgoing, *, name: str, data: bytes, kind: UploadKind = "file") -> Outcome:
        """Send a picture or file (20 MB at most) to the chat of `out`, beside what its card says."""
        ending = PurePath(name).suffix.lstrip(".").lower()
        if _external(out):
            return UNREACHABLE
        if kind == "file" and ending not in FILE_TYPES:
            return Refused(reason=f"钉钉不能发送 .{ending} 文件")
        try:
            media_id = await self._media.upload(kind, name, data)
        except UploadFailed as failure:
            return failure.outcome
        except WireError as failure:
            return judge_failure(failure).outcome(idempotent=True)
        if kind == "image":
            return (await self._push(out, message("sampleImageMsg", photoURL=media_id))).outcome()
        content = message("sampleFile", mediaId=media_id, fileName=name, fileType=ending)
        return (await self._push(out, content)).outcome()


def _said(outcome: Outcome, speech: Speech, *, by_session: bool = False) -> Said:
    rest, abridged = speech.messages[1:], speech.abridged
    return Said(outcome=outcome, rest=rest, abridged=abridged, by_session=by_session)


def _request_of(out: Outgoing) -> str:
    """Return the name of the HTTP request that asked, if one did: its response may carry the answer."""
    return text_of(out.slot.data, "request") if out.slot and out.slot.kind == "session" else ""


def _external(out: Outgoing) -> bool:
    return out.chat_kind == "direct" and out.chat_id.startswith(EXTERNAL)


def _why(outcome: Outcome) -> dict[str, str]:
    return {} if isinstance(outcome, Delivered) else {"reason": outcome.reason}
