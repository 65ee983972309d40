"""An answer on a call counts as given only if somebody was still there to take it."""

import asyncio
import socket
import time

import pytest
from aiohttp import web

from bot.platforms.owed import written

CALL = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\n{}"


async def answered(*, hangs_up: bool) -> bool:
    """Call once, and have the loop stand still (a busy or frozen process) before the answer is written."""
    given: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def answer(request: web.Request) -> web.StreamResponse:
        await request.read()
        if hangs_up:
            caller.close()
            time.sleep(0.05)  # noqa: ASYNC251 (the loop is to notice nothing meanwhile)
        response = web.json_response({"text": "良 50"})
        given.set_result(await written(request, response))
        return response

    app = web.Application()
    app.add_routes([web.post("/", answer)])
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        caller = socket.create_connection(runner.addresses[0])
        with caller:
            caller.sendall(CALL)
            return await asyncio.wait_for(given, 5)
    finally:
        await runner.cleanup()


async def test_who_waits_is_given_the_answer() -> None:
    assert await answered(hangs_up=False)


@pytest.mark.parametrize("_turn", range(3))
async def test_who_has_hung_up_unnoticed_is_not(_turn: int) -> None:
    assert not await answered(hangs_up=True)
