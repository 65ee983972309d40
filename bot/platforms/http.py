"""What both platforms need of HTTP: one client, errors that say whether a request left, a token fetched once.

No error text, log line or repr made here holds a path, a query, a token or a secret:
hosts and fixed words only.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.platforms.patience import comes
from domain.clock import Clock

CALL_SECONDS = 6.0
TIMEOUT = httpx.Timeout(connect=3.0, read=5.0, write=5.0, pool=2.0)
CALL_TIMEOUT = httpx.Timeout(None, connect=3.0, pool=2.0)
"""Of a call: how long it may take in all is told by `comes`, which knows a process that stood still."""
LIMITS = httpx.Limits(max_connections=50, max_keepalive_connections=20, keepalive_expiry=15.0)
REASON_LENGTH = 200
HERE = ("127.0.0.1", "localhost", "[::1]")

_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)
_SECRET_PAIR = re.compile(
    r"(?i)((?:access_?token|app_?secret|corp_?secret|client_?secret|secret|session|ticket|key)\"?\s*[=:]\s*\"?)[^\s&\",;}]+"
)


class WireError(Exception):
    """Something between us and a platform failed; the text is safe to log and to show."""


class NotSent(WireError):
    """The request certainly never reached the platform (no connection)."""


class NoAnswer(WireError):
    """The request may have reached the platform; its answer was lost."""


class CredentialsRefused(WireError):
    """The platform does not accept our id and secret: only a person can mend that."""


class TokenFailed(WireError):
    """No token could be fetched for another reason; asking again later may help."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A platform's answer: HTTP status, its JSON object ({} if there was none), Retry-After in seconds."""

    status: int
    body: dict[str, Any] = field(default_factory=dict, repr=False)
    is_json: bool = True
    retry_after: float | None = None


@dataclass(frozen=True, kw_only=True)
class Token:
    """An access token and the seconds for which it is good; never shown."""

    value: str = field(repr=False)
    seconds: float


class _HideQueries(logging.Filter):
    """Takes the query (tokens, sessions) out of the request lines that httpx logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                str(arg).partition("?")[0] if isinstance(arg, httpx.URL) else arg for arg in record.args
            )
        return True


_HIDE_QUERIES = _HideQueries()


def hide_queries() -> None:
    """Have httpx's own log lines written without their queries from here on; may be called often."""
    logging.getLogger("httpx").addFilter(_HIDE_QUERIES)


class Client(httpx.AsyncClient):
    """An HTTP client that knows by which proxy it goes out ('': by none), for whoever opens sockets too."""

    way_out: str = ""


def new_client(transport: httpx.AsyncBaseTransport | None = None, *, proxy: str = "") -> Client:
    """Return the one client of the process: explicit time-outs, no redirects, no netrc or proxy from outside.

    Only by `proxy` (`http://[user:password@]host:port`, a secret) does it go out, if that is given; what is
    on this machine is always reached directly. The caller closes it.
    """
    hide_queries()
    client = Client(
        timeout=TIMEOUT,
        limits=LIMITS,
        follow_redirects=False,
        trust_env=False,
        transport=transport,
        proxy=proxy or None,
        mounts=dict.fromkeys(f"all://{host}" for host in HERE) if proxy else None,
        headers={"User-Agent": "banzhang", "Accept": "application/json"},
    )
    client.way_out = proxy
    return client


def way_out(http: httpx.AsyncClient) -> str:
    """Return the proxy by which this client goes out; '' if it goes directly."""
    return str(getattr(http, "way_out", ""))


def proxy_to(url: str, proxy: str) -> str | None:
    """Return the proxy by which a socket to `url` goes; None without one, and to this machine."""
    return proxy if proxy and urlsplit(url).hostname not in {host.strip("[]") for host in HERE} else None


async def call(
    http: httpx.AsyncClient, method: str, url: str, *, seconds: float = CALL_SECONDS, **request: Any
) -> Answer:
    """Make one request within `seconds`; `request` is what httpx takes (json, params, headers, files).

    Raises NotSent or NoAnswer, never an httpx error: those carry the URL, and with it the token.
    """
    if http.is_closed:
        raise NotSent("we are stopping")
    asking = asyncio.create_task(http.request(method, url, timeout=CALL_TIMEOUT, **request))
    try:
        if await comes(asking, within=seconds):
            return answer_of(asking.result())
    except _NEVER_LEFT as failure:
        raise NotSent(f"{host_of(url)}: {type(failure).__name__}") from None
    except (TimeoutError, httpx.HTTPError, httpx.StreamError) as failure:
        raise NoAnswer(f"{host_of(url)}: {type(failure).__name__}") from None
    finally:
        await _given_up(asking)
    raise NoAnswer(f"{host_of(url)}: TimeoutError")


