"""Asks the gateway for a place on its stream: an endpoint and a ticket that is good for one connection."""

import platform
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import quote_plus, urlsplit

import httpx

from bot.platforms.dingtalk.config import DingTalkConfig
from bot.platforms.dingtalk.frames import CALLBACK, CARD_TOPIC, EVENT, ROBOT_TOPIC
from bot.platforms.dingtalk.payload import text_of
from bot.platforms.http import Answer, WireError, call, safe_text

PATH = "/v1.0/gateway/connections/open"
_REFUSALS = {400, 401, 403}


class GatewayRefused(WireError):
    """The gateway does not take our credentials, or the application's stream mode is off."""


class GatewayBusy(WireError):
    """The gateway gave no place; asking again later helps."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where to connect; the address holds the ticket (90 s, one connection) and is never shown."""

    url: str = field(repr=False)


async def open_place(http: httpx.AsyncClient, config: DingTalkConfig, *, seconds: float) -> Place:
    """Ask for a place; raises GatewayRefused or another WireError."""
    url = config.api_url.rstrip("/") + PATH
    # Without this header the gateway answers in XML (comment in the Node SDK).
    headers = {"Accept": "application/json"}
    answer = await call(http, "POST", url, seconds=seconds, json=_request(config), headers=headers)
    endpoint, ticket = text_of(answer.body, "endpoint"), text_of(answer.body, "ticket")
    if not endpoint or not ticket or answer.status >= 400:  # noqa: PLR2004 (HTTP errors)
        raise _refusal(answer, config.client_secret.get_secret_value())
    if urlsplit(endpoint).scheme not in ({"ws", "wss"} if config.private_api else {"wss"}):
        raise GatewayBusy("the gateway named an endpoint without TLS")
    return Place(url=f"{endpoint}?ticket={quote_plus(ticket)}")


def _request(config: DingTalkConfig) -> dict[str, Any]:
    subscriptions = [{"type": CALLBACK, "topic": ROBOT_TOPIC}, {"type": CALLBACK, "topic": CARD_TOPIC}]
    if config.events:
        subscriptions.insert(0, {"type": EVENT, "topic": "*"})
    return {
        "clientId": config.client_id,
        "clientSecret": config.client_secret.get_secret_value(),
        "subscriptions": subscriptions,
        "ua": f"banzhang/{_version()} python/{platform.python_version()}-union",
    }


def _version() -> str:
    try:
        return version("banzhang")
    except PackageNotFoundError:
        return "0"


def _refusal(answer: Answer, secret: str) -> WireError:
    code = text_of(answer.body, "code")
    said = safe_text(f"HTTP {answer.status} {code} {text_of(answer.body, 'message')}", secret)
    if answer.is_json and answer.status in _REFUSALS and "limit" not in code.lower():
        return GatewayRefused(said)
    return GatewayBusy(said)
