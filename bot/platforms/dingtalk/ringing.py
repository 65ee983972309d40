"""Rings somebody by DING (in the app, by text message, by telephone), milder where the louder way is refused.

Source: `POST /v1.0/robot/ding/send` of open.dingtalk.com. SMS and telephone need a purchased pack; what is
used up or forbidden is not tried again for a while, because each try costs a call of the month.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import structlog

from bot.platforms.dingtalk.api import Api
from bot.platforms.dingtalk.calls import asked
from bot.platforms.dingtalk.codes import Fate
from bot.platforms.dingtalk.config import DingTalkConfig
from bot.platforms.dingtalk.hearing import EXTERNAL
from bot.platforms.dingtalk.outcomes import Verdict
from bot.platforms.dingtalk.rendering import mentions_of
from bot.platforms.dingtalk.speech import plain_speech
from domain.clock import Clock
from notifier.card import Ring
from notifier.delivery import Delivered, Outcome, Outgoing, Refused

log = structlog.get_logger()

PATH: Final = "/v1.0/robot/ding/send"
LOUDEST_FIRST: Final[tuple[Ring, ...]] = ("phone", "sms", "app")
REMIND_TYPE: Final[dict[Ring, int]] = {"app": 1, "sms": 2, "phone": 3}
MOST_PEOPLE: Final[dict[Ring, int]] = {"app": 200, "sms": 20, "phone": 20}
WORDS: Final[dict[Ring, str]] = {"app": "应用内 DING", "sms": "短信 DING", "phone": "电话 DING"}
MOST_BYTES: Final = 600  # it is read out over the telephone; no page gives a limit
VOICE: Final = "Standard_Female_Voice"
AGAIN_SECONDS: Final[dict[Fate, float]] = {Fate.MONTH: 3600.0, Fate.FORBIDDEN: 600.0}
SECONDS: Final = 5.0  # what the dispatcher's patience leaves beside the message itself
LATE: Final = f"{SECONDS:.0f} 秒内没有结果"


@dataclass(frozen=True)
class Tried:
    """One way that did not ring, and why."""

    way: Ring
    verdict: Verdict

    def __str__(self) -> str:
        return f"{WORDS[self.way]}没有响：{self.verdict.reason}"


class Ringing:
    """Rings after a message; what could not ring is a note on the message's outcome, never its failure."""

    def __init__(self, config: DingTalkConfig, *, api: Api, clock: Clock) -> None:
        self._config, self._api, self._clock = config, api, clock
        self._not_before: dict[Ring, tuple[float, Verdict]] = {}

    async def after(self, out: Outgoing, outcome: Outcome) -> Outcome:
        """Ring whoever the message is for; returns its outcome with a note of what did not ring as asked.

        A card that can never arrive rings all the same: then the DING is the message. A change rings nobody.
        """
        people = [] if out.in_place else _receivers(out)
        if not out.card.ring or not people or not isinstance(outcome, Delivered | Refused):
            return outcome
        try:
            async with asyncio.timeout(SECONDS):
                rang, tried = await self._ring(out, people)
        except TimeoutError:
            unknown = Verdict(fate=Fate.UNKNOWN, reason=LATE)
            rang, tried = False, [Tried(out.card.ring, unknown)]
        log.info("dingtalk.rang", message=out.id, rang=rang, failures=[str(one) for one in tried])
        return _noted(outcome, rang=rang, tried=tried)

    async def _ring(self, out: Outgoing, people: Sequence[str]) -> tuple[bool, list[Tried]]:
        """Try the way that was asked for, then the milder ones; says whether any rang."""
        tried: list[Tried] = []
        for way in LOUDEST_FIRST[LOUDEST_FIRST.index(out.card.ring) :]:
            verdict = await self._try(way, out, people)
            if verdict.fate is Fate.DONE:
                return True, tried
            tried.append(Tried(way, verdict))
            if verdict.fate is Fate.UNKNOWN:  # it may be ringing
                break
        return False, tried

    async def _try(self, way: Ring, out: Outgoing, people: Sequence[str]) -> Verdict:
        not_before, why = self._not_before.get(way, (0.0, None))
        if why is not None and self._clock.monotonic() < not_before:
            return why
        verdict = await asked(self._api, "POST", PATH, body=self._body(way, out, people))
        if seconds := AGAIN_SECONDS.get(verdict.fate):
            self._not_before[way] = (self._clock.monotonic() + seconds, verdict)
        return verdict

    def _body(self, way: Ring, out: Outgoing, people: Sequence[str]) -> dict[str, Any]:
        bare = replace(out, card=replace(out.card, buttons=(), number=None), repeat=0)
        body = {
            "robotCode": self._config.robot,
            "remindType": REMIND_TYPE[way],
            "receiverUserIdList": list(people[: MOST_PEOPLE[way]]),
            "content": plain_speech(bare, most=MOST_BYTES),
        }
        return body | ({"callVoice": VOICE} if way == "phone" else {})


def _receivers(out: Outgoing) -> Sequence[str]:
    """Return the staff ids to ring: those who are mentioned, or whose chat it is."""
    if out.chat_kind == "group":
        return mentions_of(out)
    return [] if out.chat_id.startswith(EXTERNAL) else [out.chat_id]


def _noted(outcome: Delivered | Refused, *, rang: bool, tried: Sequence[Tried]) -> Outcome:
    failures = [str(one) for one in tried]
    if isinstance(outcome, Delivered):
        return replace(outcome, note="；".join(filter(None, [outcome.note, *failures])))
    if rang:
        return Delivered(note="；".join([f"消息没有送达：{outcome.reason}", *failures]))
    return Refused(reason="；".join([outcome.reason, *failures]))
