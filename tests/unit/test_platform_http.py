"""HTTP of both platforms: errors that say whether a request left, one token for all, no secret in texts."""

import asyncio
import logging
import time
from datetime import timedelta

import httpx
import pytest
import respx
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.http import (
    CredentialsRefused,
    NoAnswer,
    NotSent,
    Token,
    TokenCache,
    TokenFailed,
    call,
    new_client,
    safe_text,
    same_host,
)
from domain.clock import FixedClock

URL = "https://platform.example/path?access_token=tok-secret-1"


class Desk:
    """Hands out tokens, one per call, after `go`; `error` is raised instead."""

    def __init__(self) -> None:
        self.calls = 0
        self.go = asyncio.Event()
        self.error: Exception | None = None
        self.go.set()

    async def __call__(self) -> Token:
        self.calls += 1
        await self.go.wait()
        if self.error:
            raise self.error
        return Token(value=f"token-{self.calls}", seconds=7200)


async def test_however_many_ask_the_token_is_fetched_once(clock: FixedClock) -> None:
    desk = Desk()
    desk.go.clear()
    cache = TokenCache(desk, clock=clock)
    asking = [asyncio.create_task(cache.get()) for _ in range(50)]
    await asyncio.sleep(0)
    asking[0].cancel()
    desk.go.set()
    results = await asyncio.gather(*asking, return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
    assert set(results[1:]) == {"token-1"}
    assert desk.calls == 1


async def test_a_token_is_renewed_before_its_end_and_when_it_is_dropped(clock: FixedClock) -> None:
    desk = Desk()
    cache = TokenCache(desk, clock=clock)
    first = await cache.get()
    clock.advance(timedelta(seconds=6800))
    assert await cache.get() == first
    clock.advance(timedelta(seconds=150))
    second = await cache.get()
    assert second == "token-2"
    cache.drop(first)
    assert await cache.get() == second
    cache.drop(second)
    assert await cache.get() == "token-3"


async def test_a_refusal_holds_and_a_failure_does_not(clock: FixedClock) -> None:
    desk = Desk()
    cache = TokenCache(desk, clock=clock)
    desk.error = CredentialsRefused("no")
    for _ in range(3):
        with pytest.raises(CredentialsRefused):
            await cache.get()
    assert desk.calls == 1
    clock.advance(timedelta(seconds=11))
    desk.error = TokenFailed("busy")
    for _ in range(2):
        with pytest.raises(TokenFailed):
            await cache.get()
    assert desk.calls == 3
    desk.error = None
    assert await cache.get() == "token-4"


async def test_a_fetch_that_nobody_waits_for_any_more_is_closed_quietly(clock: FixedClock) -> None:
    desk = Desk()
    desk.go.clear()
    cache = TokenCache(desk, clock=clock)
    asking = asyncio.create_task(cache.get())
    await asyncio.sleep(0)
    asking.cancel()
    await cache.close()
    assert "token" not in repr(cache).replace("TokenCache", "")


async def test_a_slow_answer_is_no_answer_within_the_calls_own_time() -> None:
    async def slow(_request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(5)  # longer than the call may take; never waited for
        return httpx.Response(200)

    async with new_client(httpx.MockTransport(slow)) as http:
        with pytest.raises(NoAnswer):
            await call(http, "POST", URL, seconds=0.05)


async def test_an_answer_that_came_while_this_process_stood_still_is_heard() -> None:
    async def frozen(_request: httpx.Request) -> httpx.Response:
        time.sleep(0.4)  # noqa: ASYNC251 (what a paused machine does to the whole loop)
        for _turn in range(5):
            await asyncio.sleep(0)
        return httpx.Response(200, json={"errcode": 0})

    async with new_client(httpx.MockTransport(frozen)) as http:
        assert (await call(http, "POST", URL, seconds=0.2)).body == {"errcode": 0}


async def test_a_call_that_is_given_up_is_ended() -> None:
    ended = asyncio.Event()

    async def endless(_request: httpx.Request) -> httpx.Response:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        raise AssertionError("nobody sets it")

    async with new_client(httpx.MockTransport(endless)) as http:
        calling = asyncio.create_task(call(http, "POST", URL))
        for _turn in range(20):
            await asyncio.sleep(0)
        calling.cancel()
        await asyncio.gather(calling, return_exceptions=True)
    assert calling.cancelled()
    assert ended.is_set()


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (httpx.ConnectError("refused by tok-secret-1"), NotSent),
        (httpx.UnsupportedProtocol("ftp tok-secret-1"), NotSent),
        (httpx.ReadTimeout("tok-secret-1"), NoAnswer),
        (httpx.DecodingError("tok-secret-1"), NoAnswer),
    ],
)
async def test_errors_say_whether_the_request_left_and_nothing_secret(
    error: Exception, expected: type[Exception]
) -> None:
    with respx.mock as wire:
        wire.post(URL).mock(side_effect=error)
        async with new_client() as http:
            with pytest.raises(expected) as failure:
                await call(http, "POST", URL)
    assert "tok-secret-1" not in f"{failure.value} {failure.value!r}"
    assert str(failure.value).startswith("platform.example")


async def test_a_closed_client_and_a_broken_address_are_not_sent() -> None:
    http = new_client()
    await http.aclose()
    with pytest.raises(NotSent):
        await call(http, "POST", URL)
    async with new_client() as http:
        for address in ("http://[", "no address", "", "http://a\x00b/"):
            with pytest.raises(NotSent):
                await call(http, "GET", address)


async def test_request_lines_are_logged_without_their_query(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("disabled", False), ("propagate", True)):
        monkeypatch.setattr(logging.getLogger("httpx"), name, value)
    with respx.mock as wire, caplog.at_level(logging.DEBUG, logger="httpx"):  # whoever set it higher before
        wire.get(URL).respond(json={"ok": 1}, headers={"Retry-After": "3"})
        async with new_client() as http:
            answer = await call(http, "GET", URL)
    assert (answer.status, answer.body, answer.retry_after) == (200, {"ok": 1}, 3.0)
    assert "https://platform.example/path" in caplog.text
    assert "tok-secret-1" not in caplog.text
    assert "ok" not in repr(answer)


def test_what_a_platform_says_is_shortened_and_cleaned() -> None:
    said = 'bad appsecret=abc123&x=1 session: s9 \n {"access_token":"t0k"} my-secret ' + "long " * 100
    clean = safe_text(said, "my-secret", "")
    assert len(clean) == 200
    assert not any(word in clean for word in ("abc123", "s9", "t0k", "my-secret", "\n"))


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://oapi.dingtalk.com/robot/sendBySession?session=1", True),
        ("https://oapi.dingtalk.com:443/x", True),
        ("http://oapi.dingtalk.com/x", False),
        ("https://oapi.dingtalk.com.evil.example/x", False),
        ("https://evil.example/oapi.dingtalk.com", False),
        ("https://user:pw@oapi.dingtalk.com/x", False),
        ("https://oapi.dingtalk.com@evil.example/x", False),
        ("https://oapi.dingtalk.com:8443/x", False),
        ("file:///etc/passwd", False),
        ("", False),
        ("http://[", False),
    ],
)
def test_only_the_platforms_own_host_is_spoken_to(url: str, *, good: bool) -> None:
    assert same_host(url, ["https://oapi.dingtalk.com"]) is good


@given(url=st.text(max_size=40))
def test_any_text_is_a_host_or_not(url: str) -> None:
    assert same_host(url, ["https://oapi.dingtalk.com"]) in {True, False}
