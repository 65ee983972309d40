"""WeCom's departments and people: what a self-built app may see, or the bare ids of the contacts secret.

Pages 90208 (department/list), 90200 (user/simplelist), 90201 (user/list), 90196 (user/get), 96067
(user/list_id). A list of people is of one department and has no pages; ids come by cursor. Since August 2022
the contacts secret gives ids only; since June 2022 new apps see neither mobile nor mail.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

from bot.platforms.base import DirectoryUnavailable
from bot.platforms.http import Answer, CredentialsRefused, WireError
from bot.platforms.wecom.app.api import Api, Method
from bot.platforms.wecom.app.outcomes import TABLE, errcode_of, verdict
from bot.platforms.wecom.hearing import canonical
from domain.models.directory import Directory, DirectoryChange, Member, Unit

ID_PAGE: Final = 10_000
MOST_PAGES: Final = 1000
PAUSES: Final = (1.0, 2.0, 4.0)
PASSING: Final = frozenset({-1, 45009, 45033})
NOT_ALLOWED: Final = frozenset({48002, 60011})
GONE: Final = frozenset({60111})
LEFT: Final = frozenset({2, 5})  # status: disabled, has left the organisation (1 active, 4 not yet joined)

Sleep = Callable[[float], Awaitable[None]]


class Refused(DirectoryUnavailable):
    """WeCom has said why not; `errcode` is its number."""

    def __init__(self, answer: Answer) -> None:
        self.errcode = errcode_of(answer)
        found = verdict(answer)
        said = f"（{self.errcode}）" if self.errcode is not None else f"（HTTP {answer.status}）"
        super().__init__(found.meaning + said, temporary=_passes(answer) or self.errcode not in TABLE)


class Contacts:
    """The directory of one organisation, as far as the app's visible range goes; `ids`: nothing but ids."""

    def __init__(self, api: Api, *, ids: bool = False, sleep: Sleep = asyncio.sleep) -> None:
        self._api = api
        self._ids = ids
        self._sleep = sleep

    async def directory(self) -> Directory:
        """Return all departments and people in range; raises DirectoryUnavailable if anything is missing."""
        return await (self._by_ids() if self._ids else self._by_departments())

    async def member(self, user_id: str) -> Member | None:
        """Return one account, None if it is not of the organisation; raises DirectoryUnavailable.

        With ids only there is no asking for one: all of them are read.
        """
        if self._ids:
            people = (await self._by_ids()).people
            return next((it for it in people if it.user_id == user_id), None)
        try:
            return member_of(await self._ask("GET", "user/get", params={"userid": user_id}))
        except Refused as refused:
            if refused.errcode in GONE:
                return None
            raise

    async def _by_departments(self) -> Directory:
        units = await self._units()
        people: dict[str, Member] = {}
        for unit in units:
            for member in await self._people(unit.id):
                people[member.user_id] = member
        return Directory(departments=units, people=tuple(people.values()))

    async def _units(self) -> tuple[Unit, ...]:
        """Return the departments; where their names may not be seen, their ids."""
        try:
            found = _objects(await self._ask("GET", "department/list"), "department")
        except Refused as refused:
            if refused.errcode not in NOT_ALLOWED:
                raise
            found = _objects(await self._ask("GET", "department/simplelist"), "department_id")
        units = [
            Unit(id=_text(it.get("id")), name=_text(it.get("name")), parent=_text(it.get("parentid")))
            for it in found
        ]
        return tuple(unit for unit in units if unit.id)

    async def _people(self, unit: str) -> list[Member]:
        """Return the people of one department, in full, or as much as may be seen."""
        try:
            answer = await self._ask("GET", "user/list", params={"department_id": unit})
        except Refused as refused:
            if refused.errcode not in NOT_ALLOWED:
                raise
            answer = await self._ask("GET", "user/simplelist", params={"department_id": unit})
        found = (member_of(it) for it in _objects(answer, "userlist"))
        return [member for member in found if member is not None]

    async def _by_ids(self) -> Directory:
        departments: dict[str, list[str]] = {}
        async for pair in self._pairs():
            if user_id := canonical(_text(pair.get("userid"))):
                departments.setdefault(user_id, []).append(_text(pair.get("department")))
        people = (Member(user_id=name, departments=tuple(units)) for name, units in departments.items())
        known = dict.fromkeys(unit for units in departments.values() for unit in units)
        return Directory(departments=tuple(Unit(id=unit) for unit in known), people=tuple(people))

    async def _pairs(self) -> AsyncIterator[dict[str, Any]]:
        cursor = ""
        for _page in range(MOST_PAGES):
            answer = await self._ask("POST", "user/list_id", json={"cursor": cursor, "limit": ID_PAGE})
            for pair in _objects(answer, "dept_user"):
                yield pair
            following = _text(answer.get("next_cursor"))
            if not following:
                return
            if following == cursor:
                break
            cursor = following
        raise DirectoryUnavailable("企业微信的成员列表翻不完页", temporary=True)

    async def _ask(self, method: Method, path: str, **request: Any) -> dict[str, Any]:
        """Ask until there is an answer; what passes by itself is waited for, a few times."""
        for pause in (*PAUSES, None):
            try:
                answer = await self._api.ask(method, path, **request)
            except WireError as error:
                if pause is None:
                    raise DirectoryUnavailable(_words(error), temporary=True) from None
            else:
                if errcode_of(answer) == 0:
                    return answer.body
                if pause is None or not _passes(answer):
                    raise Refused(answer)
            await self._sleep(pause)
        raise AssertionError("unreachable")


