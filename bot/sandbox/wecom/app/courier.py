"""Calls the app's callback URL: sealed, 5 s each, three attempts with the same MsgId (page 90238)."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.sandbox.faults import PUSH_FAULTS, Fault
from bot.sandbox.town import Resident, Room
from bot.sandbox.wecom.app.counter import Counter
from bot.sandbox.wecom.app.payloads import xml
from bot.sandbox.wecom.app.replies import PUSH, Replies
from bot.sandbox.wecom.envelopes import Envelopes

HTTP_OK = 200


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One message or event on its way: the same at every attempt."""

    room: Room
    person: Resident
    plain: str
    event: str = ""
    subject: str = ""
    post: str = ""


class Courier:
    """`url` is where the bot listens ('': nowhere); `undelivered` names what never arrived.

    `gave_up` counts the calls that were not answered in time, and were hung up.

    `answered` is called with the id of a post whose call was answered with 200.
    """

    def __init__(
        self, counter: Counter, *, envelopes: Envelopes, replies: Replies, corp_id: str, agent_id: int
    ) -> None:
        self.url = ""
        self.undelivered: list[str] = []
        self.gave_up = 0
        self.answered: Callable[[str], object] = lambda _post: None
        self._counter, self._envelopes, self._replies = counter, envelopes, replies
        self._corp_id, self._agent_id = corp_id, agent_id
        self._http: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: list[Delivery] = []
        self._answers: set[str] = set()

    async def close(self) -> None:
        """Call no more."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._http is not None:
            await self._http.close()

    @property
    def busy(self) -> bool:
        """Whether a call is under way."""
        return bool(self._tasks)

    def deliver(self, delivery: Delivery) -> None:
        """Call the bot, unless something goes wrong on the way."""
        fault = self._counter.faults.take(f"wecom.{PUSH}", *PUSH_FAULTS)
        go = self._go(delivery)
        match fault.kind if fault else "":
            case "drop":
                self.undelivered.append(delivery.post or delivery.event)
            case "reorder":
                self._held.append(delivery)
            case "late" if fault:
                self._counter.alarms.after(fault.seconds, go)
            case "duplicate":
                go()
                go()
            case "redeliver" | "redeliver_new" if fault:
                go()
                self._counter.alarms.after(fault.seconds, go)
            case _:
                self._spawn(self._attempts(delivery, fault))
                held, self._held = self._held, []
                for late in held:
                    self._go(late)()

    def _go(self, delivery: Delivery) -> Callable[[], None]:
        return lambda: self._spawn(self._attempts(delivery, None))

    def _spawn(self, job: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _attempts(self, delivery: Delivery, fault: Fault | None) -> None:
        """Call until it is answered with 200; `fault`: the first answer is lost, whatever it says."""
        for attempt in range(self._counter.limits.attempts):
            answer = await self._call(delivery) if self.url else None
            if answer is not None and not (fault and attempt == 0):
                self.answered(delivery.post)
                if answer.strip() and delivery.plain not in self._answers:  # of two calls one answer is shown
                    self._answers.add(delivery.plain)
                    self._show(delivery, answer)
                return
            await asyncio.sleep(self._counter.limits.pause)
        self.undelivered.append(delivery.post or delivery.event)

    def _show(self, delivery: Delivery, answer: str) -> None:
        self._replies.show(
            answer,
            room=delivery.room,
            event=delivery.event,
            subject=delivery.subject,
            user_id=delivery.person.wecom_user_id,
        )

    async def _call(self, delivery: Delivery) -> str | None:
        """Call once, with a new nonce, time stamp and signature; return the body of a 200, else None."""
        encrypted = self._envelopes.encrypt(delivery.plain)
        fields = {"ToUserName": self._corp_id, "AgentID": str(self._agent_id), "Encrypt": encrypted}
        self._counter.recorder.record("out", f"wecom.{PUSH}", delivery.plain)
        try:
            async with asyncio.timeout(self._counter.limits.callback_seconds):
                async with self._session().post(
                    self.url, params=self._query(encrypted), data=xml(fields).encode()
                ) as response:
                    text = await response.text()
        except TimeoutError:
            self.gave_up += 1
            return None
        except (aiohttp.ClientError, OSError):
            return None
        return text if response.status == HTTP_OK else None

    async def verify(self) -> bool:
        """Ask the URL to decrypt an echostr, as the console does on saving (1 s, exactly the text)."""
        echo = str(secrets.randbelow(10**19))
        encrypted = self._envelopes.encrypt(echo)
        query = {**self._query(encrypted), "echostr": encrypted}
        try:
            async with asyncio.timeout(self._counter.limits.verify_seconds):
                async with self._session().get(self.url, params=query) as response:
                    said = await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            return False
        return response.status == HTTP_OK and said == echo.encode()

    def _query(self, encrypted: str) -> dict[str, str]:
        return self._envelopes.query(encrypted, at=int(self._counter.clock.now().timestamp()))

    def _session(self) -> aiohttp.ClientSession:
        self._http = self._http or aiohttp.ClientSession(trust_env=False)
        return self._http
