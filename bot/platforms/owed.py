"""An answer that a platform waits for on its own call: filled once or let go, and whether it went out."""

import asyncio
from typing import Final, Generic, TypeVar

from aiohttp import web

Answer = TypeVar("Answer")
LOOKS: Final = 2


class Owed(Generic[Answer]):
    """One answer owed; `nothing` is what the call is answered with where nothing is said on it."""

    def __init__(self, nothing: Answer) -> None:
        loop = asyncio.get_running_loop()
        self._nothing = nothing
        self._answer: asyncio.Future[Answer] = loop.create_future()
        self._sent: asyncio.Future[bool] = loop.create_future()

    @property
    def open(self) -> bool:
        """Whether it may still be filled."""
        return not self._answer.done()

    def fill(self, answer: Answer) -> bool:
        """Let the call carry this; False if it carries something already."""
        if not self.open:
            return False
        self._answer.set_result(answer)
        return True

    def release(self) -> None:
        """Let the call go without an answer."""
        self.fill(self._nothing)

    async def wait(self, seconds: float) -> Answer:
        """Return the answer, or nothing after so many seconds; from then on it is too late for one."""
        if self.open:
            await asyncio.wait({self._answer}, timeout=max(seconds, 0.0))
        self.release()
        return self._answer.result()

    def settle(self, *, sent: bool) -> None:
        """Say whether it went out; the first word counts."""
        if not self._sent.done():
            self._sent.set_result(sent)

    async def went_out(self) -> bool:
        """Wait until that is known."""
        return await asyncio.shield(self._sent)


async def listens(request: web.Request) -> bool:
    """Whether whoever called still waits for an answer.

    A process that was frozen or very busy has not yet read that the other side hung up: the loop first looks
    at its sockets (in the first turn it reads the end, in the second it has closed). Else the kernel would
    take the answer for nobody, and a person would wait for it in vain.
    """
    for _turn in range(LOOKS):
        await asyncio.sleep(0)
    return request.transport is not None and not request.transport.is_closing()


async def written(request: web.Request, response: web.StreamResponse) -> bool:
    """Write the whole response here and now; False if there was nobody any more to take it (`listens`)."""
    if request.transport is None or request.transport.is_closing():
        return False
    try:
        await response.prepare(request)
        await response.write_eof()
    except ConnectionError:
        return False
    return True


async def taken(request: web.Request, response: web.StreamResponse) -> bool:
    """Give the response to whoever still waits for it; False if nobody does any more."""
    return await listens(request) and await written(request, response)
