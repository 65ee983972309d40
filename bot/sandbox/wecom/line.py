"""One WebSocket of a bot: frames out in order, and every way in which such a line can end."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import WSMessage, WSMsgType, web

from bot.sandbox.faulty import cut

MAX_FRAME = 4 * 1024 * 1024
ENDS = (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR)


class Line:
    """A socket with a queue before it, so that pushing never waits; `number` counts connections."""

    def __init__(self, request: web.Request, *, number: int) -> None:
        self.number = number
        self.subscribed = False
        self.silent = False
        self.last_ping: float | None = None
        self._request = request
        self._socket = web.WebSocketResponse(max_msg_size=MAX_FRAME)
        self._queue: asyncio.Queue[str | int] = asyncio.Queue()
        self._receiving: asyncio.Task[WSMessage] | None = None
        self._code: int | None = None

    async def read(self) -> AsyncIterator[WSMessage]:
        """Yield what the bot sends until the line ends."""
        await self._socket.prepare(self._request)
        writer = asyncio.create_task(self._write(), name=f"wecom line {self.number}")
        try:
            async for message in self._messages():
                if not self.silent:
                    yield message
            if self._code is not None:
                await self._socket.close(code=self._code)
        finally:
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writer

    @property
    def socket(self) -> web.WebSocketResponse:
        """The response that aiohttp's handler must return."""
        return self._socket

    def put(self, frame: dict[str, Any]) -> None:
        """Send a frame when its turn comes."""
        self.put_text(json.dumps(frame, ensure_ascii=False))

    def put_text(self, text: str) -> None:
        """Send raw text when its turn comes."""
        self._queue.put_nowait(text)

    def close(self, code: int) -> None:
        """Close cleanly once everything before has gone out."""
        self._queue.put_nowait(code)

    def cut(self) -> None:
        """Reset the TCP connection at once."""
        cut(self._request)

    def silence(self) -> None:
        """Go half-open: neither read nor write any more, TCP stays."""
        self.silent = True
        if self._request.transport is not None:
            self._request.transport.pause_reading()

    async def _messages(self) -> AsyncIterator[WSMessage]:
        """Yield messages until the bot ends the line or we want to.

        aiohttp's close() cuts the handshake short when another task is still reading: so reading stops first.
        """
        while not self._leaving():
            self._receiving = asyncio.ensure_future(self._socket.receive())
            try:
                message = await self._receiving
            except asyncio.CancelledError:
                if self._leaving():
                    return
                raise
            if message.type in ENDS:
                return
            yield message

    async def _write(self) -> None:
        while True:
            item = await self._queue.get()
            if self.silent:
                continue
            with contextlib.suppress(ConnectionError):
                if isinstance(item, int):
                    self._end(item)
                    return
                await self._socket.send_str(item)

    def _leaving(self) -> bool:
        return self._code is not None

    def _end(self, code: int) -> None:
        self._code = code
        if self._receiving is not None:
            self._receiving.cancel()


def text_of(message: WSMessage) -> str | None:
    """Return the text of a text message; None for anything else."""
    return str(message.data) if message.type is WSMsgType.TEXT else None