async def _given_up(asking: "asyncio.Task[httpx.Response]") -> None:
    """End a request that nobody waits for any more; its connection is closed."""
    if not asking.done():
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


def answer_of(response: httpx.Response) -> Answer:
    """Read a complete response; anything but a JSON object becomes an empty body with is_json False."""
    try:
        body = response.json()
    except (ValueError, RecursionError):
        body = None
    whole = isinstance(body, dict)
    return Answer(
        status=response.status_code,
        body=body if whole else {},
        is_json=whole,
        retry_after=_seconds(response.headers.get("Retry-After", "")),
    )


def _seconds(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{1,6}", text) else None


def host_of(url: str) -> str:
    """Return the host of a URL and nothing else of it, for logs and reasons."""
    try:
        return httpx.URL(url).host or "?"
    except (httpx.InvalidURL, TypeError, ValueError):
        return "?"


def safe_text(text: object, *secrets: str, limit: int = REASON_LENGTH) -> str:
    """Return what a platform said, short, on one line, without our secrets and anything like a token."""
    clean = " ".join(str(text).split())
    for secret in filter(None, secrets):
        clean = clean.replace(secret, "***")
    return _SECRET_PAIR.sub(r"\1***", clean)[:limit]


class TokenCache:
    """Holds one token; however many ask at once, it is fetched once; a refusal is not repeated at once.

    `fetch` returns a Token or raises a WireError. Times are the clock's monotonic seconds.
    """

    def __init__(
        self, fetch: Callable[[], Awaitable[Token]], *, clock: Clock, hold_off: float = 10.0
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._hold_off = hold_off
        self._value = ""
        self._until = 0.0
        self._refusal = ""
        self._refused_until = 0.0
        self._flight: asyncio.Task[str] | None = None

    def __repr__(self) -> str:
        return f"TokenCache(held={bool(self._value)})"

    @property
    def secrets(self) -> tuple[str, ...]:
        """The token held now, for `safe_text`; empty if none."""
        return tuple(filter(None, (self._value,)))

    async def get(self) -> str:
        """Return a good token; raises WireError. A cancelled caller does not cancel the others' fetch."""
        if self._value and self._clock.monotonic() < self._until:
            return self._value
        if self._refusal and self._clock.monotonic() < self._refused_until:
            raise CredentialsRefused(self._refusal)
        if self._flight is None or self._flight.done():
            self._flight = asyncio.create_task(self._renew())
            self._flight.add_done_callback(_look_at)
        return await asyncio.shield(self._flight)

    def drop(self, value: str) -> None:
        """Forget `value` because the platform no longer takes it; a newer token stays."""
        if self._value == value:
            self._value = ""

    async def _renew(self) -> str:
        try:
            token = await self._fetch()
        except CredentialsRefused as refusal:
            self._refusal = str(refusal)
            self._refused_until = self._clock.monotonic() + self._hold_off
            raise
        self._value, self._refusal = token.value, ""
        self._until = self._clock.monotonic() + token.seconds - min(300.0, token.seconds * 0.1)
        return self._value

    async def close(self) -> None:
        """Give up a fetch that is still under way."""
        if self._flight and not self._flight.done():
            self._flight.cancel()
            await asyncio.gather(self._flight, return_exceptions=True)


def _look_at(task: asyncio.Task[str]) -> None:
    """Take the result, so that a failure nobody waits for any more is no warning."""
    if not task.cancelled():
        task.exception()


def same_host(url: str, allowed: Iterable[str]) -> bool:
    """Whether `url` is http(s) without user and password, at the host and port of one of `allowed`.

    A URL of `https` scheme among `allowed` is never matched by plain http.
    """
    try:
        asked = httpx.URL(url)
        bases = [httpx.URL(base) for base in allowed]
    except (httpx.InvalidURL, TypeError, ValueError):
        return False
    place = (asked.scheme, asked.host, asked.port)
    known = {(base.scheme, base.host, base.port) for base in bases}
    return asked.scheme in {"http", "https"} and not asked.userinfo and bool(asked.host) and place in known
