"""The URLs on which the platforms call us: how much may be sent there, and how long it may take."""

import asyncio
from typing import Final

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

MOST_BYTES: Final = 1024 * 1024
BODY_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 10.0
log = structlog.get_logger()


def guarded(route: web.RouteDef) -> web.RouteDef:
    """Return a platform's route behind limits: 413 for a long body, 408 for a slow one, 503 for no answer.

    The body is read before the handler is called, which gets it from `request.read()` at once. Whoever calls
    is nobody until the handler has checked the signature, so nothing of the request is logged.
    """
    return web.RouteDef(route.method, route.path, _limited(route.handler), route.kwargs)


def _limited(handler: Handler) -> Handler:
    async def limited(request: web.Request) -> web.StreamResponse:
        if (request.content_length or 0) > MOST_BYTES:
            return _refused(request, 413)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                await request.read()
        except TimeoutError:
            return _refused(request, 408)
        except web.HTTPRequestEntityTooLarge:
            return _refused(request, 413)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await handler(request)
        except TimeoutError:
            log.warning("callback.too_slow", path=request.path)
            return web.Response(status=503)

    return limited


def _refused(request: web.Request, status: int) -> web.Response:
    log.warning("callback.refused", path=request.path, status=status)
    response = web.Response(status=status)
    response.force_close()  # what is left of the body is not read
    return response
