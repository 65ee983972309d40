"""The pretend directory: scopes, departments, people; built from the residents, and told when they change."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from bot.sandbox import staff
from bot.sandbox.dingtalk import names
from bot.sandbox.dingtalk.desk import Call, Desk, Door
from bot.sandbox.dingtalk.refusals import Refusal
from bot.sandbox.town import Resident, StaffChange
from bot.sandbox.world import World

PAGE = 100
EVENTS: dict[StaffChange, str] = {
    "joined": "user_add_org",
    "moved": "user_modify_org",
    "left": "user_leave_org",
}

Answer = dict[str, Any] | web.StreamResponse
Emit = Callable[[str, dict[str, Any]], None]


class Contacts:
    """`visible` names the departments that the application may see (None: all); `people` single ones."""

    def __init__(self, desk: Desk, world: World, *, emit: Emit) -> None:
        self.visible: set[str] | None = None
        self.people: set[str] = set()
        self._desk, self._world, self._emit = desk, world, emit

    def doors(self) -> list[Door]:
        """Return the addresses (old API: errcode in the body)."""
        given: dict[str, Any] = {"style": "oapi"}
        post = {**given, "method": "POST"}
        return [
            Door(name="scopes", method="GET", path="/auth/scopes", handler=self._scopes, json=False, **given),
            Door(name="departments", path="/topapi/v2/department/listsub", handler=self._below, **post),
            Door(name="department", path="/topapi/v2/department/get", handler=self._department, **post),
            Door(name="members", path="/topapi/v2/user/list", handler=self._members, **post),
            Door(name="member_ids", path="/topapi/user/listid", handler=self._ids, **post),
            Door(name="member", path="/topapi/v2/user/get", handler=self._member, **post),
        ]

    def changed(self, resident: Resident, change: StaffChange) -> None:
        """Push the event; who cannot be seen is not told of."""
        if resident.dingtalk_user_id and self._sees(resident):
            stamp = str(names.milliseconds(self._world.clock.now()))
            self._emit(EVENTS[change], {"timeStamp": stamp, "userId": [resident.dingtalk_user_id]})

    def _sees(self, resident: Resident) -> bool:
        open_to_all = self.visible is None or resident.department in self.visible
        return open_to_all or resident.dingtalk_user_id in self.people

    async def _scopes(self, _call: Call) -> Answer:
        roots = [staff.ROOT] if self.visible is None else sorted(map(staff.number_of, self.visible))
        scopes = {"authed_user": sorted(self.people), "authed_dept": roots}
        return _right({"auth_user_field": ["name"], "condition_field": [], "auth_org_scopes": scopes})

    async def _below(self, call: Call) -> Answer:
        number = self._number(call, need="dept_id")
        found = staff.departments(self._world, "dingtalk") if number == staff.ROOT else {}
        result = [_unit(each, name) for each, name in found.items()]
        return _right({"result": result})

    async def _department(self, call: Call) -> Answer:
        number = self._number(call, need="dept_id")
        if number == staff.ROOT:
            return _right({"result": {"dept_id": 1, "name": staff.ROOT_NAME}})
        return _right({"result": _unit(number, staff.departments(self._world, "dingtalk")[number])})

    async def _members(self, call: Call) -> Answer:
        number, size = self._number(call, need="dept_id cursor size"), call.body.get("size")
        cursor = call.body.get("cursor")
        if not isinstance(size, int) or not 1 <= size <= PAGE or not isinstance(cursor, int):
            self._desk.violate("members.page", call.door, f"{cursor} {size}")
            raise Refusal(40035, "不合法的参数")
        everybody = self._of(number)
        page = everybody[cursor : cursor + size]
        more = cursor + size < len(everybody)
        result: dict[str, Any] = {"has_more": more, "list": [_user(it) for it in page]}
        return _right({"result": result | ({"next_cursor": cursor + size} if more else {})})

    async def _ids(self, call: Call) -> Answer:
        found = self._of(self._number(call, need="dept_id"))
        return _right({"result": {"userid_list": [it.dingtalk_user_id for it in found]}})

    async def _member(self, call: Call) -> Answer:
        self._desk.check_fields(call, {"userid": str, "language": str}, need="userid")
        found = staff.employee(self._world, "dingtalk", str(call.body.get("userid")))
        if found is None:
            raise Refusal(60121, "找不到该用户")
        if not self._sees(found):
            raise Refusal(50002, "企业中用户不在应用可见范围内")
        return _right({"result": _user(found)})

    def _number(self, call: Call, *, need: str) -> int:
        allowed: dict[str, type | tuple[type, ...]] = {
            "dept_id": int,
            "cursor": int,
            "size": int,
            "contain_access_limit": bool,
        }
        self._desk.check_fields(call, allowed, need=need)
        number = call.body.get("dept_id")
        known = staff.departments(self._world, "dingtalk")
        if number != staff.ROOT and number not in known:
            raise Refusal(60003, "部门不存在")
        seen = self.visible is None or known.get(int(number)) in self.visible
        if not seen:
            raise Refusal(50004, "企业中部门id不在授权范围内")
        return int(number)

    def _of(self, number: int) -> list[Resident]:
        people = staff.staff(self._world, "dingtalk")
        return [it for it in people if staff.number_of(it.department) == number]


def _right(body: dict[str, Any]) -> dict[str, Any]:
    return {"errcode": 0, "errmsg": "ok", **body}


def _unit(number: int, name: str) -> dict[str, Any]:
    unit = {"dept_id": number, "name": name, "parent_id": staff.ROOT}
    return unit | {"auto_add_user": True, "create_dept_group": False}


def _user(resident: Resident) -> dict[str, Any]:
    """Return one account; who has no job number has no such field."""
    user: dict[str, Any] = {
        "userid": resident.dingtalk_user_id,
        "unionid": names.union_id(resident),
        "name": resident.name,
        "title": resident.title,
        "dept_id_list": [staff.number_of(resident.department)],
        "leader": False,
        "active": True,
    }
    return user | ({"job_number": resident.job_number} if resident.job_number else {})
