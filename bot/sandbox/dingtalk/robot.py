"""The robot's API: pushes to groups and people, DING."""

import json
from typing import Any

from aiohttp import web

from bot.sandbox.dingtalk import names
from bot.sandbox.dingtalk.desk import Call, Desk, Door
from bot.sandbox.dingtalk.limits import MonthCount
from bot.sandbox.dingtalk.recalls import Recalls
from bot.sandbox.dingtalk.refusals import Refusal
from bot.sandbox.dingtalk.shapes import texts
from bot.sandbox.dingtalk.speech import Saying, Unreadable, param_saying
from bot.sandbox.town import Resident, Room
from bot.sandbox.world import World

GROUP_FIELDS: dict[str, type | tuple[type, ...]] = {
    "robotCode": str, "openConversationId": str, "coolAppCode": str, "msgKey": str, "msgParam": str,
}  # fmt: skip
BATCH_FIELDS: dict[str, type | tuple[type, ...]] = {
    "robotCode": str, "userIds": list, "msgKey": str, "msgParam": str,
}  # fmt: skip
DING_FIELDS: dict[str, type | tuple[type, ...]] = {
    "robotCode": str, "remindType": int, "receiverUserIdList": list, "content": str, "callVoice": str,
}  # fmt: skip
REMIND = {"1": "app", "2": "sms", "3": "phone"}


class Robot:
    """Everything that the robot says unasked. `flow_controlled` and `stopped` are switches for tests."""

    def __init__(self, desk: Desk, world: World, *, recalls: Recalls, robot_code: str) -> None:
        self.flow_controlled: set[str] = set()  # user ids
        self._desk, self._world, self._robot_code = desk, world, robot_code
        self._recalls = recalls
        self._dings = MonthCount(desk.clock)

    def doors(self) -> list[Door]:
        """Return the addresses."""
        return [
            Door(name="group", method="POST", path="/v1.0/robot/groupMessages/send", handler=self._group),
            Door(name="oto", method="POST", path="/v1.0/robot/oToMessages/batchSend", handler=self._batch),
            Door(name="ding", method="POST", path="/v1.0/robot/ding/send", handler=self._ding),
        ]

    async def _group(self, call: Call) -> dict[str, Any] | web.StreamResponse:
        self._desk.check_fields(call, GROUP_FIELDS)
        self.check_robot(call)
        room = self._room(call)
        saying = self._saying(call)
        limit = self._desk.limits.group_per_minute
        if self._desk.windows.full(f"group {room.id}", limit=limit, seconds=60):
            raise Refusal("send.too.fast", "发送消息频率过快，请稍后再试")
        post = self._world.bot_post(room.id, saying.kind, dict(saying.body))
        return {"processQueryKey": self._recalls.sent(post.id)}

    def _room(self, call: Call) -> Room:
        wanted = call.body.get("openConversationId")
        if not wanted:
            raise Refusal("miss.openConversationId", "缺少参数openConversationId")
        room = find_room(self._world, str(wanted))
        if room is None or room.kind != "group":
            raise Refusal("invalid.openConversationId", "openConversationId无效")
        return room

    async def _batch(self, call: Call) -> dict[str, Any] | web.StreamResponse:
        self._desk.check_fields(call, BATCH_FIELDS)
        self.check_robot(call)
        user_ids = texts(call.body.get("userIds"))
        if not user_ids or len(user_ids) > self._desk.limits.batch_users:
            self._desk.violate("oto.users", call.door, str(len(user_ids)))
            raise Refusal("invalidParameter.userIds", "userIds 1..20")
        saying = self._saying(call)
        found = self._people(user_ids)
        slowed = [user_id for user_id in found if user_id in self.flow_controlled]
        keys = [self._tell(found[user_id], saying) for user_id in found if user_id not in slowed]
        unknown = [user_id for user_id in user_ids if user_id not in found]
        key = self._recalls.sent(*keys)
        return {"processQueryKey": key, "invalidStaffIdList": unknown, "flowControlledStaffIdList": slowed}

    def _people(self, user_ids: list[str]) -> dict[str, Resident]:
        found = {user_id: self._world.by_user_id("dingtalk", user_id) for user_id in user_ids}
        return {user_id: person for user_id, person in found.items() if person is not None}

    def _tell(self, person: Resident, saying: Saying) -> str:
        room = self._world.direct_room("dingtalk", person.id)
        return self._world.bot_post(room.id, saying.kind, dict(saying.body)).id

    async def _ding(self, call: Call) -> dict[str, Any] | web.StreamResponse:
        need = "remindType receiverUserIdList content"
        self._desk.check_fields(call, DING_FIELDS, need=need)
        if call.body.get("robotCode") != self._robot_code:
            raise Refusal("invalid.chatbotId", "robotCode无效")
        way = REMIND.get(str(call.body.get("remindType")))
        user_ids = texts(call.body.get("receiverUserIdList"))
        limits = self._desk.limits
        if not user_ids:
            raise Refusal("miss.staffId", "缺少接收人")
        if way is None or len(user_ids) > (
            limits.ding_app_users if way == "app" else limits.ding_phone_users
        ):
            raise Refusal("ding.receivercount.limit", "接收人数量超限")
        if self._dings.over(limits.ding_quota):
            raise Refusal("ding.serverquota.insufficient", "DING 额度不足")
        return self._ring(user_ids, str(call.body.get("content")), way)

    def _ring(self, user_ids: list[str], text: str, way: str) -> dict[str, Any]:
        found = self._people(user_ids)
        body = {"text": text, "images": [], "ding": way}
        keys = [self._tell(person, Saying(kind="text", body=body)) for person in found.values()]
        unknown = [user_id for user_id in user_ids if user_id not in found]
        failed = {"staffId.notExisted": unknown} if unknown else {}
        return {"openDingId": self._recalls.sent(*keys), "failedList": failed}

    def check_robot(self, call: Call) -> None:
        """Refuse a missing or foreign robotCode."""
        code = call.body.get("robotCode")
        if not code:
            raise Refusal("invalidParameter.robotCode.empty", "robotCode为空")
        if code != self._robot_code:
            raise Refusal("invalidParameter.robotCode.notExsit", "robotCode不存在")  # sic

    def _saying(self, call: Call) -> Saying:
        text = str(call.body.get("msgParam", ""))
        if len(text.encode()) > self._desk.limits.param_bytes:
            self._desk.violate("param.bytes", call.door, str(len(text.encode())))
            raise Refusal("invalidParameter.msgParam.tooLong", "msgParam过长")
        try:
            param = json.loads(text)
            if not isinstance(param, dict):
                raise Unreadable("msgParam is no object")
            return param_saying(str(call.body.get("msgKey")), param)
        except ValueError as error:
            self._desk.violate("param.content", call.door, str(error))
            raise Refusal("invalidParameter.msgParam.invalid", "msgParam无效") from error


def find_room(world: World, open_conversation_id: str) -> Room | None:
    """Return the room of this conversationId."""
    rooms = (room for room in world.rooms.values() if room.platform == "dingtalk")
    return next((room for room in rooms if names.conversation_id(room) == open_conversation_id), None)
