"""HTTP mode: robot messages and pressed buttons posted to the tenant's addresses, signed, answered in time.

Sources: "receive message" (headers timestamp and sign, answer in the body), "register card callback" and
"event callback" (apiSecret, x-ddpaas-signature). What is not answered in time is not heard again.
"""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import aiohttp
from aiohttp import web

from bot.sandbox.dingtalk import names
from bot.sandbox.dingtalk.desk import Call, Desk, Door
from bot.sandbox.dingtalk.refusals import Refusal
from bot.sandbox.dingtalk.speech import Unreadable, webhook_saying
from bot.sandbox.faults import PUSH_FAULTS, Fault
from bot.sandbox.world import World

REGISTER_FIELDS: dict[str, type | tuple[type, ...]] = {
    "callbackRouteKey": str, "callbackUrl": str, "apiSecret": str, "forceUpdate": bool,
}  # fmt: skip
HTTP_OK = 200


class Postman:
    """`robot_url` is where robot messages go (empty: the stream); `both`: there and over the stream.

    `answered` is called with the data of a robot message that was answered in time.
    """

    def __init__(self, desk: Desk, world: World, *, client_secret: str) -> None:
        self.robot_url = ""
        self.both = False
        self.answered: Callable[[dict[str, Any]], object] = lambda _data: None
        self.routes: dict[str, tuple[str, str]] = {}  # callbackRouteKey: address and apiSecret
        self._desk, self._world, self._secret = desk, world, client_secret
        self._held: list[Callable[[], None]] = []
        self._http: aiohttp.ClientSession | None = None

    def doors(self) -> list[Door]:
        """Return the address at which card callbacks are registered."""
        path = "/v1.0/card/callbacks/register"
        return [Door(name="card.register", method="POST", path=path, handler=self._register)]

    async def close(self) -> None:
        """Post nothing more."""
        if self._http is not None:
            await self._http.close()

    async def _register(self, call: Call) -> dict[str, Any] | web.StreamResponse:
        self._desk.check_fields(call, REGISTER_FIELDS)
        key, url = call.body.get("callbackRouteKey"), call.body.get("callbackUrl")
        if not key:
            raise Refusal("param.callbackRouteKeyEmpty", "回调 RouteKey 为空")
        if not url:
            raise Refusal("param.callbackUrlEmpty", "回调 Url 为空")
        if key in self.routes and call.body.get("forceUpdate") is not True:
            raise Refusal("param.callbackRouteKeyExist", "回调 RouteKey 已存在", status=500)
        secret = str(call.body.get("apiSecret") or "")
        self.routes[str(key)] = (str(url), secret)
        return {"success": True, "result": {"callbackUrl": url, "apiSecret": secret}}

    def message(self, data: dict[str, Any], *, room: str, silent: Callable[[], None]) -> None:
        """Post a robot message; what the answer says is shown in the room. `silent`: nobody answered."""
        fault = self._desk.faults.take("dingtalk.push.robot", *PUSH_FAULTS)

        def go(times: int = 1) -> None:
            for _ in range(times):
                self._desk.spawn(self._message(data, room=room, silent=silent))

        if fault is None or not self._goes_wrong(fault, go):
            go()
            self._release()

    def _goes_wrong(self, fault: Fault, go: Callable[[int], None]) -> bool:
        """Lose, hold, delay or double a message; say whether that is all that happens to it."""
        if fault.kind == "reorder":
            self._held.append(lambda: go(1))
            self._desk.alarms.after(1.0, self._release)
        elif fault.kind == "late":
            self._desk.alarms.after(fault.seconds, lambda: go(1))
        elif fault.kind in ("duplicate", "redeliver", "redeliver_new", "deaf"):
            go(2)
        return fault.kind in ("reorder", "late", "drop", "duplicate", "redeliver", "redeliver_new", "deaf")

    def _release(self) -> None:
        held, self._held = self._held, []
        for go in held:
            go()

    async def _message(self, data: dict[str, Any], *, room: str, silent: Callable[[], None]) -> None:
        at = str(names.milliseconds(self._desk.clock.now()))
        headers = {"timestamp": at, "sign": _sign(self._secret, f"{at}\n{self._secret}")}
        answer = await self._post("robot", self.robot_url, data, headers, self._desk.limits.http_seconds)
        if answer is None:
            silent()
            return
        self.answered(data)
        if answer.get("msgtype") != "empty":
            self._show(answer, room)

    def _show(self, answer: dict[str, Any], room: str) -> None:
        try:
            saying = webhook_saying(self._world, answer)
        except Unreadable as error:
            self._desk.violate("http.answer", "push.robot", str(error))
        else:
            self._world.bot_post(room, saying.kind, saying.body, mentions=saying.mentions)

    async def press(self, data: dict[str, Any], *, route: str) -> dict[str, Any] | None:
        """Post a pressed button; return the answer, None if there was none in time."""
        url, secret = self.routes[route]
        at = str(names.milliseconds(self._desk.clock.now()))
        headers = {"x-ddpaas-signature-timestamp": at, "x-ddpaas-signature": _sign(secret, at)}
        return await self._post("card", url, data, headers, self._desk.limits.card_seconds)

    async def _post(
        self, door: str, url: str, data: dict[str, Any], headers: dict[str, str], seconds: float
    ) -> dict[str, Any] | None:
        """Post and return the JSON object of the answer; None if it is late, wrong or missing."""
        self._http = self._http or aiohttp.ClientSession(trust_env=False)
        self._desk.recorder.record("out", f"dingtalk.http.{door}", data)
        said: Any = None
        try:
            async with asyncio.timeout(seconds), self._http.post(url, json=data, headers=headers) as answer:
                text, status = await answer.text(), answer.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None
        try:
            said = json.loads(text) if status == HTTP_OK else None
        except ValueError:
            self._desk.violate("http.answer", f"push.{door}", text[:200])
        self._desk.recorder.record("in", f"dingtalk.http.{door}", said, status=status)
        return said if isinstance(said, dict) else None


def _sign(secret: str, text: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()).decode()
