"""Interactive cards: create and deliver, update, and the callback when a button is pressed."""

import json
from typing import Any

from aiohttp import web

from bot.sandbox.dingtalk import names
from bot.sandbox.dingtalk.courier import Courier, Push
from bot.sandbox.dingtalk.desk import Call, Desk, Door
from bot.sandbox.dingtalk.frames import CARD
from bot.sandbox.dingtalk.postman import Postman
from bot.sandbox.dingtalk.recalls import Recalls
from bot.sandbox.dingtalk.refusals import Refusal
from bot.sandbox.dingtalk.robot import find_room
from bot.sandbox.dingtalk.shapes import an_object
from bot.sandbox.dingtalk.speech import Unreadable, mention
from bot.sandbox.dingtalk.templates import AI, MARKDOWN, MARKDOWN_BUTTONS, card_body
from bot.sandbox.town import Post, Resident, Room
from bot.sandbox.world import World

CREATE_FIELDS: dict[str, type | tuple[type, ...]] = {
    "cardTemplateId": str, "outTrackId": str, "callbackType": str, "cardData": dict, "openSpaceId": str,
    "userId": str, "userIdType": int, "imGroupOpenSpaceModel": dict, "imGroupOpenDeliverModel": dict,
    "imRobotOpenSpaceModel": dict, "imRobotOpenDeliverModel": dict, "privateData": dict,
    "callbackRouteKey": str,
}  # fmt: skip
UPDATE_FIELDS: dict[str, type | tuple[type, ...]] = {
    "outTrackId": str, "cardData": dict, "cardUpdateOptions": dict, "userIdType": int, "privateData": dict,
}  # fmt: skip
RESPONSE_FIELDS: dict[str, type | tuple[type, ...]] = {
    "cardUpdateOptions": dict, "cardData": dict, "userPrivateData": dict,
}  # fmt: skip


