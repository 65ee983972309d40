"""Fetches a file from an address that a platform handed over, and from nowhere else.

The address is resolved once, checked, and connected to as resolved, so that a name that changes its mind
between check and connection gains nothing. Private addresses are refused unless the platform lives on one.
Where a proxy is the only way out, it resolves the name, and where it lets us go is its owner's affair.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable

import httpx

from bot.platforms.base import MediaUnavailable
from bot.platforms.http import way_out

MAX_BYTES = 20 * 1024 * 1024  # what both platforms allow for a picture or file
MAX_SECONDS = 20.0
MAX_REDIRECTS = 3
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_GONE = {400, 401, 403, 404, 410}

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]


async def resolve_name(host: str, port: int) -> list[str]:
    """Return the addresses of a host name; empty if it has none."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(text: str) -> bool:
    """Whether an address may be reached by a download: global, unicast, and so are the ones it may hide."""
    try:
        address: Address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    hidden = _hidden_in(address)
    return address.is_global and not address.is_multicast and (hidden is None or is_public(str(hidden)))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _hidden_in(address: Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 one stands for (mapped, 6to4, Teredo, NAT64), if any."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


class Downloads:
    """Downloads within limits of size, time, redirects and addresses; raises MediaUnavailable, nothing else.

    `bases` are the platform's own base URLs: if one is on a private address, private ones are allowed.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        bases: Iterable[str],
        resolve: Resolve = resolve_name,
        max_bytes: int = MAX_BYTES,
        max_seconds: float = MAX_SECONDS,
    ) -> None:
        self._http = http
        self._bases = tuple(bases)
        self._resolve = resolve
        self._max_bytes = max_bytes
        self._max_seconds = max_seconds
        self._private: bool | None = None
        self._sent_out = bool(way_out(http))

    async def get(self, url: str) -> bytes:
        """Return the bytes behind `url`."""
        if self._http.is_closed:
            raise MediaUnavailable("we are stopping", temporary=True)
        try:
            async with asyncio.timeout(self._max_seconds):
                return await self._follow(url)
        except TimeoutError:
            raise MediaUnavailable("the download took too long", temporary=True) from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            raise MediaUnavailable("not an address for downloads", temporary=False) from None
        except (httpx.HTTPError, httpx.StreamError) as failure:
            raise MediaUnavailable(
                f"the download failed ({type(failure).__name__})", temporary=True
            ) from None

    async def _follow(self, url: str) -> bytes:
        target = httpx.URL(url)
        for _ in range(MAX_REDIRECTS + 1):
            found = await self._once(target)
            if isinstance(found, bytes):
                return found
            target = target.join(found)
        raise MediaUnavailable("too many redirects", temporary=False)

    async def _once(self, target: httpx.URL) -> bytes | str:
        """Return the bytes, or where a redirect points."""
        request = await self._request(target)
        response = await self._http.send(request, stream=True, follow_redirects=False)
        try:
            if response.is_redirect:
                return str(response.headers.get("Location", ""))
            return await self._read(response)
        finally:
            await response.aclose()

    async def _request(self, target: httpx.URL) -> httpx.Request:
        """Make the request to the address that was checked, under the name that was asked for."""
        if target.scheme not in {"http", "https"} or target.userinfo or not target.host:
            raise MediaUnavailable("not an address for downloads", temporary=False)
        if self._sent_out:
            return await self._by_proxy(target)
        address = await self._checked(target)
        host = target.netloc.decode("ascii")
        return self._http.build_request(
            "GET",
            target.copy_with(host=address),
            headers={"Host": host, "Accept": "*/*", "Accept-Encoding": "identity"},
            extensions={"sni_hostname": target.raw_host.decode("ascii")},
        )

    async def _by_proxy(self, target: httpx.URL) -> httpx.Request:
        """Leave the name to the proxy, which may know it where we do not; nothing that is plainly inside."""
        inside = "." not in target.host.rstrip(".") or (
            _is_address(target.host) and not is_public(target.host)
        )
        if inside and not await self._private_platform():
            raise MediaUnavailable("a private address is not fetched from", temporary=False)
        headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
        return self._http.build_request("GET", target, headers=headers)

    async def _checked(self, target: httpx.URL) -> str:
        addresses = await self._resolve(target.host, target.port or (443 if target.scheme == "https" else 80))
        if not addresses:
            raise MediaUnavailable("the host has no address", temporary=True)
        if not all(map(is_public, addresses)) and not await self._private_platform():
            raise MediaUnavailable("a private address is not fetched from", temporary=False)
        return addresses[0]

    async def _private_platform(self) -> bool:
        """Whether one of the platform's own base URLs is on a private address (sandbox, private cloud)."""
        if self._private is None:
            urls = [httpx.URL(base) for base in self._bases]
            found = [await self._resolve(url.host, url.port or 443) for url in urls]
            self._private = any(some and not any(map(is_public, some)) for some in found)
        return self._private

    async def _read(self, response: httpx.Response) -> bytes:
        if response.status_code != httpx.codes.OK:
            raise MediaUnavailable(
                f"the platform answered {response.status_code}", temporary=response.status_code not in _GONE
            )
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise MediaUnavailable("the file came packed though we asked for it plain", temporary=False)
        data = bytearray()
        async for piece in response.aiter_raw():
            data += piece
            if len(data) > self._max_bytes:
                raise MediaUnavailable("the file is too large", temporary=False)
        return bytes(data)
