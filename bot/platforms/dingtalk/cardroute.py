"""Where pressed buttons come: over the stream, or by HTTP to an address registered at DingTalk.

Source: "register card callback" of open.dingtalk.com. One route a tenant; registering it again is harmless.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import structlog

from bot.platforms.dingtalk.api import Api
from bot.platforms.dingtalk.callbacks import CARDS_PATH, api_secret
from bot.platforms.dingtalk.codes import Fate
from bot.platforms.dingtalk.config import DingTalkConfig
from bot.platforms.dingtalk.outcomes import judge
from bot.platforms.dingtalk.payload import digest
from bot.platforms.http import WireError
from domain.clock import Clock

log = structlog.get_logger()

PAUSE_SECONDS: Final = 300.0


class CardRoute:
    """Says how the presses of a new card are to come; `wanted`: the stream does not serve us now."""

    def __init__(self, config: DingTalkConfig, *, api: Api, clock: Clock, wanted: Callable[[], bool]) -> None:
        self._config, self._api, self._clock, self._wanted = config, api, clock, wanted
        self.key = f"banzhang-{digest(config.client_id)[:16]}"
        self._registered = False
        self._not_before = 0.0
        self._one = asyncio.Lock()

    async def fields(self) -> dict[str, str]:
        """Return callbackType and, for HTTP, the registered route; the stream where HTTP cannot be had."""
        if self._config.public_url and self._wanted() and await self._is_registered():
            return {"callbackType": "HTTP", "callbackRouteKey": self.key}
        return {"callbackType": "STREAM"}

    async def _is_registered(self) -> bool:
        async with self._one:
            if not self._registered and self._clock.monotonic() >= self._not_before:
                self._registered = await self._register()
                self._not_before = self._clock.monotonic() + PAUSE_SECONDS
            return self._registered

    async def _register(self) -> bool:
        body: dict[str, Any] = {
            "callbackRouteKey": self.key,
            "callbackUrl": self._config.public_url.rstrip("/") + CARDS_PATH,
            "apiSecret": api_secret(self._config),
            "forceUpdate": True,
        }
        try:
            verdict = judge(await self._api.ask("POST", "/v1.0/card/callbacks/register", body))
        except WireError as failure:
            log.warning("dingtalk.card_route_failed", error=type(failure).__name__)
            return False
        if verdict.fate is not Fate.DONE:
            log.warning("dingtalk.card_route_refused", fate=verdict.fate.name)
        return verdict.fate is Fate.DONE
