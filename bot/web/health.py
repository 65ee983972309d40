"""Health and metrics: what a probe, a dashboard and a person must know of this process."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any, Final

from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bot.platforms.base import Health, State
from bot.web.facts import unheard

Facts = Callable[[], Awaitable[dict[str, Any]]]
OUTBOX: Final = {
    "waiting": ("banzhang_outbox_waiting", "Messages that wait to be sent"),
    "oldest_seconds": ("banzhang_outbox_oldest_seconds", "How long the oldest of them has waited"),
    "dead_today": ("banzhang_outbox_dead_today", "Messages that were not delivered today"),
    "nobody_told_today": ("banzhang_outbox_nobody_told_today", "Of these, what nobody could be told"),
}
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
        broken = [*troubles(), *unheard(known)]
        well = database == "ready" and not broken and all(it.state in WELL for it in platforms)
        body = {
            "status": "ok" if well else "degraded",
            "database": database,
            "platforms": [plain(it) for it in platforms],
            "troubles": broken,
            **known,
        }
        return web.json_response(body, status=200 if well else 503, dumps=_readable)

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
        known = await facts()
        for name, (metric, what) in OUTBOX.items():
            Gauge(metric, what, registry=registry).set(known["outbox"][name])
        _budgets(known["budgets"], registry)
        return web.Response(body=generate_latest(registry), content_type="text/plain")

    return [web.get("/healthz", healthz), web.get("/metrics", metrics)]


def _budgets(budgets: list[dict[str, Any]], registry: CollectorRegistry) -> None:
    names = ("platform", "bucket")
    used = Gauge("banzhang_budget_used", "Units of the month's allowance used", names, registry=registry)
    limit = Gauge("banzhang_budget_limit", "Units of the month's allowance", names, registry=registry)
    for it in budgets:
        used.labels(it["platform"], it["bucket"]).set(it["used"])
        if it["limit"]:
            limit.labels(it["platform"], it["bucket"]).set(it["limit"])


def _readable(body: dict[str, Any]) -> str:
    """Write JSON that people can read in a terminal: Chinese as it is."""
    return json.dumps(body, ensure_ascii=False, indent=1)
