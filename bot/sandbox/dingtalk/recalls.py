"""Taking messages back: group and 1:1 messages by their processQueryKey, a DING by its openDingId.

Sources: the three recall pages under "robot" of open.dingtalk.com; at most 20 keys, 1:1 within 24 hours.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.sandbox.dingtalk import names
from bot.sandbox.dingtalk.desk import Call, Desk, Door
from bot.sandbox.dingtalk.refusals import Refusal
from bot.sandbox.dingtalk.shapes import texts
from bot.sandbox.world import World

GROUP_FIELDS: dict[str, type | tuple[type, ...]] = {
    "robotCode": str, "openConversationId": str, "processQueryKeys": list,
}  # fmt: skip
OTO_FIELDS: dict[str, type | tuple[type, ...]] = {"robotCode": str, "processQueryKeys": list}
DING_FIELDS: dict[str, type | tuple[type, ...]] = {"robotCode": str, "openDingId": str}
MOST_KEYS = 20
OTO_WITHIN = timedelta(hours=24)
GONE = "（消息已撤回）"


class Recalls:
    """What was sent, by the key that its sender was given."""

    def __init__(self, desk: Desk, world: World, *, robot_code: str) -> None:
        self._desk, self._world, self._robot_code = desk, world, robot_code
        self._sent: dict[str, tuple[str, ...]] = {}

    def sent(self, *post_ids: str) -> str:
        """Remember posts; return the key that stands for them."""
        key = names.process_key("".join(post_ids))
        self._sent[key] = post_ids
        return key

    def doors(self) -> list[Door]:
        """Return the addresses."""
        base = "/v1.0/robot"
        return [
            Door(
                name="group.recall", method="POST", path=f"{base}/groupMessages/recall", handler=self._group
            ),
            Door(name="oto.recall", method="POST", path=f"{base}/otoMessages/batchRecall", handler=self._oto),
            Door(name="ding.recall", method="POST", path=f"{base}/ding/recall", handler=self._ding),
        ]

    async def _group(self, call: Call) -> dict[str, Any] | web.StreamResponse:
        self._desk.check_fields(call, GROUP_FIELDS, need="robotCode openConversationId processQueryKeys")
        if not call.body.get("openConversationId"):
            raise Refusal("miss.openConversationId", "缺少openConversationId")
        return self._take_back(call, self._keys(call))

    async def _oto(self, call: Call) -> dict[str, Any] | web.StreamResponse:
        self._desk.check_fields(call, OTO_FIELDS, need="robotCode processQueryKeys")
        keys = self._keys(call)
        oldest = self._desk.clock.now() - OTO_WITHIN
        if any(self._world.post(post).at < oldest for key in keys for post in self._sent.get(key, ())):
            raise Refusal("robot.processQueryKey.expired", "processQueryKey已过期，无法撤回消息")
        return self._take_back(call, keys)

    async def _ding(self, call: Call) -> dict[str, Any] | web.StreamResponse:
        self._desk.check_fields(call, DING_FIELDS, need="robotCode openDingId")
        key = str(call.body.get("openDingId"))
        self._take_back(call, [key])
        return {"openDingId": key}

    def _keys(self, call: Call) -> list[str]:
        keys = texts(call.body.get("processQueryKeys"))
        if not keys:
            raise Refusal("invalidParameter.processQueryKey.missing", "缺少processQueryKey")
        if len(keys) > MOST_KEYS:
            self._desk.violate("recall.keys", call.door, str(len(keys)))
            raise Refusal("invalidParameter.processQueryKeys.overMax", "processQueryKeys超过数量上限20")
        return keys

    def _take_back(self, call: Call, keys: Sequence[str]) -> dict[str, Any]:
        if call.body.get("robotCode") != self._robot_code:
            raise Refusal("not.allowed.robotCode", "未被授权的robotCode")
        unknown = [key for key in keys if key not in self._sent]
        if unknown:
            raise Refusal("invalid.processQueryKey", "无效的processQueryKey")
        for key in keys:
            for post_id in self._sent[key]:
                self._world.update_post(post_id, {"text": GONE, "images": []}, kind="text")
        return {"successResult": list(keys), "failedResult": {}}
