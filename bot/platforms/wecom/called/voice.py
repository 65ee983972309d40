"""Says a card on the call that asked, else once on its response_url; reports what happened."""

from typing import Final

import httpx
import structlog

from bot.platforms.enclosures import MediaPath, enclosures
from bot.platforms.http import NoAnswer, NotSent, call, same_host
from bot.platforms.wecom import outcomes
from bot.platforms.wecom.app.outcomes import errcode_of
from bot.platforms.wecom.called import answers
from bot.platforms.wecom.called.answers import Answer
from bot.platforms.wecom.called.calls import Calls, Make
from bot.platforms.wecom.called.hearing import SLOT
from bot.platforms.wecom.carrying import Carrier
from bot.platforms.wecom.config import WeComConfig
from bot.platforms.wecom.frames import Frame
from bot.platforms.wecom.shown import ShownCards
from domain.clock import Clock
from notifier.delivery import Delivered, Outcome, Outgoing, ReplySlot, Retry, Unknown
from notifier.metering import spent

log = structlog.get_logger(__name__)
_LOST: Final = "没有等到企业微信的回答，可能已经送达"
_UNREACHED: Final = "连不上企业微信"
_SERVER_ERRORS: Final = 500


class CallVoice:
    """The speaking half of the callback door: it can answer, and nothing else."""

    def __init__(
        self,
        calls: Calls,
        *,
        config: WeComConfig,
        http: httpx.AsyncClient,
        clock: Clock,
        node: str,
        media_path: MediaPath | None,
    ) -> None:
        self._calls = calls
        self._config = config
        self._http = http
        self._clock = clock
        self._node = node
        self._media_path = media_path
        self._shown = ShownCards()

    async def answer(self, out: Outgoing, *, carrier: Carrier | None = None) -> Outcome | None:
        """Answer on the slot of `out`; None if it has none that still stands.

        What an answer cannot take along goes by the `carrier`; without one it is said to be missing.
        """
        slot = out.slot
        if slot is None or slot.kind != SLOT or self._clock.now() >= slot.deadline:
            return None
        if slot.node == self._node and (outcome := await self._on_call(out, slot=slot, carrier=carrier)):
            return outcome
        return await self._on_url(out, slot=slot, carrier=carrier)

    async def _on_call(self, out: Outgoing, *, slot: ReplySlot, carrier: Carrier | None) -> Outcome | None:
        match slot.data.get("what"):
            case "message":
                answer = await self._made(out, slot=slot, by_url=False, carrier=carrier)
                return await self._said(answer, answer.on_call, out=out, carrier=carrier)
            case "welcome":
                answer = await self._made(out, slot=slot, by_url=True, carrier=carrier)
                return await self._said(answer, lambda _streaming: answer.welcome(), out=out, carrier=carrier)
            case "card":
                return await self._updated(out, slot=slot)
        return None

    async def _said(
        self, answer: Answer, make: Make, *, out: Outgoing, carrier: Carrier | None
    ) -> Outcome | None:
        if not await self._written(answer.call, make):
            return None
        spent("session")
        said = self._delivered(answer, out=out, as_card=answer.template is not None)
        return await _carried(answer, said, carrier=carrier)

    async def _updated(self, out: Outgoing, *, slot: ReplySlot) -> Outcome | None:
        """Bring the clicked card up to date; None if something is left to be said."""
        task_id, key = str(slot.data.get("task_id", "")), str(slot.data.get("key", ""))
        change = self._shown.after_click(out, task_id=task_id, key=key)
        if change is None:
            self._calls.drop(str(slot.data["call"]))
            return None
        body = answers.update(change.template)
        if not await self._written(str(slot.data["call"]), lambda _streaming: body):
            return None
        spent("card")
        self._shown.keep(task_id, change.template, key=out.card.key if change.says_all else None)
        return Delivered(provider_id=task_id) if change.says_all else None

    async def _written(self, call_id: str, make: Make) -> bool:
        found = self._calls.find(call_id)
        return found is not None and await found.say(make, within=self._config.timing.poll)

    async def _on_url(self, out: Outgoing, *, slot: ReplySlot, carrier: Carrier | None) -> Outcome | None:
        """Say it by the response_url, which works once and at every node; None if it does not (any more)."""
        url = str(slot.data.get("url", ""))
        if not same_host(url, (self._config.api_url,)):
            return None
        answer = await self._made(out, slot=slot, by_url=True, carrier=carrier)
        body = answer.on_url(direct=out.chat_kind == "direct")
        try:
            found = await call(self._http, "POST", url, json=body)
        except NotSent:
            return Retry(reason=_UNREACHED)
        except NoAnswer:
            return Unknown(reason=_LOST)
        errcode = errcode_of(found)
        if found.status >= _SERVER_ERRORS or errcode is None:
            return Unknown(reason=f"{_LOST}（HTTP {found.status}）")
        if errcode == 0:
            said = self._delivered(answer, out=out, as_card="template_card" in body)
            return await _carried(answer, said, carrier=carrier)
        log.warning("wecom.response_url_refused", errcode=errcode, key=out.key)
        refused = outcomes.outcome(Frame(errcode=errcode))
        return refused if isinstance(refused, Retry) else None

    async def _made(self, out: Outgoing, *, slot: ReplySlot, by_url: bool, carrier: Carrier | None) -> Answer:
        found = (
            await enclosures(out.card, abridged=False, media_path=self._media_path)
            if out.card.image or out.card.file
            else []
        )
        call_id, carried = str(slot.data["call"]), carrier.where if carrier else None
        return answers.answer(out, call=call_id, enclosed=found, by_url=by_url, carried=carried)

    def _delivered(self, answer: Answer, *, out: Outgoing, as_card: bool) -> Delivered:
        if not as_card or answer.template is None:
            return Delivered()
        self._shown.keep(answer.task_id, answer.template, key=out.card.key)
        return Delivered(provider_id=answer.task_id)


async def _carried(answer: Answer, said: Delivered, *, carrier: Carrier | None) -> Delivered:
    if carrier is None or answer.rest is None:
        return said
    return await carrier.carry(answer.rest, abridged=answer.abridged, after=said)