def _words(error: WireError) -> str:
    """Say what a failed connection means for a directory."""
    return str(error) if isinstance(error, CredentialsRefused) else f"连不上企业微信（{error}）"


def _passes(answer: Answer) -> bool:
    return errcode_of(answer) is None or errcode_of(answer) in PASSING


def member_of(found: dict[str, Any]) -> Member | None:
    """Return an account from `user/list`, `user/simplelist` or `user/get`; None if it names nobody."""
    user_id = canonical(_text(found.get("userid")))
    if not user_id:
        return None
    leading = found.get("is_leader_in_dept")
    return Member(
        user_id=user_id,
        name=_text(found.get("name")),
        departments=tuple(_text(one) for one in _list(found.get("department"))),
        leader=1 in _list(leading),
        active=found.get("status") not in LEFT,
        title=_text(found.get("position")),
        alias=_text(found.get("alias")),
        extra=_extra(found.get("extattr")),
    )


def _extra(found: Any) -> dict[str, str]:
    """Return the texts among the extended attributes by their name (page 90196)."""
    attributes = _objects(found, "attrs") if isinstance(found, dict) else []
    texts = ((_text(it.get("name")), it.get("text"), it.get("value")) for it in attributes)
    return {
        name: _text(text.get("value")) if isinstance(text, dict) else _text(value)
        for name, text, value in texts
        if name
    }


def change_of(fields: dict[str, Any]) -> DirectoryChange | None:
    """Return what a `change_contact` event says (pages 90970, 90971), None if it is about something else.

    A renamed account (`NewUserID`) has left under its old id. `Status` comes with an update only if it
    changed; 2 and 5 are leavers.
    """
    kind, user_id = _text(fields.get("ChangeType")), canonical(_text(fields.get("UserID")))
    renamed = canonical(_text(fields.get("NewUserID")))
    if kind == "delete_user" or (kind == "update_user" and _text(fields.get("Status")) in {"2", "5"}):
        return DirectoryChange(kind="left", user_ids=(user_id,))
    if kind in {"create_user", "update_user"}:
        if renamed and renamed != user_id:
            return DirectoryChange(kind="departments")  # who was who is seen in the whole
        return DirectoryChange(kind="changed", user_ids=(user_id,))
    return DirectoryChange(kind="departments") if kind.endswith("_party") else None


def _objects(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [it for it in _list(data.get(name)) if isinstance(it, dict)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
