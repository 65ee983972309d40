"""Health and metrics: what a probe, a dashboard and a person must know of this process."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bot.platforms.base import Health, State

Facts = Callable[[], Awaitable[dict[str, Any]]]
WELL = (State.READY, State.OFF, State.STANDBY)


def plain(health: Health) -> dict[str, Any]:
    """Return a platform's health as JSON has it."""
    last = health.last_frame_at.isoformat() if health.last_frame_at else None
    return {**asdict(health), "since": health.since.isoformat(), "last_frame_at": last}


def routes(
    *, healths: Callable[[], list[Health]], facts: Facts, troubles: Callable[[], list[str]]
) -> list[web.RouteDef]:
    """Return /healthz (200: platforms connected, the database answers, no part has died) and /metrics."""

    async def healthz(_request: web.Request) -> web.Response:
        platforms = healths()
        try:
            known, database = await facts(), "ready"
        except Exception as error:  # noqa: BLE001 (health says what is wrong instead of failing)
            known, database = {}, type(error).__name__
        broken = troubles()
        well = database == "ready" and not broken and all(it.state in WELL for it in platforms)
        body = {
            "status": "ok" if well else "degraded",
            "database": database,
            "platforms": [plain(it) for it in platforms],
            "troubles": broken,
            **known,
        }
        return web.json_response(body, status=200 if well else 503)

    async def metrics(_request: web.Request) -> web.Response:
        registry = CollectorRegistry()
        up = Gauge(
            "banzhang_platform_ready", "1 when the platform is connected", ["platform"], registry=registry
        )
        reconnects = Gauge(
            "banzhang_platform_reconnects", "Connections made again", ["platform"], registry=registry
        )
        for it in healths():
            up.labels(it.name).set(it.state is State.READY)
            reconnects.labels(it.name).set(it.reconnects)
        for name, value in (await facts()).items():
            Gauge(f"banzhang_{name}", name, registry=registry).set(value)
        return web.Response(body=generate_latest(registry), content_type="text/plain")

    return [web.get("/healthz", healthz), web.get("/metrics", metrics)]
