"""One way behind the same door: `python -m benchmarks.durable.server WAY URL FOLDER`, until its input ends.

aiohttp on loopback; opens WeCom's encrypted callback, lets the way answer it durably, seals the answer.
Prints its port. `GET /cpu` tells the seconds of processor that the process has used.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Protocol

from aiohttp import web

from benchmarks.durable import wire
from benchmarks.durable.limit_postgres import PostgresLimit
from benchmarks.durable.limit_sqlite import SqliteLimit
from benchmarks.durable.obvious import Obvious
from benchmarks.durable.product import Product
from bot.memory import settle


class Way(Protocol):
    """One way to make a command durable."""

    async def answer(self, body: dict[str, Any]) -> str:
        """Take a callback's body; returns the reply after its commit."""
        ...

    async def close(self) -> None:
        """Finish and close the database."""
        ...


def limit(url: str, folder: Path) -> Way:
    """Return the hand-written program that fits the database."""
    return SqliteLimit(url, folder) if url.startswith("sqlite") else PostgresLimit(url, folder)


WAYS: Final[dict[str, Callable[[str, Path], Way]]] = {"product": Product, "limit": limit, "obvious": Obvious}


def door(way: Way) -> web.Application:
    """Return the application that hears callbacks for a way."""

    async def callback(request: web.Request) -> web.Response:
        encrypted = json.loads(await request.read())["encrypt"]
        body = json.loads(wire.opened(request.query, encrypted))
        return web.json_response(wire.answer(await way.answer(body)))

    async def cpu(_request: web.Request) -> web.Response:
        return web.json_response(time.process_time())

    app = web.Application()
    app.add_routes([web.post("/callback", callback), web.get("/cpu", cpu)])
    return app


async def serve(name: str, url: str, folder: Path) -> None:
    """Serve until standard input ends."""
    way = WAYS[name](url, folder)
    runner = web.AppRunner(door(way), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    settle()  # as `banzhang serve` does; every way has it
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()
    await way.close()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
