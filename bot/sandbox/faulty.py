"""What faults do to a plain HTTP request, at the doors of both clouds alike."""

import asyncio
import socket
import struct
from typing import Final

from aiohttp import web

from bot.sandbox.clock import Alarms
from bot.sandbox.faults import ANSWER_FAULTS, Fault

BEFORE: Final = tuple(kind for kind in ANSWER_FAULTS if kind != "lost")  # "lost" strikes after the deed
_PAGE: Final = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"
_NO_LINGER: Final = struct.pack("ii", 1, 0)


def cut(request: web.BaseRequest) -> web.Response:
    """Cut the connection under the request: RST; the answer returned reaches nobody."""
    if request.transport is not None and not request.transport.is_closing():
        request.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        request.transport.abort()
    return web.Response(status=503)


async def wait(fault: Fault, alarms: Alarms) -> None:
    """Let a "slow" or "hang" pass: its seconds; a "hang" of 0 seconds, as long as the caller waits."""
    if fault.kind == "hang" and not fault.seconds:
        await asyncio.Event().wait()
    await alarms.sleep(fault.seconds)


def page(fault: Fault) -> web.Response:
    """Return the HTML of a gateway where JSON was due."""
    text = fault.text or _PAGE.format(fault.status)
    return web.Response(status=fault.status, text=text, content_type="text/html")
