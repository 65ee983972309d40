"""What the robot API does besides one message to one chat: one message to many people, and taking back.

Sources: "batch send" (at most 20 people a call, partial failures in lists), recall pages under "robot".
"""

from collections.abc import Sequence
from typing import Any, Final

from bot.platforms.dingtalk.api import Api
from bot.platforms.dingtalk.calls import asked
from bot.platforms.dingtalk.codes import Fate
from bot.platforms.dingtalk.config import DingTalkConfig
from bot.platforms.dingtalk.outcomes import Verdict, judge, judge_failure, judge_person
from bot.platforms.dingtalk.payload import text_of
from bot.platforms.dingtalk.tracks import read_track
from bot.platforms.http import WireError
from notifier.delivery import ChatKind, Delivered, Outcome, Unknown

BATCH: Final = 20
BATCH_PATH: Final = "/v1.0/robot/oToMessages/batchSend"
WITHDRAWN: Final = "（已撤回）"


class Robot:
    """Batches and recalls."""

    def __init__(self, config: DingTalkConfig, *, api: Api) -> None:
        self._config, self._api = config, api

    async def tell(self, people: Sequence[str], content: dict[str, Any]) -> dict[str, Outcome]:
        """Send one message (msgKey and msgParam) to people, 20 a call; returns what happened to each."""
        outcomes: dict[str, Outcome] = {}
        unique = list(dict.fromkeys(people))
        for start in range(0, len(unique), BATCH):
            some = unique[start : start + BATCH]
            outcomes |= await self._tell(some, content)
        return outcomes

    async def _tell(self, people: Sequence[str], content: dict[str, Any]) -> dict[str, Outcome]:
        body = {"robotCode": self._config.robot, "userIds": list(people), **content}
        try:
            answer = await self._api.ask("POST", BATCH_PATH, body)
        except WireError as failure:
            return dict.fromkeys(people, judge_failure(failure).outcome())
        whole = judge(answer, *self._api.secrets)
        lists = text_of(answer.body, "processQueryKey") != ""
        return {one: (judge_person(answer.body, one) if lists else whole).outcome() for one in people}

    async def recall(self, *, chat_id: str, chat_kind: ChatKind, provider_id: str) -> Outcome:
        """Take back what was delivered under `provider_id`; Delivered means that it is gone.

        A message of ours disappears (1:1 within 24 hours); a card stays where it is and says that it was
        taken back, without buttons: its processQueryKey is not kept, its own name is.
        """
        if read_track(provider_id):
            return await self._blank(provider_id)
        body: dict[str, Any] = {"robotCode": self._config.robot, "processQueryKeys": [provider_id]}
        if chat_kind == "group":
            path = "/v1.0/robot/groupMessages/recall"
            return _gone(await asked(self._api, "POST", path, body={**body, "openConversationId": chat_id}))
        return _gone(await asked(self._api, "POST", "/v1.0/robot/otoMessages/batchRecall", body=body))

    async def _blank(self, track: str) -> Outcome:
        values = {"title": WITHDRAWN, "markdown": "", "tips": "", "sys_full_json_obj": '{"msgButtons":[]}'}
        body = {
            "outTrackId": track,
            "cardData": {"cardParamMap": values},
            "cardUpdateOptions": {"updateCardDataByKey": True},
        }
        return _gone(await asked(self._api, "PUT", "/v1.0/card/instances", body=body))


def _gone(verdict: Verdict) -> Outcome:
    """Return the outcome of a recall, which may be asked for again without harm."""
    if verdict.fate is Fate.UNKNOWN:
        return Unknown(reason=verdict.reason, keyed=True)
    return Delivered() if verdict.fate is Fate.DONE else verdict.outcome(idempotent=True)
