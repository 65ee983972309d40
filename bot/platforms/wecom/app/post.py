"""One message to one person through the app's API, and what became of it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from bot.platforms.http import Answer, WireError
from bot.platforms.wecom.app import ids, outcomes
from bot.platforms.wecom.app.api import Api
from bot.platforms.wecom.app.config import AppConfig
from bot.platforms.wecom.app.throttle import MEMBER, Throttle
from bot.platforms.wecom.rendering.content import Content
from domain.clock import Clock
from notifier.delivery import Delivered, Outcome, Refused, Retry

DUPLICATES_FOR: Final = timedelta(hours=4)
"""So long WeCom drops a second message of the same content at most (page 90236)."""
DUPLICATES: Final = {
    "enable_duplicate_check": 1,
    "duplicate_check_interval": round(DUPLICATES_FOR.total_seconds()),
}


@dataclass(frozen=True, kw_only=True)
class Posted:
    """What became of a message, and the code that was said if it was refused."""

    outcome: Outcome
    errcode: int | None = None

    @property
    def blames_content(self) -> bool:
        """Whether it was refused for what it is, so that another kind of message may pass."""
        return isinstance(self.outcome, Refused) and self.errcode not in outcomes.NOT_THE_CONTENT


class Post:
    """The way to people's chats with the app."""

    def __init__(self, config: AppConfig, *, api: Api, clock: Clock) -> None:
        self._config = config
        self._api = api
        self._throttle = Throttle(clock, limits=MEMBER)

    async def send(self, member: str, content: Content, *, keyed: bool) -> Posted:
        """Send a message (page 90236).

        `keyed` asks WeCom to drop a second one of the same content for 4 h: only for what cannot rightly be
        said twice, because two questions may well have the same answer.
        """
        if wait := self._throttle.wait(member):
            reason = "给这位成员发得太多（每分钟 30 条、每小时 1000 条），稍后再发"
            return Posted(outcome=Retry(reason=reason, after=wait, block=True))
        self._throttle.count(member)
        body = {"touser": member, "agentid": self._config.agent_id, **content.body()}
        body |= DUPLICATES if keyed else {}
        try:
            answer = await self._api.ask("POST", "message/send", json=body)
        except WireError as failed:
            return Posted(outcome=outcomes.failure(failed, keyed=keyed))
        return self._judged(answer, member=member, keyed=keyed)

    def _judged(self, answer: Answer, *, member: str, keyed: bool) -> Posted:
        errcode = outcomes.errcode_of(answer)
        if errcode == 0:
            sent = ids.Sent(msgid=_text(answer, "msgid"), code=_text(answer, "response_code"))
            missed = outcomes.missed(answer, member)
            return Posted(outcome=missed or Delivered(provider_id=sent.provider_id()), errcode=0)
        outcome = outcomes.refusal(answer, secrets=self._api.secrets, keyed=keyed)
        if errcode == outcomes.TOO_OFTEN and isinstance(outcome, Retry):
            outcome = self._throttle.blocked(outcome)
        return Posted(outcome=outcome, errcode=errcode)

    async def recall(self, msgid: str) -> bool:
        """Take a message back, at most 24 h after it was sent (page 94867); False if that did not work."""
        try:
            answer = await self._api.ask("POST", "message/recall", json={"msgid": msgid})
        except WireError:
            return False
        return outcomes.errcode_of(answer) == 0


def _text(answer: Answer, name: str) -> str:
    found: Any = answer.body.get(name)
    return found if isinstance(found, str) else ""
