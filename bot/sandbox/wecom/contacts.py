"""The pretend directory of WeCom: departments and people for the app, bare ids for the contacts secret."""

from collections.abc import Callable
from typing import Any, Final

from aiohttp import web

from bot.sandbox import staff
from bot.sandbox.town import Resident, StaffChange
from bot.sandbox.wecom.app.counter import Ask, Counter, Door
from bot.sandbox.wecom.app.refusals import ApiRefusal
from bot.sandbox.world import World

NO_USER: Final = 60111
NO_PARTY: Final = 60123
NO_RIGHT: Final = 60011
MOST_IDS: Final = 10_000
KINDS: Final[dict[StaffChange, str]] = {
    "joined": "create_user",
    "moved": "update_user",
    "left": "delete_user",
}

Answer = dict[str, Any] | web.StreamResponse
Happen = Callable[[Resident, dict[str, Any]], None]


class Contacts:
    """`visible` names the departments in the app's range (None: all); `lacking` doors that say 60011.

    `page` is how many ids `user/list_id` gives at most at a time.
    """

    def __init__(self, counter: Counter, world: World, *, happen: Happen) -> None:
        self.visible: set[str] | None = None
        self.lacking: set[str] = set()
        self.page = MOST_IDS
        self.extra: dict[str, dict[str, str]] = {}  # further attributes by resident id
        self._counter, self._world, self._happen = counter, world, happen

    def doors(self) -> list[Door]:
        """Return the addresses."""
        get: dict[str, Any] = {"method": "GET", "json": False}
        return [
            Door(name="app.departments", path="department/list", handler=self._departments, **get),
            Door(
                name="app.department_ids", path="department/simplelist", handler=self._department_ids, **get
            ),
            Door(name="app.users", path="user/list", handler=self._users, **get),
            Door(name="app.user_names", path="user/simplelist", handler=self._names, **get),
            Door(name="app.user", path="user/get", handler=self._user, **get),
            Door(name="app.user_ids", method="POST", path="user/list_id", handler=self._ids),
        ]

    def changed(self, resident: Resident, change: StaffChange) -> None:
        """Call the app: change_contact."""
        if resident.wecom_user_id and self._sees(resident):
            fields = {"FromUserName": "sys", "MsgType": "event", "Event": "change_contact"}
            fields |= {"ChangeType": KINDS[change], "UserID": resident.wecom_user_id}
            self._happen(resident, fields)

    def _sees(self, resident: Resident) -> bool:
        return self.visible is None or resident.department in self.visible

    def _people(self) -> list[Resident]:
        return [it for it in staff.staff(self._world, "wecom") if self._sees(it)]

    def _admit(self, ask: Ask) -> None:
        if ask.door in self.lacking:
            raise ApiRefusal(NO_RIGHT, "no privilege to access/modify contact/party/agent")

    def _units(self) -> dict[int, str]:
        found = staff.departments(self._world, "wecom")
        if self.visible is not None:
            return {number: name for number, name in found.items() if name in self.visible}
        return {staff.ROOT: staff.ROOT_NAME, **found}

    async def _departments(self, ask: Ask) -> Answer:
        self._admit(ask)
        units = [
            {"id": number, "name": name, "parentid": int(number != staff.ROOT), "order": number}
            for number, name in self._units().items()
        ]
        return _right({"department": units})

    async def _department_ids(self, ask: Ask) -> Answer:
        self._admit(ask)
        ids = [{"id": it, "parentid": int(it != staff.ROOT), "order": it} for it in self._units()]
        return _right({"department_id": ids})

    async def _users(self, ask: Ask) -> Answer:
        self._admit(ask)
        return _right({"userlist": [self._full(it) for it in self._of(ask)]})

    async def _names(self, ask: Ask) -> Answer:
        self._admit(ask)
        people = [{name: self._full(it)[name] for name in NAMES} for it in self._of(ask)]
        return _right({"userlist": people})

    async def _user(self, ask: Ask) -> Answer:
        self._admit(ask)
        found = staff.employee(self._world, "wecom", ask.request.query.get("userid", ""))
        if found is None:
            raise ApiRefusal(NO_USER, "userid not found")
        if not self._sees(found):
            raise ApiRefusal(NO_RIGHT, "no privilege to access/modify contact/party/agent")
        return _right(self._full(found))

    async def _ids(self, ask: Ask) -> Answer:
        self._counter.check_fields(ask, {"cursor": str, "limit": int})
        self._admit(ask)
        start = int(ask.body.get("cursor") or 0)
        size = min(self.page, int(ask.body.get("limit", MOST_IDS)))
        people = self._people()
        page = [
            {"userid": it.wecom_user_id, "department": staff.number_of(it.department)}
            for it in people[start : start + size]
        ]
        more = start + size < len(people)
        return _right({"dept_user": page} | ({"next_cursor": str(start + size)} if more else {}))

    def _of(self, ask: Ask) -> list[Resident]:
        number = ask.request.query.get("department_id", "")
        if not number.isdecimal() or int(number) not in self._units():
            raise ApiRefusal(NO_PARTY, "invalid party id")
        return [it for it in self._people() if staff.number_of(it.department) == int(number)]

    def _full(self, resident: Resident) -> dict[str, Any]:
        """Return what an app made after June 2022 sees: no mobile, no mail."""
        attributes = [
            {"type": 0, "name": name, "text": {"value": value}}
            for name, value in self.extra.get(resident.id, {}).items()
        ]
        return {
            "userid": resident.wecom_user_id,
            "name": resident.name,
            "department": [staff.number_of(resident.department)],
            "order": [0],
            "position": resident.title,
            "status": 1,
            "is_leader_in_dept": [0],
            "direct_leader": [],
            "main_department": staff.number_of(resident.department),
            "extattr": {"attrs": attributes},
        }


NAMES: Final = ("userid", "name", "department")


def _right(body: dict[str, Any]) -> dict[str, Any]:
    return {"errcode": 0, "errmsg": "ok", **body}
