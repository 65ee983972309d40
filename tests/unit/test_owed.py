"""An answer on a call counts as given only if somebody was still there to take it."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.platforms.base import Incoming
from bot.platforms.owed import listens, written
from bot.platforms.wecom.called.calls import Calls
from bot.platforms.wecom.called.desk import Desk
from bot.platforms.wecom.config import WeComConfig
from bot.platforms.wecom.crypto import Envelopes
from domain.clock import SystemClock

CALL = b"POST /?nonce=1 HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(answer: Answer) -> AsyncIterator[tuple[str, int]]:
    """Serve this answer; give where."""
    app = web.Application()
    app.add_routes([web.post("/", answer)])
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield runner.addresses[0]
    finally:
        await runner.cleanup()


async def answered(*, hangs_up: bool) -> bool:
    """Call once, and have the loop stand still (a busy or frozen process) before the answer is written."""
    given: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def answer(request: web.Request) -> web.StreamResponse:
        await request.read()
        if hangs_up:
            caller.close()
            time.sleep(0.05)  # noqa: ASYNC251 (the loop is to notice nothing meanwhile)
        response = web.json_response({"text": "良 50"})
        given.set_result(await listens(request) and await written(request, response))
        return response

    async with serving(answer) as place:
        with socket.create_connection(place) as caller:
            caller.sendall(CALL)
            return await asyncio.wait_for(given, 5)


async def test_who_waits_is_given_the_answer() -> None:
    assert await answered(hangs_up=False)


@pytest.mark.parametrize("_turn", range(3))
async def test_who_has_hung_up_unnoticed_is_not(_turn: int) -> None:
    assert not await answered(hangs_up=True)


async def nothing(_incoming: Incoming) -> bool:
    return True


def a_desk(calls: Calls) -> Desk:
    clock = SystemClock()
    envelopes = Envelopes(token="t", aes_key="a" * 43, receive_id="", clock=clock)
    return Desk(WeComConfig(), envelopes=envelopes, calls=calls, hear=nothing, clock=clock, node="n")


async def test_what_goes_another_way_is_given_to_no_delivery_of_the_same_message() -> None:
    """Told again while the first call was hung up unnoticed: both have the answer in hand at once."""
    calls, came = Calls(), asyncio.Semaphore(0)
    desk, call = a_desk(calls), calls.open("one")

    async def answer(request: web.Request) -> web.StreamResponse:
        came.release()
        offer = await call.offered(within=5)
        assert offer is not None
        return await desk._write(request, call, offer)

    async with serving(answer) as place:
        first = socket.create_connection(place)
        second_in, second_out = await asyncio.open_connection(*place)
        first.sendall(CALL)
        await came.acquire()
        second_out.write(CALL)
        await came.acquire()
        saying = asyncio.create_task(call.say(lambda _streaming: {"msgtype": "stream"}, within=5))
        first.close()
        time.sleep(0.05)  # noqa: ASYNC251 (as above)
        went_out = await saying
        body = (await asyncio.wait_for(second_in.read(), 5)).partition(b"\r\n\r\n")[2]
        second_out.close()
    assert (went_out, bool(body)) in {(True, True), (False, False)}
