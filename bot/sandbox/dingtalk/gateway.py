"""The stream gateway: opening a connection, the WebSocket, system frames; the stream protocol's own rules."""

import asyncio
import contextlib
import json
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.sandbox.dingtalk import refusals
from bot.sandbox.dingtalk.courier import Courier
from bot.sandbox.dingtalk.desk import Call, Desk, Door
from bot.sandbox.dingtalk.frames import frame, new_push_id
from bot.sandbox.dingtalk.refusals import Refusal
from bot.sandbox.dingtalk.shapes import a_list
from bot.sandbox.dingtalk.socket import StreamSocket, Subscriptions

XML = "<?xml version='1.0'?><error><code>MissingAccept</code></error>"
OPEN_FIELDS: dict[str, type | tuple[type, ...]] = {
    "clientId": str, "clientSecret": str, "subscriptions": list, "ua": str, "localIp": str, "extras": dict,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """Single use, 90 s, one connection."""

    topics: Subscriptions
    until: datetime


class Gateway:
    """Hands out tickets and keeps the sockets that were opened with them."""

    def __init__(self, desk: Desk, courier: Courier, *, client_id: str, client_secret: str) -> None:
        self.url = ""  # ws://host:port, set when the port is known
        self._desk, self._courier = desk, courier
        self._credentials = (client_id, client_secret)
        self._tickets: dict[str, Ticket] = {}
        self._pings: dict[str, tuple[str, asyncio.Future[bool]]] = {}
        self._goodbyes: set[str] = set()  # push ids of SYSTEM disconnects: may be answered, need not

    def doors(self) -> list[Door]:
        """Return the addresses of the gateway."""
        path = "/v1.0/gateway/connections/open"
        return [
            Door(name="open", method="POST", path=path, handler=self._open, token=False),
            Door(
                name="connect", method="GET", path="/connect", handler=self._connect, token=False, json=False
            ),
        ]

    async def _open(self, call: Call) -> dict[str, Any] | web.StreamResponse:
        need = "clientId clientSecret subscriptions"
        self._desk.check_fields(call, OPEN_FIELDS, need=need)
        if "application/json" not in call.request.headers.get("Accept", ""):
            self._desk.violate("open.accept", call.door, "the gateway answers XML")
            return web.Response(text=XML, content_type="application/xml")
        if (call.body.get("clientId"), call.body.get("clientSecret")) != self._credentials:
            raise refusals.wrong_credentials("open")
        topics = frozenset(self._topics(call))
        if not topics:
            raise Refusal("systemError", "系统错误")
        ticket = f"{uuid.uuid4()}+/{secrets.token_hex(2)}="  # must be quoted in the query
        until = self._desk.clock.now() + timedelta(seconds=self._desk.limits.ticket_seconds)
        self._tickets[ticket] = Ticket(topics=topics, until=until)
        return {"endpoint": f"{self.url}/connect", "ticket": ticket}

    def _topics(self, call: Call) -> set[tuple[str, str]]:
        topics = set()
        for entry in a_list(call.body.get("subscriptions")):
            if not isinstance(entry, dict) or entry.get("type") not in ("EVENT", "CALLBACK", "SYSTEM"):
                self._desk.violate("open.subscription", call.door, repr(entry))
            else:
                topics.add((str(entry["type"]), str(entry.get("topic", ""))))
        return topics

    async def _connect(self, call: Call) -> dict[str, Any] | web.StreamResponse:
        ticket = self._tickets.pop(call.request.query.get("ticket", ""), None)
        if ticket is None or self._desk.clock.now() >= ticket.until:
            self._desk.violate("connect.ticket", call.door, "unknown, used or expired")
            raise Refusal("invalidTicket", "ticket invalid", status=401)
        ws = web.WebSocketResponse(autoping=False)
        await ws.prepare(call.request)
        socket = StreamSocket(ws, call.request, topics=ticket.topics)
        self._courier.sockets.append(socket)
        try:
            await self._begin(socket)
            await socket.run(self._heard, recorder=self._desk.recorder)
        finally:
            self._courier.sockets.remove(socket)
        return ws

    async def _begin(self, socket: StreamSocket) -> None:
        """Let a fresh socket fall ill at once if that was ordered."""
        fault = self._desk.faults.take("dingtalk.socket", "close", "cut", "half_open", "garbage")
        if fault is None:
            return
        if fault.kind == "close":
            await socket.close(int(fault.code or 1000))
        elif fault.kind == "cut":
            socket.cut()
        elif fault.kind == "half_open":
            socket.silent = True
        else:
            socket.send(fault.text or "no JSON {")

    def _heard(self, socket: StreamSocket, ack: Any) -> None:
        headers = ack.get("headers") if isinstance(ack, dict) else None
        push_id = str(headers.get("messageId")) if isinstance(headers, dict) else ""
        if push_id in self._goodbyes:
            return
        ping = self._pings.pop(push_id, None)
        if ping is None:
            self._courier.acked(socket, ack)
            return
        echoed = _opaque(ack.get("data")) == ping[0] and ack.get("code") == 200  # noqa: PLR2004 (the protocol's ok)
        if not echoed:
            self._desk.violate("ping.opaque", "stream", repr(ack)[:200])
        if not ping[1].done():
            ping[1].set_result(echoed)

    async def ping(self) -> bool:
        """Send a SYSTEM ping to every socket; say whether all echoed the opaque in time."""
        waits = [self._ping(socket) for socket in self._courier.sockets]
        return all(await asyncio.gather(*waits)) if waits else False

    async def _ping(self, socket: StreamSocket) -> bool:
        push_id, opaque = new_push_id(), secrets.token_hex(8)
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._pings[push_id] = (opaque, answer)
        socket.send(frame("SYSTEM", topic="ping", push_id=push_id, data={"opaque": opaque}, headers={}))
        alarm = self._desk.alarms.after(self._desk.limits.pong_seconds, lambda: _say_no(answer))
        try:
            return await answer
        finally:
            alarm.cancel()
            self._pings.pop(push_id, None)

    def disconnect(self, reason: str = "persistent connection is timeout") -> int:
        """Announce the end to every socket: nothing more is delivered there, and it drops after 10 s."""
        leaving = [socket for socket in self._courier.sockets if not socket.draining]
        for socket in leaving:
            socket.draining = True
            push_id = new_push_id()
            self._goodbyes.add(push_id)
            data = {"reason": reason}
            socket.send(frame("SYSTEM", topic="disconnect", push_id=push_id, data=data, headers={}))
            self._desk.alarms.after(self._desk.limits.drop_seconds, socket.cut)
        return len(leaving)

    async def keep_pinging(self, seconds: float) -> None:
        """Ping for ever; whoever does not answer is only noted in the record."""
        while True:
            await self._desk.alarms.sleep(seconds)
            if self._courier.sockets and not await self.ping():
                self._desk.recorder.record("in", "dingtalk.ping.unanswered", None)

    async def close(self) -> None:
        """Close all sockets."""
        with contextlib.suppress(ConnectionError):
            await asyncio.gather(*(socket.close(1001) for socket in tuple(self._courier.sockets)))


def _opaque(data: Any) -> Any:
    try:
        return json.loads(data).get("opaque")
    except (TypeError, ValueError, AttributeError):
        return None


def _say_no(answer: asyncio.Future[bool]) -> None:
    if not answer.done():
        answer.set_result(False)
