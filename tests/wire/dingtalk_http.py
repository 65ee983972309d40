"""The house's web server beside the pretend cloud: callbacks as a tenant without the stream has them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

from bot.platforms.dingtalk.callbacks import CARDS_PATH, ROBOT_PATH, api_secret
from bot.platforms.dingtalk.signature import card_sign, robot_sign
from bot.sandbox.faults import Faults
from bot.web.callbacks import guarded
from tests.wire.dingtalk_house import House, a_config, a_house

NO_STREAM = {"kind": "refuse", "door": "dingtalk.open"}


class Site:
    """A house with its callback addresses, and a stranger who can reach them."""

    def __init__(self, house: House, url: str) -> None:
        self.house, self.url = house, url

    def now(self) -> str:
        """Return the time as DingTalk stamps it."""
        return str(round(self.house.world.clock.now().timestamp() * 1000))

    def signed(self, timestamp: str = "") -> dict[str, str]:
        """Return the headers of a genuine robot message."""
        at = timestamp or self.now()
        return {"timestamp": at, "sign": robot_sign(self.house.cloud.client_secret, at)}

    def card_signed(self, timestamp: str = "") -> dict[str, str]:
        """Return the headers of a genuine pressed button."""
        at = timestamp or self.now()
        sign = card_sign(api_secret(a_config(self.house.cloud)), at)
        return {"x-ddpaas-signature-timestamp": at, "x-ddpaas-signature": sign}

    async def post(self, path: str, body: bytes | dict[str, Any], headers: dict[str, str]) -> tuple[int, str]:
        """Post something; return status and text of the answer."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with (
            aiohttp.ClientSession() as http,
            http.post(self.url + path, data=data, headers=headers) as answer,
        ):
            return answer.status, await answer.text()

    async def robot(self, body: bytes | dict[str, Any], headers: dict[str, str]) -> tuple[int, str]:
        """Post a robot message."""
        return await self.post(ROBOT_PATH, body, headers)

    async def cards(self, body: bytes | dict[str, Any], headers: dict[str, str]) -> tuple[int, str]:
        """Post a pressed button."""
        return await self.post(CARDS_PATH, body, headers)


@asynccontextmanager
async def a_site(*, stream: bool = False, both: bool = False, **settings: Any) -> AsyncIterator[Site]:
    """A tenant in HTTP mode; `stream`: the stream is open too, `both`: and messages come by it too."""
    faults = settings.pop("faults", Faults())
    if not stream and not both:
        faults.add("refuse", "dingtalk.open")
    runner = web.AppRunner(app := web.Application(), shutdown_timeout=0.2)
    listening = _Late(app)
    await runner.setup()
    tcp = web.TCPSite(runner, "127.0.0.1", 0)
    await tcp.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    config = {"public_url": url} | settings.pop("config", {})
    settings = {"http_seconds": 30.0, "card_seconds": 30.0} | settings  # the cloud waits as long as it takes
    try:
        async with a_house(faults=faults, wait=stream or both, config=config, **settings) as house:
            listening.serve(map(guarded, house.platform.routes()))
            house.cloud.postman.robot_url = url + ROBOT_PATH
            house.cloud.postman.both = both
            yield Site(house, url)
    finally:
        await runner.cleanup()


class _Late:
    """Addresses that are known only after the server listens."""

    def __init__(self, app: web.Application) -> None:
        self._handlers: dict[str, Any] = {}
        app.router.add_post("/{path:.*}", self._serve)

    def serve(self, routes: Any) -> None:
        """Serve these from now on."""
        self._handlers = {route.path: route.handler for route in routes}

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        response: web.StreamResponse = await self._handlers[request.path](request)
        return response
