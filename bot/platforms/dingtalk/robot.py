"""What the robot API does besides saying something: taking it back.

Source: recall pages under "robot".
"""

from typing import Any, Final

from bot.platforms.dingtalk.api import Api
from bot.platforms.dingtalk.calls import asked
from bot.platforms.dingtalk.codes import Fate
from bot.platforms.dingtalk.config import DingTalkConfig
from bot.platforms.dingtalk.outcomes import Verdict
from bot.platforms.dingtalk.tracks import read_track
from notifier.delivery import ChatKind, Delivered, Outcome, Unknown

WITHDRAWN: Final = "（已撤回）"


class Robot:
    """Recalls."""

    def __init__(self, config: DingTalkConfig, *, api: Api) -> None:
        self._config, self._api = config, api

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
