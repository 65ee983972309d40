"""What the console says of the app: whether it is on, and who sees it (page 90227)."""

from typing import Any

from aiohttp import web

from bot.sandbox.wecom.app.counter import Ask, Counter, Door
from bot.sandbox.wecom.app.refusals import ApiRefusal

EVERYBODY = 1  # the department that is the whole company


class Agents:
    """`closed`, `departments` and `people` are the switches of the console."""

    def __init__(self, counter: Counter, *, agent_id: int) -> None:
        self.closed = False
        self.departments: list[int] = [EVERYBODY]
        self.people: list[str] = []
        self._counter = counter
        self._agent_id = agent_id

    def doors(self) -> list[Door]:
        """Return the address."""
        return [Door(name="app.agent", method="GET", path="agent/get", handler=self._get, json=False)]

    async def _get(self, ask: Ask) -> dict[str, Any] | web.StreamResponse:
        if ask.request.query.get("agentid") != str(self._agent_id):
            self._counter.violate("agent.id", ask.door, str(ask.request.query.get("agentid")))
            raise ApiRefusal(301002, "app does not belong to this secret")
        return {
            "errcode": 0,
            "errmsg": "ok",
            "agentid": self._agent_id,
            "name": "班长",
            "close": int(self.closed),
            "allow_userinfos": {"user": [{"userid": userid} for userid in self.people]},
            "allow_partys": {"partyid": self.departments},
        }
