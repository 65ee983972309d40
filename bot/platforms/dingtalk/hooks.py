"""Groups spoken to by their custom robot (robot/send): a real @, signed, 20 a minute, nothing heard.

Source: "custom robot" pages of open.dingtalk.com. `msgUuid` is an idempotency key: the same message again is
taken as the same one. Its address is a secret: who has it can speak in the group.
"""

from collections.abc import Collection
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import structlog

from bot.platforms.dingtalk.api import Api
from bot.platforms.dingtalk.calls import posted
from bot.platforms.dingtalk.codes import WRONG_HOOK
from bot.platforms.dingtalk.config import KNOWN_HOSTS
from bot.platforms.dingtalk.payload import digest
from bot.platforms.dingtalk.signature import robot_sign
from bot.platforms.dingtalk.speech import webhook_speech
from bot.platforms.grouphook import GroupHook
from bot.platforms.http import same_host
from domain.clock import Clock
from notifier.delivery import HOOK, Delivered, Outcome, Outgoing, Refused

log = structlog.get_logger()

NO_HOOK: Final = "这个群没有配置群机器人"
WRONG_ADDRESS: Final = "群机器人地址不是钉钉的地址，请检查规则里 chats 的 webhook"


class Hooks:
    """The groups' custom robots; `troubles` says which of them refuse us, for health."""

    def __init__(
        self, hooks: Collection[GroupHook], *, api: Api, clock: Clock, known: Collection[str] = KNOWN_HOSTS
    ) -> None:
        self._hooks = {hook.code: hook for hook in hooks}
        self._api, self._clock = api, clock
        self._known = tuple(known)
        self.troubles: dict[str, str] = {}

    def chat_of(self, chat_id: str) -> str:
        """Return the robot's chat (`hook:<code>`) of the group with this conversation id; '' if none."""
        found = (code for code, hook in self._hooks.items() if hook.chat_id == chat_id)
        code = next(found, "")
        return HOOK + code if code else ""

    async def send(self, out: Outgoing) -> Outcome:
        """Say it in the group `hook:<code>`, in order; never raises."""
        hook = self._hooks.get(out.chat_id.removeprefix(HOOK))
        if hook is None:
            return Refused(reason=NO_HOOK)
        if not same_host(hook.address.get_secret_value(), self._known):
            return self._troubled(hook, Refused(reason=WRONG_ADDRESS))
        for number, body in enumerate(webhook_speech(out).messages):
            outcome = await self._post(hook, body | {"msgUuid": digest(out.key, number)[:40]})
            if not isinstance(outcome, Delivered):
                return outcome
        return Delivered()

    async def _post(self, hook: GroupHook, body: dict[str, Any]) -> Outcome:
        verdict = await posted(self._api, signed(hook, clock=self._clock), body)
        outcome = verdict.known_at("hook")
        if verdict.code in WRONG_HOOK:
            return self._troubled(hook, outcome)
        if isinstance(outcome, Delivered):
            self.troubles.pop(hook.code, None)
        return outcome

    def _troubled(self, hook: GroupHook, outcome: Outcome) -> Outcome:
        reason = "" if isinstance(outcome, Delivered) else outcome.reason
        self.troubles[hook.code] = reason
        log.warning("dingtalk.hook_refused", chat=hook.code, reason=reason)
        return outcome


def signed(hook: GroupHook, *, clock: Clock) -> str:
    """Return the robot's address, signed for this very moment if it has a secret."""
    url = httpx.URL(hook.address.get_secret_value())
    if hook.secret is None:
        return str(url)
    timestamp = str(round(clock.now().timestamp() * 1000))
    sign = robot_sign(hook.secret.get_secret_value(), timestamp)
    joint = "&" if url.query else "?"
    return f"{url}{joint}{urlencode({'timestamp': timestamp, 'sign': sign})}"