class Cards:
    """Cards by outTrackId. `templates` are the ids that exist."""

    def __init__(
        self,
        desk: Desk,
        world: World,
        courier: Courier,
        *,
        postman: Postman,
        recalls: Recalls,
        robot_code: str,
    ) -> None:
        self.templates = {MARKDOWN, MARKDOWN_BUTTONS, AI}
        self._postman, self._recalls = postman, recalls
        self._desk, self._world, self._courier, self._robot_code = desk, world, courier, robot_code

    def doors(self) -> list[Door]:
        """Return the addresses."""
        path = "/v1.0/card/instances"
        return [
            Door(name="card.create", method="POST", path=f"{path}/createAndDeliver", handler=self._create),
            Door(name="card.update", method="PUT", path=path, handler=self._update),
        ]

    async def _create(self, call: Call) -> dict[str, Any] | web.StreamResponse:
        self._desk.check_fields(call, CREATE_FIELDS)
        track = self._track(call)
        if str(call.body.get("cardTemplateId")) not in self.templates:
            raise Refusal("param.templateNotExist", "模板不存在")
        if self._world.tagged("dingtalk", track) is not None:
            raise Refusal("param.cardAlreadyExist", "卡片已经存在")
        if call.body.get("callbackType") not in ("STREAM", "HTTP"):
            self._desk.violate("card.callbackType", call.door, repr(call.body.get("callbackType")))
        body = self._body(
            call, str(call.body["cardTemplateId"]), self._params(call, call.body.get("cardData"))
        )
        body |= {"route": self._route(call)}
        results = [self._deliver(call, space, track, body) for space in self._spaces(call)]
        return {"success": True, "result": {"outTrackId": track, "deliverResults": results}}

    def _route(self, call: Call) -> str:
        """Return the route by which its presses are posted; empty: they go over the stream."""
        route = str(call.body.get("callbackRouteKey") or "")
        if call.body.get("callbackType") != "HTTP":
            return ""
        if route not in self._postman.routes:
            self._desk.violate("card.route", call.door, route)
            raise Refusal("param.callbackRouteKeyEmpty", "回调 RouteKey 为空")
        return route

    def _track(self, call: Call) -> str:
        track = call.body.get("outTrackId")
        if not isinstance(track, str) or not track:
            raise Refusal("param.outTrackIdEmpty", "业务标识outTrackId为空")
        if len(track) > self._desk.limits.track_chars:
            self._desk.violate("card.track", call.door, track)
            raise Refusal("param.invalid", "outTrackId过长")
        return track

    def _params(self, call: Call, data: Any) -> dict[str, str]:
        """Return cardParamMap; every value must be a string."""
        param = an_object(an_object(data).get("cardParamMap"))
        if not param:
            raise Refusal("param.cardPublicDataEmpty", "卡片公共数据为空")
        wrong = [name for name, value in param.items() if not isinstance(value, str)]
        if wrong:
            self._desk.violate("card.param.string", call.door, " ".join(wrong))
            raise Refusal("MissingStringValue", f"cardParamMap.{wrong[0]}")
        self._weigh(call, param)
        return param

    def _weigh(self, call: Call, param: dict[str, str]) -> None:
        limit = self._desk.limits.card_value_bytes
        heavy = [name for name, value in param.items() if limit and len(value.encode()) > limit]
        if heavy or len(json.dumps(param, ensure_ascii=False).encode()) > self._desk.limits.card_bytes:
            self._desk.violate("card.bytes", call.door)
            raise Refusal("param.invalid", "卡片数据过大")

    def _body(self, call: Call, template: str, param: dict[str, str]) -> dict[str, Any]:
        try:
            return card_body(template, param)
        except Unreadable as error:
            self._desk.violate("card.param.content", call.door, str(error))
            raise Refusal("param.invalid", "存在非法参数") from error

    def _spaces(self, call: Call) -> list[str]:
        spaces = str(call.body.get("openSpaceId") or "")
        if not spaces:
            raise Refusal("param.openSpaceIdEmpty", "投放openSpaceId为空")
        if not spaces.startswith("dtv1.card//"):
            raise Refusal("param.openSpaceIdInvalid", "openSpaceId不符合规范")
        return spaces.removeprefix("dtv1.card//").split(";")

    def _deliver(self, call: Call, space: str, track: str, body: dict[str, Any]) -> dict[str, Any]:
        kind, _, place = space.partition(".")
        models = {"IM_GROUP": "imGroup", "IM_ROBOT": "imRobot"}
        if kind not in models:
            raise Refusal("param.openSpaceIdInvalid", "openSpaceId不符合规范")
        model = call.body.get(f"{models[kind]}OpenDeliverModel")
        if not isinstance(model, dict):
            raise Refusal("param.openDeliverModelEmpty", "场域投放模型为空")
        room = self._room(kind, place)
        wrong = "" if room else "SPACE_NOT_EXIST"
        if model.get("robotCode") != self._robot_code:
            wrong = "ROBOT_NOT_EXIST"
        result = {
            "spaceType": kind,
            "spaceId": place,
            "success": not wrong,
            "carrierId": "",
            "errorMsg": wrong,
        }
        if room is not None and not wrong:
            result["carrierId"] = self._show(room, track, body, model)
        return result

    def _show(self, room: Room, track: str, body: dict[str, Any], model: dict[str, Any]) -> str:
        at = an_object(model.get("atUserIds"))
        _, mentions = mention(self._world, " ".join(f"@{user_id}" for user_id in at), at)
        post = self._world.bot_post(room.id, "card", body, mentions=mentions, tag=track)
        return self._recalls.sent(post.id)

    def _room(self, kind: str, place: str) -> Room | None:
        if kind == "IM_GROUP":
            return find_room(self._world, place)
        person = self._world.by_user_id("dingtalk", place)
        return self._world.direct_room("dingtalk", person.id) if person else None

    async def _update(self, call: Call) -> dict[str, Any] | web.StreamResponse:
        self._desk.check_fields(call, UPDATE_FIELDS)
        post = self._world.tagged("dingtalk", self._track(call))
        if post is None or post.kind != "card":
            raise Refusal("param.cardNotExist", "卡片不存在")
        if not call.body.get("cardData") and not call.body.get("privateData"):
            raise Refusal("param.cardDataAndPrivateDataBothEmpty", "cardData 和 privateData 同时为空")
        if call.body.get("cardData"):
            param = self._params(call, call.body["cardData"])
            self._renew(call, post, param, call.body.get("cardUpdateOptions"))
        return {"success": True, "result": True}

    def _renew(self, call: Call, post: Post, param: dict[str, str], options: Any) -> None:
        """Put new parameters in; without updateCardDataByKey the old ones are gone."""
        by_key = an_object(options).get("updateCardDataByKey") is True
        whole = post.body["param"] | param if by_key else param
        body = self._body(call, post.body["template"], whole)
        self._world.update_post(post.id, body | {"route": post.body.get("route", "")})

    def press(self, post: Post, resident: Resident, *, key: str, room: Room) -> None:
        """Push the callback of a pressed button, and wait for its answer in the acknowledgement."""
        button = next(button for button in post.body["buttons"] if button["key"] == key)
        if "action" not in button:
            return  # opens an address
        data = self._callback(post, resident, button, room)
        if post.body.get("route"):
            self._desk.spawn(self._press_by_post(post, resident, data, room))
            return
        state = {"late": False}
        push = Push(
            door="card", kind="CALLBACK", topic=CARD, data=data, schedule=self._desk.limits.redeliver_card,
            answered=lambda answer: self._answered(post.id, answer, late=state["late"]),
        )  # fmt: skip

        def time_is_up() -> None:
            state["late"] = True
            if not push.settled:
                self._complain(post, resident, data, room)

        self._desk.alarms.after(self._desk.limits.card_seconds, time_is_up)
        self._courier.post(push)

    def _complain(self, post: Post, resident: Resident, data: dict[str, Any], room: Room) -> None:
        self._desk.recorder.record("in", "dingtalk.card.timeout", data)
        self._world.notice("操作超时，请稍后再试", room=room.id, resident=resident.id, post=post.id)

    async def _press_by_post(self, post: Post, resident: Resident, data: dict[str, Any], room: Room) -> None:
        answer = await self._postman.press(data, route=post.body["route"])
        if answer is None:
            self._complain(post, resident, data, room)
        else:
            self._answered(post.id, {"response": answer}, late=False)

    def _callback(self, post: Post, resident: Resident, button: dict[str, Any], room: Room) -> dict[str, Any]:
        private = {"actionIds": [button["action"]], "params": button["params"]}
        space = names.conversation_id(room)
        return {
            "type": "actionCallback", "outTrackId": post.tag, "corpId": names.CORP_ID,
            "userId": resident.dingtalk_user_id, "userIdType": 1, "spaceType": "im", "spaceId": space,
            "extension": "{}", "content": json.dumps({"cardPrivateData": private}, ensure_ascii=False),
        }  # fmt: skip

    def _answered(self, post_id: str, answer: dict[str, Any], *, late: bool) -> bool:
        """Use the card update in the acknowledgement, if it came in time."""
        response = answer.get("response")
        if not isinstance(response, dict) or late:
            return True
        self._desk.check_object("push.card", response, RESPONSE_FIELDS)
        param = an_object(an_object(response.get("cardData")).get("cardParamMap"))
        wrong = [name for name, value in param.items() if not isinstance(value, str)]
        if wrong:
            self._desk.violate("card.param.string", "push.card", " ".join(wrong))
        elif param:
            self._in_place(post_id, param, response.get("cardUpdateOptions"))
        return True

    def _in_place(self, post_id: str, param: dict[str, str], options: Any) -> None:
        post = self._world.post(post_id)
        by_key = an_object(options).get("updateCardDataByKey") is True
        try:
            body = card_body(post.body["template"], post.body["param"] | param if by_key else param)
        except Unreadable as error:
            self._desk.violate("card.param.content", "push.card", str(error))
            return
        self._world.update_post(post_id, body | {"route": post.body.get("route", "")})
