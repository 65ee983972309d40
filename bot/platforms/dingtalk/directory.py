"""DingTalk's departments and people: what the application may see, read whole or one by one.

Old API: `/auth/scopes`, `/topapi/v2/department/get|listsub`, `/topapi/v2/user/list|get`. Each answers with
HTTP 200 and an errcode; lists of people come in pages of at most 100. All are outside the paid quota.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

from bot.platforms.base import DirectoryUnavailable
from bot.platforms.dingtalk.api import Api
from bot.platforms.dingtalk.codes import Fate
from bot.platforms.dingtalk.outcomes import Verdict, judge, judge_failure
from bot.platforms.dingtalk.payload import list_of, mapping_of, text_of
from bot.platforms.http import WireError
from domain.models.directory import Directory, DirectoryChange, Member, Unit

ROOT: Final = "1"
PAGE: Final = 100
MOST_PAGES: Final = 1000  # of one department; a cursor that never ends is no directory
ATTEMPTS: Final = 4
PAUSES: Final = (1.0, 2.0, 4.0)
PASSING: Final = {Fate.SOON, Fate.LATER, Fate.UNKNOWN}
GONE: Final = {"60121", "33012"}  # no such user in the organisation

Sleep = Callable[[float], Awaitable[None]]


class Refused(DirectoryUnavailable):
    """DingTalk has said why not; `errcode` is its number."""

    def __init__(self, verdict: Verdict, errcode: str) -> None:
        super().__init__(verdict.reason, temporary=verdict.fate is not Fate.FORBIDDEN)
        self.errcode = errcode


class Contacts:
    """The directory of one application's organisation, as far as its permissions and its range go."""

    def __init__(self, api: Api, *, sleep: Sleep = asyncio.sleep) -> None:
        self._api = api
        self._sleep = sleep

    async def directory(self) -> Directory:
        """Return all departments and people in range; raises DirectoryUnavailable if anything is missing."""
        scopes = mapping_of(await self._ask("GET", "/auth/scopes"), "auth_org_scopes")
        units = {unit.id: unit async for unit in self._units(list_of(scopes, "authed_dept"))}
        people: dict[str, Member] = {}
        for unit in units:
            async for member in self._people(unit):
                people[member.user_id] = member
        for user_id in map(str, list_of(scopes, "authed_user")):
            alone = None if user_id in people else await self.member(user_id)
            people |= {user_id: alone} if alone else {}
        return Directory(departments=tuple(units.values()), people=tuple(people.values()))

    async def member(self, user_id: str) -> Member | None:
        """Return one account, None if it is not of the organisation; raises DirectoryUnavailable."""
        try:
            answer = await self._ask("POST", "/topapi/v2/user/get", {"userid": user_id, "language": "zh_CN"})
        except Refused as refused:
            if refused.errcode in GONE:
                return None
            raise
        return member_of(mapping_of(answer, "result"))

    async def _units(self, roots: list[Any]) -> AsyncIterator[Unit]:
        """Walk down from the departments that the application may see; `listsub` gives one level."""
        waiting, seen = [str(root) for root in roots], set[str]()
        for root in waiting:
            if root not in seen:
                seen.add(root)
                yield await self._unit(root)
        while waiting:
            above = waiting.pop(0)
            answer = await self._ask("POST", "/topapi/v2/department/listsub", {"dept_id": int(above)})
            for found in list_of(answer, "result"):
                unit = _unit_of(found)
                if unit.id and unit.id not in seen:
                    seen.add(unit.id)
                    waiting.append(unit.id)
                    yield unit

    async def _unit(self, unit: str) -> Unit:
        answer = await self._ask("POST", "/topapi/v2/department/get", {"dept_id": int(unit)})
        found = _unit_of(mapping_of(answer, "result"))
        return Unit(id=unit, name=found.name, parent="" if unit == ROOT else found.parent)

    async def _people(self, unit: str) -> AsyncIterator[Member]:
        cursor = 0
        for _page in range(MOST_PAGES):
            body = {"dept_id": int(unit), "cursor": cursor, "size": PAGE, "contain_access_limit": False}
            result = mapping_of(await self._ask("POST", "/topapi/v2/user/list", body), "result")
            for found in list_of(result, "list"):
                if (member := member_of(found)) is not None:
                    yield member
            following = result.get("next_cursor")
            if result.get("has_more") is not True:
                return
            if not isinstance(following, int) or following <= cursor:
                break
            cursor = following
        raise DirectoryUnavailable(f"钉钉部门 {unit} 的人员翻不完页", temporary=True)

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask until there is an answer; what passes by itself is waited for, a few times."""
        for pause in (*PAUSES, None):
            verdict, answer = await self._try(method, path, body)
            if verdict.fate is Fate.DONE:
                return answer
            if pause is None or verdict.fate not in PASSING:
                raise Refused(verdict, text_of(answer, "errcode"))
            await self._sleep(max(pause, verdict.after or 0.0))
        raise AssertionError("unreachable")

    async def _try(
        self, method: str, path: str, body: dict[str, Any] | None
    ) -> tuple[Verdict, dict[str, Any]]:
        try:
            answer = await self._api.old(method, path, **({"json": body} if body is not None else {}))
        except WireError as failure:
            return judge_failure(failure), {}
        return judge(answer, *self._api.secrets), answer.body


def member_of(found: Any) -> Member | None:
    """Return an account from `user/list` or `user/get`; None if it names nobody.

    `active` there says whether the account was ever used; one that is listed has not left.
    """
    user_id = text_of(found, "userid")
    if not user_id:
        return None
    leading = [one for one in list_of(found, "leader_in_dept") if isinstance(one, dict) and one.get("leader")]
    return Member(
        user_id=user_id,
        name=text_of(found, "name"),
        employee_no=text_of(found, "job_number"),
        departments=tuple(map(str, list_of(found, "dept_id_list"))),
        leader=found.get("leader") is True or bool(leading),
        title=text_of(found, "title"),
    )


def _unit_of(found: Any) -> Unit:
    return Unit(id=text_of(found, "dept_id"), name=text_of(found, "name"), parent=text_of(found, "parent_id"))


def change_of(event_type: str, data: Any) -> DirectoryChange | None:
    """Return what an event of the organisation says, None if it is not about the directory.

    `data` is the event's own: `{"userId": [...]}` or `{"deptId": [...]}` ("contacts event" pages); some
    examples spell the keys in small letters.
    """
    users = [*list_of(data, "userId"), *list_of(data, "userid")] or [text_of(data, "userId", "userid")]
    user_ids = tuple(dict.fromkeys(str(one) for one in users if one))
    if event_type == "user_leave_org":
        return DirectoryChange(kind="left", user_ids=user_ids)
    if event_type.startswith("user_") and event_type.endswith("_org"):
        return DirectoryChange(kind="changed", user_ids=user_ids)
    return DirectoryChange(kind="departments") if event_type.startswith("org_dept_") else None
