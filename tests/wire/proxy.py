"""A firm's proxy, as small as can be: the only way out, with a password; every name leads to this machine."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

CREDENTIALS = "bot:geheim"
BASIC = b"basic " + base64.b64encode(CREDENTIALS.encode()).lower()
DENIED = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(kw_only=True)
class Proxy:
    """What it has let through: host names, in order."""

    url: str = ""
    hosts: list[str] = field(default_factory=list)
    denied: int = 0
    _ends: list[asyncio.StreamWriter] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer CONNECT with a tunnel, and anything else by handing it on."""
        self._ends.append(writer)
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, version = head.split(b"\r\n", 1)[0].split(b" ")
        if BASIC not in head.lower():
            self.denied += 1
            writer.write(DENIED)
            writer.close()
            return
        place = target if method == b"CONNECT" else target.split(b"/")[2]
        host, _, port = place.decode().rpartition(":")
        self.hosts.append(host)
        there, out = await asyncio.open_connection("127.0.0.1", int(port))
        self._ends.append(out)
        if method == b"CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            path = b"/" + b"".join(target.split(b"/", 3)[3:])
            out.write(
                head.replace(b" ".join((method, target, version)), b" ".join((method, path, version)), 1)
            )
        await asyncio.gather(_pipe(reader, out), _pipe(there, writer))

    async def hang_up(self) -> None:
        """Close whatever is open."""
        for end in self._ends:
            end.close()
        await asyncio.gather(*(end.wait_closed() for end in self._ends), return_exceptions=True)


async def _pipe(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while piece := await source.read(65536):
            sink.write(piece)
            await sink.drain()
    except ConnectionError:
        pass
    finally:
        sink.close()


@asynccontextmanager
async def a_proxy(credentials: str = CREDENTIALS) -> AsyncIterator[Proxy]:
    """Run one; its `url` holds these credentials."""
    proxy = Proxy()
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    proxy.url = f"http://{credentials}@127.0.0.1:{port}"
    try:
        yield proxy
    finally:
        server.close()
        await proxy.hang_up()
