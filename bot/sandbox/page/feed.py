"""Server-sent events: every open page hears what happens, as it happens."""

import asyncio
import json
from typing import Any

from aiohttp import ClientConnectionResetError, web

from bot.sandbox.page.shown import shown_change
from bot.sandbox.page.stage import Stage

HEART_SECONDS = 15.0
MOST_WAITING = 2_000  # a page that does not read is cut off and comes again


class Feed:
    """One queue for each open page; None at the end of a queue closes it."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._queues: set[asyncio.Queue[str | None]] = set()
        self._pump: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to listen to the world."""
        self._pump = asyncio.create_task(self._listen(), name="chat page feed")

    async def stop(self) -> None:
        """Close every page's stream."""
        if self._pump:
            self._pump.cancel()
            await asyncio.gather(self._pump, return_exceptions=True)
        for queue in self._queues:
            queue.put_nowait(None)

    def tell(self, event: str, data: Any) -> None:
        """Tell every page."""
        text = f"event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
        for queue in tuple(self._queues):
            full = queue.qsize() >= MOST_WAITING
            queue.put_nowait(None if full else text)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer `GET /api/events` until the page goes away."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._queues.add(queue)
        try:
            await response.prepare(request)
            await response.write(b"retry: 700\nevent: hello\ndata: {}\n\n")
            await self._pour(queue, response)
        except ClientConnectionResetError:
            pass  # the page was closed
        finally:
            self._queues.discard(queue)
        return response

    async def _pour(self, queue: "asyncio.Queue[str | None]", response: web.StreamResponse) -> None:
        while True:
            try:
                text = await asyncio.wait_for(queue.get(), HEART_SECONDS)
            except TimeoutError:
                text = ": still here\n\n"
            if text is None:
                return
            await response.write(text.encode())

    async def _listen(self) -> None:
        with self._stage.world.subscribe() as changes:
            async for change in changes:
                self.tell(change.kind, shown_change(self._stage, change))
