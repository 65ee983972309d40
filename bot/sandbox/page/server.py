"""The page's own small server: its files, its API, its stream of events, its strict headers."""

from pathlib import Path
from typing import Self

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox.page.api import Api
from bot.sandbox.page.feed import Feed
from bot.sandbox.page.shown import shown_house
from bot.sandbox.page.stage import Stage

STATIC = Path(__file__).parent / "static"
MOST_BYTES = 90_000_000  # nine photos and a little
OURS = "X-Banzhang-Page"  # a header that no foreign page may send without asking first
EVERYWHERE = ("0.0.0.0", "::", "")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class ChatPage:
    """`async with ChatPage(stage, host=..., port=...) as page`: serves `page.url`."""

    def __init__(self, stage: Stage, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.url = ""
        self._stage, self._host, self._port = stage, host, port
        self._feed = Feed(stage)

    def application(self) -> web.Application:
        """Return the page as an aiohttp application."""
        app = web.Application(middlewares=[_guard], client_max_size=MOST_BYTES)
        app.add_routes(Api(self._stage).routes())
        app.add_routes([web.get("/api/events", self._feed.serve), web.get("/", _index)])
        app.add_routes([web.get("/static/{name}", _file)])
        app.on_startup.append(self._begin)
        app.on_shutdown.append(self._end)
        return app

    def tell_house(self) -> None:
        """Tell every open page how the bot is and what the clock shows."""
        self._feed.tell("house", shown_house(self._stage))

    async def __aenter__(self) -> Self:
        self._runner = web.AppRunner(self.application(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        host = "127.0.0.1" if self._host in EVERYWHERE else self._host
        self.url = f"http://{host}:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._runner.cleanup()

    async def _begin(self, _app: web.Application) -> None:
        self._feed.start()

    async def _end(self, _app: web.Application) -> None:
        await self._feed.stop()


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let only the page itself act, and send strict headers with everything."""
    if request.method not in ("GET", "HEAD") and OURS not in request.headers:
        raise web.HTTPForbidden(text="only the page itself may do this", headers=HEADERS)
    try:
        response = await handler(request)
    except web.HTTPException as refusal:
        refusal.headers.update(HEADERS)
        raise
    if not response.prepared:
        response.headers.update(HEADERS)
    return response


async def _index(_request: web.Request) -> web.Response:
    return _static("index.html")


async def _file(request: web.Request) -> web.Response:
    return _static(request.match_info["name"])


def _static(name: str) -> web.Response:
    place = STATIC / name
    if place.parent != STATIC or place.suffix not in TYPES or not place.is_file():
        raise web.HTTPNotFound
    headers = {"Cache-Control": "no-cache"}
    text = place.read_text(encoding="utf-8")
    return web.Response(text=text, content_type=TYPES[place.suffix], headers=headers)
