"""What the page may do: read, post, press, scan, move the clock, pull the plug, let somebody leave."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

from aiohttp import BodyPartReader, web

from bot.sandbox import staff
from bot.sandbox.page.pictures import type_of
from bot.sandbox.page.shown import shown_house, shown_post, shown_world
from bot.sandbox.page.stage import Stage
from bot.sandbox.town import Post, Resident, Room

PAGE_OF_POSTS = 60
MOST_TEXT = 20_000
MOST_SCAN = 2_000
MOST_FILES = 9
MOST_BYTES = 20_000_000

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Wrong(web.HTTPBadRequest):
    """The page asked for something that cannot be: the text says what."""

    def __init__(self, text: str) -> None:
        super().__init__(text=text)


@dataclass(kw_only=True)
class Saying:
    """One form that was sent: texts by name, files as (name, bytes)."""

    texts: dict[str, str] = field(default_factory=dict)
    files: list[tuple[str, bytes]] = field(default_factory=list)


class Api:
    """The handlers; every refusal is a 400 with a sentence."""

    def __init__(self, stage: Stage) -> None:
        self._stage, self._world = stage, stage.world

    def routes(self) -> list[web.RouteDef]:
        """Return the addresses."""
        return [
            web.get("/api/world", self.world),
            web.get("/api/posts", self.posts),
            web.get("/media/{name}", self.media),
            web.get("/labels/{name}", self.label),
            web.post("/api/say", self.say),
            web.post("/api/press", self.press),
            web.post("/api/enter", self.enter),
            web.post("/api/scan", self.scan),
            web.post("/api/clock", self.clock),
            web.post("/api/power", self.power),
            web.post("/api/staff", self.staff),
        ]

    async def world(self, _request: web.Request) -> web.Response:
        """Everything but the posts."""
        return web.json_response(shown_world(self._stage))

    async def posts(self, request: web.Request) -> web.Response:
        """The last posts of a room, or those before the post `before`."""
        room = self._room(request.query.get("room", ""))
        listed, before = self._world.posts(room.id), request.query.get("before")
        ids = [post.id for post in listed]
        end = ids.index(before) if before in ids else len(ids)
        start = max(0, end - PAGE_OF_POSTS)
        shown = [shown_post(self._world, post) for post in listed[start:end]]
        return web.json_response({"posts": shown, "more": start > 0, "count": len(listed)})

    async def media(self, request: web.Request) -> web.Response:
        """A picture, shown; any other file, only to keep."""
        try:
            content = self._world.media(request.match_info["name"])
        except KeyError:
            raise web.HTTPNotFound from None
        kind = type_of(content)
        headers = {"Cache-Control": "private, max-age=31536000, immutable"}
        headers |= {} if kind else {"Content-Disposition": "attachment"}
        return web.Response(body=content, content_type=kind or "application/octet-stream", headers=headers)

    async def label(self, request: web.Request) -> web.Response:
        """A sample photo of a label."""
        for label in self._stage.labels:
            if label.name == request.match_info["name"]:
                return web.Response(body=label.png, content_type="image/png")
        raise web.HTTPNotFound

    async def say(self, request: web.Request) -> web.Response:
        """Post as a resident: text with @ names, pictures, or one other file."""
        form = await _read_form(request)
        resident, room = self._who_where(form.texts)
        text, mentions = self._mentions(form.texts.get("text", ""), room)
        mention_bot = form.texts.get("mention") == "1" or f"@{self._world.bot_name}" in mentions
        people = [name for name in mentions if not name.startswith("@")]
        quote = self._post(form.texts["quote"], room).id if form.texts.get("quote") else None
        images = [content for _, content in form.files if type_of(content)]
        others = [(name, content) for name, content in form.files if not type_of(content)]
        if not (text or form.files or mention_bot):
            raise Wrong("什么都没说")
        said = []
        if text or images or (mention_bot and not others):
            post = self._world.say(
                resident.id,
                room.id,
                text=text,
                images=images,
                quote=quote,
                mention_bot=mention_bot and room.kind == "group",
                mentions=people,
            )
            said.append(post.id)
        said += [self._world.say(resident.id, room.id, file=other).id for other in others]
        return web.json_response({"posts": said})

    async def press(self, request: web.Request) -> web.Response:
        """Press a button of a card."""
        body = await _read_json(request)
        resident, room = self._who_where(body)
        post = self._post(str(body.get("post", "")), room)
        try:
            self._world.click(resident.id, post.id, str(body.get("key", "")))
        except KeyError:
            raise Wrong("这张卡片上没有这个按钮") from None
        return web.json_response({})

    async def enter(self, request: web.Request) -> web.Response:
        """Open a chat."""
        resident, room = self._who_where(await _read_json(request))
        self._world.enter(resident.id, room.id)
        return web.json_response({})

    async def scan(self, request: web.Request) -> web.Response:
        """Scan a code with the menu of the app's chat."""
        body = await _read_json(request)
        resident, room = self._who_where(body)
        text = str(body.get("text", "")).strip()
        if not text:
            raise Wrong("先写下码里的内容，再按扫码")
        try:
            self._world.scan(resident.id, room.id, text[:MOST_SCAN])
        except KeyError:
            raise Wrong("这里没有扫码菜单") from None
        return web.json_response({})

    async def clock(self, request: web.Request) -> web.Response:
        """Move the clock: `{"seconds": n}` or `{"until": "08:30"}`."""
        body, hands = await _read_json(request), self._stage.hands
        try:
            if "until" in body:
                await hands.move_until(time.fromisoformat(body["until"]), zone=self._stage.playbook.zone)
            else:
                await hands.move(timedelta(seconds=float(body["seconds"])))
        except (KeyError, TypeError, ValueError, OverflowError):
            raise Wrong("时钟只能往前拨，一次最多八天") from None
        return web.json_response(shown_house(self._stage))

    async def power(self, request: web.Request) -> web.Response:
        """Pull the plug or put it in again."""
        wanted = (await _read_json(request)).get("on")
        (self._stage.plug.plug_in if wanted else self._stage.plug.pull)()
        return web.json_response({})

    async def staff(self, request: web.Request) -> web.Response:
        """Let somebody leave the firm on every platform, or come back: `{"resident": id, "here": false}`."""
        body = await _read_json(request)
        resident = self._world.residents.get(str(body.get("resident", "")))
        if resident is None:
            raise Wrong("没有这个人")
        if body.get("here"):
            staff.hire(self._world, resident)
        else:
            staff.depart(self._world, resident.id)
        return web.json_response({})

    def _who_where(self, given: dict[str, Any]) -> tuple[Resident, Room]:
        resident = self._world.residents.get(str(given.get("resident", "")))
        room = self._room(str(given.get("room", "")))
        if resident is None or resident.id not in room.members:
            raise Wrong("这个人不在这个群里")
        return resident, room

    def _room(self, room_id: str) -> Room:
        if room_id not in self._world.rooms:
            raise Wrong("没有这个群")
        return self._world.rooms[room_id]

    def _post(self, post_id: str, room: Room) -> Post:
        try:
            post = self._world.post(post_id)
        except KeyError:
            raise Wrong("没有这条消息") from None
        if post.room_id != room.id:
            raise Wrong("这条消息不在这个群里")
        return post

    def _mentions(self, text: str, room: Room) -> tuple[str, list[str]]:
        """Take `@name` of the bot and of members out of the text: platforms carry them beside it."""
        found = []
        names = {self._world.residents[member].name: member for member in room.members}
        names[self._world.bot_name] = f"@{self._world.bot_name}"
        for name in sorted(names, key=len, reverse=True):
            pattern = rf"@{re.escape(name)}(?!\w)\s?"
            text, count = re.subn(pattern, "", text)
            found += [names[name]] if count else []
        return text.strip(), found


async def _read_json(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        raise Wrong("看不懂的请求") from None
    return body if isinstance(body, dict) else {}


async def _read_form(request: web.Request) -> Saying:
    """Read a multipart form within its limits."""
    form = Saying()
    try:
        reader = await request.multipart()
    except (AssertionError, KeyError, ValueError):
        raise Wrong("看不懂的请求") from None
    async for part in reader:
        if not isinstance(part, BodyPartReader):
            continue
        content = bytes(await part.read())
        if part.filename is None:
            form.texts[part.name or ""] = content.decode(errors="replace")
        elif content:
            form.files.append((part.filename[:200], content))
    if len(form.texts.get("text", "")) > MOST_TEXT:
        raise Wrong("太长了")
    if len(form.files) > MOST_FILES or any(len(content) > MOST_BYTES for _, content in form.files):
        raise Wrong("一次最多九个文件，每个最大 20 MB")
    return form
