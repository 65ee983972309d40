"""Access tokens: the new API's and the old one's; the same token while it is valid, its life extended."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.sandbox.dingtalk import refusals
from bot.sandbox.dingtalk.desk import Call, Desk, Door


class Tokens:
    """Issues tokens and knows which are good."""

    def __init__(self, desk: Desk, *, client_id: str, client_secret: str) -> None:
        self._desk = desk
        self._credentials = (client_id, client_secret)
        self._token = ""
        self._until: datetime | None = None
        desk.token_is_good = self.good

    def doors(self) -> list[Door]:
        """Return the addresses that issue tokens."""
        new = "/v1.0/oauth2/accessToken"
        return [
            Door(name="token", method="POST", path=new, handler=self._new, token=False),
            Door(
                name="gettoken",
                method="GET",
                path="/gettoken",
                handler=self._old,
                style="oapi",
                token=False,
                json=False,
            ),
        ]

    def good(self, token: str) -> bool:
        """Say whether the token is valid now."""
        fresh = self._until is not None and self._desk.clock.now() < self._until
        return fresh and secrets.compare_digest(token.encode(), self._token.encode())

    def revoke(self) -> None:
        """Forget the token: whoever still uses it is told so."""
        self._until = None

    async def _new(self, call: Call) -> dict[str, Any] | web.StreamResponse:
        self._desk.check_fields(call, {"appKey": str, "appSecret": str}, need="appKey appSecret")
        self._check(call, (call.body.get("appKey"), call.body.get("appSecret")))
        return {"accessToken": self._issue(), "expireIn": self._desk.limits.token_seconds}

    async def _old(self, call: Call) -> dict[str, Any] | web.StreamResponse:
        query = call.request.query
        self._check(call, (query.get("appkey"), query.get("appsecret")))
        answer = {"errcode": 0, "errmsg": "ok", "access_token": self._issue()}
        return answer | {"expires_in": self._desk.limits.token_seconds}

    def _check(self, call: Call, given: tuple[Any, Any]) -> None:
        if given != self._credentials:
            raise refusals.wrong_credentials(call.door)

    def _issue(self) -> str:
        now = self._desk.clock.now()
        if self._until is None or now >= self._until:
            self._token = secrets.token_hex(16)
        self._until = now + timedelta(seconds=self._desk.limits.token_seconds)
        return self._token
