"""Downloads go where a platform sent them and nowhere into the plant's own network."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.base import MediaUnavailable
from bot.platforms.downloads import Downloads, is_public
from bot.platforms.http import new_client

PUBLIC = "203.0.112.7"
NAMES = {
    "cdn.example": [PUBLIC],
    "inside.example": ["10.0.0.5"],
    "both.example": [PUBLIC, "127.0.0.1"],
    "gone.example": [],
    "api.example": [PUBLIC],
    "127.0.0.1": ["127.0.0.1"],
    "sandbox": ["172.18.0.3"],
}
Answer = Callable[[httpx.Request], httpx.Response]


def bytes_of(content: bytes) -> httpx.Response:
    """An answer that is still to be read, as from a socket."""
    return httpx.Response(200, stream=httpx.ByteStream(content))


async def resolve(host: str, _port: int) -> list[str]:
    return NAMES.get(host, [host] if host[0].isdigit() else [])


class Web:
    """A pretend web that notes which requests reach it."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.answer: Answer = lambda _request: bytes_of(b"bytes")

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        await asyncio.sleep(0)
        return self.answer(request)


@pytest.fixture
def web() -> Web:
    return Web()


@pytest.fixture
async def http(web: Web) -> AsyncIterator[httpx.AsyncClient]:
    async with new_client(httpx.MockTransport(web)) as client:
        yield client


def downloads(http: httpx.AsyncClient, base: str = "https://api.example", **limits: float) -> Downloads:
    return Downloads(
        http,
        bases=[base],
        resolve=resolve,
        max_bytes=int(limits.get("max_bytes", 100)),
        max_seconds=limits.get("max_seconds", 5.0),
    )


async def refused(loader: Downloads, url: str, *, temporary: bool = False) -> str:
    with pytest.raises(MediaUnavailable) as failure:
        await loader.get(url)
    assert failure.value.temporary is temporary
    assert "signature" not in str(failure.value).lower()
    return failure.value.reason


async def test_the_checked_address_is_connected_to_under_the_name(http: httpx.AsyncClient, web: Web) -> None:
    assert await downloads(http).get("https://cdn.example:8443/a.file?Signature=x") == b"bytes"
    (request,) = web.requests
    assert request.url == f"https://{PUBLIC}:8443/a.file?Signature=x"
    assert request.headers["Host"] == "cdn.example:8443"
    assert request.extensions["sni_hostname"] == "cdn.example"
    assert request.headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x",
        "http://inside.example/x",
        "http://both.example/x",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "ftp://cdn.example/x",
        "https://user:pw@cdn.example/x",
        "https:///x",
        "nonsense",
        "http://a\x00b/",
    ],
)
async def test_what_is_not_public_is_not_fetched(http: httpx.AsyncClient, web: Web, url: str) -> None:
    await refused(downloads(http), url)
    assert web.requests == []


async def test_a_host_without_address_may_come_back(http: httpx.AsyncClient) -> None:
    await refused(downloads(http), "https://gone.example/x", temporary=True)


@pytest.mark.parametrize("base", ["http://127.0.0.1:8080", "http://sandbox:8080"])
async def test_a_private_platform_may_hand_over_private_addresses(http: httpx.AsyncClient, base: str) -> None:
    assert await downloads(http, base).get("http://127.0.0.1:8080/files/1") == b"bytes"


async def test_redirects_are_followed_a_little_and_checked_each_time(
    http: httpx.AsyncClient, web: Web
) -> None:
    web.answer = lambda request: (
        bytes_of(b"end") if request.url.path == "/2" else httpx.Response(302, headers={"Location": "/2"})
    )
    assert await downloads(http).get("https://cdn.example/1") == b"end"
    web.answer = lambda _request: httpx.Response(302, headers={"Location": "http://inside.example/"})
    await refused(downloads(http), "https://cdn.example/1")
    web.answer = lambda _request: httpx.Response(302, headers={"Location": "/again"})
    assert "redirects" in await refused(downloads(http), "https://cdn.example/1")


@pytest.mark.parametrize(
    ("status", "temporary"), [(403, False), (404, False), (500, True), (503, True), (429, True)]
)
async def test_a_refusal_tells_whether_to_try_again(
    http: httpx.AsyncClient, web: Web, status: int, *, temporary: bool
) -> None:
    web.answer = lambda _request: httpx.Response(status)
    await refused(downloads(http), "https://cdn.example/1?Signature=x", temporary=temporary)


async def test_what_is_too_large_or_packed_is_left(http: httpx.AsyncClient, web: Web) -> None:
    web.answer = lambda _request: bytes_of(b"x" * 101)
    assert "too large" in await refused(downloads(http), "https://cdn.example/1")
    packed = gzip.compress(b"0" * 10_000_000)
    web.answer = lambda _request: httpx.Response(200, content=packed, headers={"Content-Encoding": "gzip"})
    assert "packed" in await refused(downloads(http, max_bytes=100_000_000), "https://cdn.example/1")


async def test_a_download_that_drips_ends(http: httpx.AsyncClient, web: Web) -> None:
    async def drip() -> AsyncIterator[bytes]:
        while True:
            yield b"."
            await asyncio.sleep(0.01)  # the pace of the drip

    web.answer = lambda _request: httpx.Response(200, content=drip())
    reason = await refused(
        downloads(http, max_seconds=0.2, max_bytes=10_000), "https://cdn.example/1", temporary=True
    )
    assert "too long" in reason


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2400:3200::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.1.1", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 (an address to refuse)
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", True),
        ("2002:7f00:1::", False),
        ("nonsense", False),
    ],
)
def test_which_addresses_are_public(address: str, *, public: bool) -> None:
    assert is_public(address) is public


@given(url=st.text(max_size=30) | st.text(max_size=20).map("http://".__add__), location=st.text(max_size=20))
def test_no_address_makes_a_download_fail_in_any_other_way(url: str, location: str) -> None:
    async def fetch() -> None:
        web = Web()
        web.answer = lambda _request: httpx.Response(
            302, headers=[(b"Location", location.encode("utf-8", "replace").replace(b"\n", b""))]
        )
        async with new_client(httpx.MockTransport(web)) as http:
            for start in (url, "http://cdn.example/1"):
                with pytest.raises(MediaUnavailable):
                    await downloads(http).get(start)

    asyncio.run(fetch())
