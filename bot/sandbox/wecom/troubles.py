"""Faults of plain HTTP: the socket's handshake and the media server."""

from aiohttp import web

from bot.sandbox.clock import Alarms
from bot.sandbox.faults import Fault
from bot.sandbox.faulty import cut, page

FOREVER = 3600.0


async def http_trouble(request: web.Request, fault: Fault | None, *, alarms: Alarms) -> web.Response | None:
    """Return the answer that the fault gives instead of the right one; None: go on."""
    if fault is None:
        return None
    if fault.kind in ("slow", "hang"):
        await alarms.sleep(fault.seconds or (FOREVER if fault.kind == "hang" else 0.0))
        return None
    if fault.kind in ("reset", "lost", "cut"):
        return cut(request)
    if fault.kind == "html":
        return page(fault)
    return web.Response(status=fault.status, text=fault.text)
