"""One stream connection: frames out in order, acknowledgements in, and every way to fall ill."""

import asyncio
import contextlib
import json
import uuid
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox.faulty import cut
from bot.sandbox.recorder import Recorder

Subscriptions = frozenset[tuple[str, str]]


class StreamSocket:
    """A WebSocket with its subscriptions; `draining` after SYSTEM disconnect, `silent` when half-open."""

    def __init__(self, ws: web.WebSocketResponse, request: web.Request, *, topics: Subscriptions) -> None:
        self.id = str(uuid.uuid4())
        self.topics = topics
        self.draining = False
        self.silent = False
        self._ws, self._request = ws, request
        self._frames: asyncio.Queue[str] = asyncio.Queue()

    def takes(self, kind: str, topic: str) -> bool:
        """Say whether a push of this kind and topic may go this way."""
        wants = {(kind, topic), (kind, "*")} & self.topics
        return bool(wants) and not self.draining and not self._ws.closed

    def send(self, text: str) -> None:
        """Queue a text frame."""
        self._frames.put_nowait(text)

    async def close(self, code: int = 1000) -> None:
        """Close cleanly (1000, 1001); does not wait for a client that never answers."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._ws.close(code=code), 1)

    def cut(self) -> None:
        """Reset the connection."""
        cut(self._request)

    async def run(self, heard: Callable[["StreamSocket", Any], None], *, recorder: Recorder) -> None:
        """Carry frames until the socket closes; what comes in goes to `heard` as parsed JSON (or as text)."""
        writer = asyncio.create_task(self._write(recorder))
        try:
            await self._read(heard, recorder)
        finally:
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await writer

    async def _read(self, heard: Callable[["StreamSocket", Any], None], recorder: Recorder) -> None:
        async for message in self._ws:
            if self.silent:
                continue
            if message.type is WSMsgType.PING:
                await self._ws.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                parsed = _parse(message.data)
                recorder.record("in", "dingtalk.stream", parsed)
                heard(self, parsed)
            elif message.type is WSMsgType.BINARY:
                recorder.violate("frame.binary", "dingtalk.stream")

    async def _write(self, recorder: Recorder) -> None:
        while True:
            text = await self._frames.get()
            if not self.silent and not self._ws.closed:
                recorder.record("out", "dingtalk.stream", _parse(text))
                with contextlib.suppress(ConnectionError):
                    await self._ws.send_str(text)


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
