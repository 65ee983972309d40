"""No secret of ours leaves by a log, an error, a reason or a repr, whatever goes wrong."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
import respx
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.platforms.base import MediaRef, MediaUnavailable
from bot.platforms.dingtalk import DingTalk, DingTalkConfig, Timings
from bot.platforms.dingtalk.gateway import open_place
from bot.platforms.http import WireError, new_client
from domain.clock import FixedClock
from notifier.card import Card
from notifier.delivery import Outgoing, ReplySlot

API = "https://api.dingtalk.com"
SECRETS = {
    "secret": "client-secret-77f1",
    "token": "token-1-9a8b",
    "session": "session-word-c3d4",
    "ticket": "ticket-e5f6",
    "signature": "signature-a7b8",
}
ALL = " ".join(f"appsecret={word} access_token={word} {word}" for word in SECRETS.values())
FAILURES: list[Any] = [
    httpx.Response(400, json={"code": "invalid", "message": ALL}),
    httpx.Response(403, json={"code": "Forbidden.x", "message": ALL}),
    httpx.Response(500, json={"errcode": 5, "errmsg": ALL}),
    httpx.Response(502, html=ALL),
    httpx.ReadTimeout(ALL),
    httpx.ConnectError(ALL),
]


async def deaf(_incoming: object) -> bool:
    return True


def config() -> DingTalkConfig:
    secret = SecretStr(SECRETS["secret"])
    return DingTalkConfig(client_id="id", client_secret=secret, robot_code="robot")


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with new_client() as client:
        yield client


def nothing_secret_in(*texts: object, known: tuple[str, ...] = ("secret", "token")) -> None:
    """What we know to be secret stands nowhere here; anything else not as the value of a secret's name."""
    whole = " ".join(map(str, texts))
    found = [name for name in known if SECRETS[name] in whole]
    found += [name for name, word in SECRETS.items() if f"={word}" in whole]
    assert found == []


@pytest.mark.parametrize("failure", FAILURES)
async def test_sending_and_fetching_leak_nothing(
    http: httpx.AsyncClient, clock: FixedClock, caplog: pytest.LogCaptureFixture, failure: Any
) -> None:
    webhook = f"https://oapi.dingtalk.com/robot/sendBySession?session={SECRETS['session']}"
    slot = ReplySlot(kind="session", deadline=clock.now() + timedelta(hours=1), data={"webhook": webhook})
    first = Outgoing(
        id=1, key="k", chat_id="cid", chat_kind="group", card=Card(title="t", key="a:1"), slot=slot
    )
    dingtalk = DingTalk(config(), http=http, hear=deaf, clock=clock, node="n1")
    said: list[object] = [dingtalk, vars(dingtalk), config()]
    with respx.mock(assert_all_called=False) as wire, capture_logs() as logs, caplog.at_level(logging.DEBUG):
        wire.post(f"{API}/v1.0/oauth2/accessToken").respond(
            json={"accessToken": SECRETS["token"], "expireIn": 7200}
        )
        wire.route().mock(side_effect=lambda _request: _raise_or_return(failure))
        for out in (first, replace(first, slot=None), replace(first, card=Card(lines=("x",)))):
            said += [await dingtalk.send(out)]
        with pytest.raises(MediaUnavailable) as unavailable:
            await dingtalk.fetch(MediaRef(kind="image", ref={"codes": ["c"], "robot": "r"}))
        with pytest.raises(Exception) as upload:  # noqa: PT011 (whatever it is: its text matters)
            await dingtalk.upload("image", name="a.png", data=b"x")
    said += [unavailable.value, repr(unavailable.value), upload.value, repr(upload.value), vars(upload.value)]
    nothing_secret_in(*said, logs, caplog.text)


def _raise_or_return(failure: Any) -> httpx.Response:
    if isinstance(failure, Exception):
        raise failure
    return httpx.Response(failure.status_code, content=failure.content, headers=failure.headers)


@pytest.mark.parametrize("failure", FAILURES)
async def test_opening_a_connection_leaks_nothing(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, failure: Any
) -> None:
    with respx.mock as wire, caplog.at_level(logging.DEBUG):
        wire.post(f"{API}/v1.0/gateway/connections/open").mock(
            side_effect=lambda _: _raise_or_return(failure)
        )
        with pytest.raises(WireError) as refused:
            await open_place(http, config(), seconds=1.0)
    nothing_secret_in(refused.value, repr(refused.value), caplog.text, known=("secret",))


async def test_a_socket_that_cannot_be_opened_does_not_tell_its_ticket(
    http: httpx.AsyncClient, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    private = replace(config(), api_url="http://127.0.0.1:9")
    timings = Timings(backoff_first=0.01, backoff_most=0.01, handshake=0.5)
    dingtalk = DingTalk(private, http=http, hear=deaf, clock=clock, node="n1", timings=timings)
    place = {"endpoint": "ws://127.0.0.1:9/connect", "ticket": SECRETS["ticket"]}
    with respx.mock as wire, capture_logs() as logs, caplog.at_level(logging.DEBUG):
        asked = wire.post("http://127.0.0.1:9/v1.0/gateway/connections/open").respond(json=place)
        running = asyncio.create_task(dingtalk.run())
        while asked.call_count < 3:  # noqa: ASYNC110 (the wire has no event)
            await asyncio.sleep(0.01)  # as above
        health = dingtalk.health()
        await dingtalk.stop()
        await running
    whole = f"{logs} {caplog.text} {health}"
    assert SECRETS["ticket"] not in whole
    assert "dingtalk.not_connected" in whole


async def test_the_gateway_may_not_send_us_to_a_socket_without_tls(http: httpx.AsyncClient) -> None:
    with respx.mock as wire:
        wire.post(f"{API}/v1.0/gateway/connections/open").respond(
            json={"endpoint": "ws://evil.example/connect", "ticket": SECRETS["ticket"]}
        )
        with pytest.raises(WireError, match="TLS"):
            await open_place(http, config(), seconds=1.0)
