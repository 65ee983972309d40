"""The chat page's API: what a person at the page may see and do, and what is refused."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import FormData
from aiohttp.test_utils import TestClient, TestServer

from bot.sandbox.hands import Hands
from bot.sandbox.page import ChatPage, Stage
from bot.sandbox.page.labels import make_labels
from bot.sandbox.page.server import OURS
from bot.sandbox.plant import settle
from bot.sandbox.power import State
from bot.sandbox.town import BOT, Post, Resident, Room
from bot.sandbox.world import World
from domain.clock import SystemClock
from domain.playbook import load_master
from tests.plants import DEMO, demo

WORKSHOP, WAREHOUSE = "cidDemoWorkshop1==", "wrDemoWarehouse"
WORKER, KEEPER = "1004", "1009"
PLANT = demo()
MASTER = load_master(DEMO / "master", playbook=PLANT)
LABELS = make_labels(MASTER)
PIXEL = LABELS[0].png

Page = TestClient[Any, Any]


class Switch:
    """A plug that only notes what was done to it."""

    def __init__(self) -> None:
        self.state = State(name="ready", health={"platforms": [{"name": "dingtalk", "state": "ready"}]})
        self.done: list[str] = []

    def pull(self) -> None:
        self.done.append("pull")

    def plug_in(self) -> None:
        self.done.append("plug in")

    async def ask(self, path: str, **body: Any) -> dict[str, Any] | None:
        self.done.append(f"{path} {body['seconds']:g}")
        return {}


class Ear:
    """A cloud that hears what is done on the page."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, ...]] = []

    def said(self, *, room: Room, post: Post) -> None:
        self.heard.append((room.id, post.author, str(post.body.get("text", "")), *post.mentions))

    def clicked(self, *, room: Room, post: Post, resident: Resident, key: str) -> None:
        self.heard.append((room.id, resident.id, post.id, key))

    def entered(self, *, room: Room, resident: Resident) -> None:
        self.heard.append((room.id, resident.id))


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def stage(ear: Ear) -> Stage:
    clock = SystemClock()
    world, switch = World(clock=clock), Switch()
    settle(world, PLANT)
    world.join("dingtalk", ear)
    world.join("wecom", ear)
    hands = Hands(clock, switch)
    return Stage(world=world, playbook=PLANT, master=MASTER, hands=hands, plug=switch, labels=LABELS)


@pytest.fixture
async def page(stage: Stage) -> AsyncIterator[Page]:
    async with TestClient(TestServer(ChatPage(stage).application())) as client:
        client.session.headers[OURS] = "1"
        yield client


async def say(page: Page, resident: str, room: str, text: str = "", **more: Any) -> tuple[int, str]:
    form = FormData()
    for name, value in {"resident": resident, "room": room, "text": text, **more}.items():
        if isinstance(value, bytes):
            form.add_field("file", value, filename=name)
        else:
            form.add_field(name, value)
    form.add_field("nothing", b"", filename="")  # makes it multipart, as a browser's form is
    async with page.post("/api/say", data=form) as answer:
        return answer.status, await answer.text()


async def get(page: Page, path: str, **query: str) -> Any:
    async with page.get(path, params=query) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def test_the_plant_is_shown_with_people_rooms_labels_guide_and_the_bot(page: Page) -> None:
    world = await get(page, "/api/world")
    people = {it["name"]: it for it in world["people"]}
    rooms = {it["id"]: it for it in world["rooms"]}
    assert people["张伟"]["department"] == "生产部"
    assert people["张伟"]["phrases"][0] == "报工 WO-1001 焊接 50 良 2 废"
    assert people["郑凯"]["phrases"][0] == "收料 R-0603-10K LOT-7001 5000"
    assert (people["张伟"]["dingtalk"], people["张伟"]["wecom"]) == (True, False)
    assert rooms[WAREHOUSE]["platform"] == "wecom"
    assert rooms["dingtalk-1004"]["kind"] == "direct"
    assert len(world["guide"]) == 5
    assert world["house"]["bot"]["platforms"] == {"dingtalk": "ready"}


async def test_what_is_said_reaches_the_platform_with_its_mentions(page: Page, ear: Ear) -> None:
    assert (await say(page, WORKER, WORKSHOP, "报工 1001", mention="1"))[0] == 200
    assert (await say(page, WORKER, WORKSHOP, "@班长 帮助"))[0] == 200
    assert (await say(page, WORKER, WORKSHOP, "@王秀兰 你来"))[0] == 200
    assert (await say(page, WORKER, "dingtalk-1004", "帮助", mention="1"))[0] == 200
    assert ear.heard == [
        (WORKSHOP, WORKER, "报工 1001", BOT),
        (WORKSHOP, WORKER, "帮助", BOT),
        (WORKSHOP, WORKER, "你来", "1003"),
        ("dingtalk-1004", WORKER, "帮助"),
    ]


async def test_pictures_files_and_quotes_are_posted(page: Page, stage: Stage) -> None:
    await say(page, WORKER, WORKSHOP, "看", a=PIXEL, b=PIXEL, mention="1")
    picture = stage.world.posts(WORKSHOP)[-1]
    await say(page, WORKER, WORKSHOP, "这张", quote=picture.id)
    await say(page, WORKER, WORKSHOP, sheet=b"not a picture")
    _, quoting, file = stage.world.posts(WORKSHOP)
    assert [len(picture.body["images"]), quoting.quotes, file.kind] == [2, picture.id, "file"]
    posts = (await get(page, "/api/posts", room=WORKSHOP))["posts"]
    assert posts[1]["quoted"] == {"author": "张伟", "text": "看[图片]"}


async def test_only_pictures_are_shown_inside_the_page(page: Page, stage: Stage) -> None:
    script = stage.world.keep(b"<svg onload='alert(1)'>")
    async with page.get(f"/media/{stage.world.keep(PIXEL)}") as shown, page.get(f"/media/{script}") as kept:
        assert shown.content_type == "image/png"
        assert "Content-Disposition" not in shown.headers
        assert kept.content_type == "application/octet-stream"
        assert kept.headers["Content-Disposition"] == "attachment"
        assert kept.headers["X-Content-Type-Options"] == "nosniff"
    async with page.get("/media/nothing") as missing:
        assert missing.status == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/press", {"resident": WORKER, "room": WORKSHOP, "post": "1", "key": "1"}),
        ("/api/press", {"resident": KEEPER, "room": WORKSHOP, "post": "1", "key": "1"}),
        ("/api/enter", {"resident": WORKER, "room": "elsewhere"}),
        ("/api/enter", []),
        ("/api/clock", {"seconds": -5}),
        ("/api/clock", {"seconds": 10**9}),
        ("/api/clock", {"seconds": "soon"}),
        ("/api/clock", {"until": "25:00"}),
        ("/api/clock", {}),
    ],
)
async def test_what_cannot_be_is_refused_with_a_sentence(page: Page, path: str, body: Any) -> None:
    async with page.post(path, json=body) as answer:
        assert answer.status == 400
        assert len(await answer.text()) > 4


async def test_nothing_strange_can_be_said(page: Page, stage: Stage) -> None:
    for resident, room, text in [
        (WORKER, WAREHOUSE, "x"),
        ("nobody", WORKSHOP, "x"),
        (WORKER, WORKSHOP, " "),
    ]:
        assert (await say(page, resident, room, text))[0] == 400
    assert (await say(page, WORKER, WORKSHOP, "长" * 20_001))[0] == 400
    assert (await say(page, WORKER, WORKSHOP, "x", quote="17"))[0] == 400
    assert (await say(page, WORKER, WORKSHOP, "x", **{str(number): PIXEL for number in range(10)}))[0] == 400
    async with page.post("/api/say", data=b"no form") as answer:
        assert answer.status == 400
    async with page.post("/api/press", data=b"{") as answer:
        assert answer.status == 400
    assert stage.world.posts() == []


async def test_a_button_is_pressed_and_a_chat_is_opened(page: Page, stage: Stage, ear: Ear) -> None:
    card = stage.world.bot_post(
        WORKSHOP, "card", {"title": "x", "text": "", "buttons": [{"key": "1", "text": "接"}]}
    )
    ask = {"resident": WORKER, "room": WORKSHOP, "post": card.id, "key": "1"}
    async with page.post("/api/press", json=ask) as pressed, page.post("/api/enter", json=ask) as entered:
        assert (pressed.status, entered.status) == (200, 200)
    async with page.post("/api/press", json={**ask, "key": "2"}) as answer:
        assert answer.status == 400
    async with page.post("/api/press", json={**ask, "room": "dingtalk-1004"}) as answer:
        assert answer.status == 400
    assert ear.heard == [(WORKSHOP, WORKER, card.id, "1"), (WORKSHOP, WORKER)]


async def test_posts_come_in_pages(page: Page, stage: Stage) -> None:
    said = [stage.world.say(WORKER, WORKSHOP, text=str(number)).id for number in range(70)]
    last = await get(page, "/api/posts", room=WORKSHOP)
    first = await get(page, "/api/posts", room=WORKSHOP, before=last["posts"][0]["id"])
    assert [it["id"] for it in first["posts"] + last["posts"]] == said
    assert (last["more"], first["more"], last["count"]) == (True, False, 70)


async def test_the_clock_moves_and_takes_the_bot_along(page: Page, stage: Stage) -> None:
    before = stage.world.clock.now()
    async with page.post("/api/clock", json={"seconds": 900}) as answer:
        assert answer.status == 200
    assert timedelta(minutes=15) <= stage.world.clock.now() - before < timedelta(minutes=16)
    assert isinstance(stage.plug, Switch)
    assert stage.plug.done == [*["/demo/clock 300"] * 3, "/demo/clock 0"]
    async with page.post("/api/clock", json={"until": "08:30"}) as answer:
        assert answer.status == 200
    assert f"{stage.world.clock.now().astimezone(stage.playbook.zone):%H:%M}" == "08:30"


async def test_the_plug_is_pulled_and_put_in_again(page: Page, stage: Stage) -> None:
    for wanted in (False, True):
        async with page.post("/api/power", json={"on": wanted}) as answer:
            assert answer.status == 200
    assert isinstance(stage.plug, Switch)
    assert stage.plug.done == ["pull", "plug in"]


async def test_a_foreign_page_can_do_nothing(page: Page, stage: Stage) -> None:
    del page.session.headers[OURS]
    async with page.post("/api/power", json={"on": False}) as answer:
        assert answer.status == 403
    assert isinstance(stage.plug, Switch)
    assert stage.plug.done == []


async def test_everything_comes_with_a_strict_policy_and_nothing_from_elsewhere(page: Page) -> None:
    for path in ("/", "/static/main.js", "/static/base.css", "/labels/traveller.png", "/api/world", "/none"):
        async with page.get(path) as answer:
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"], path
            assert "unsafe" not in answer.headers["Content-Security-Policy"]
    async with page.get("/static/..%2Fserver.py") as answer:
        assert answer.status == 404
    async with page.get("/") as answer:
        assert "//" not in (await answer.text()).replace("<!doctype html>", "")


async def test_what_happens_is_told_as_it_happens(page: Page, stage: Stage) -> None:
    async with page.get("/api/events") as stream:
        assert await heard(stream) == ("hello", {})
        said = stage.world.say(WORKER, WORKSHOP, text="<b>你好</b>")
        stage.world.update_post(said.id, {**said.body, "text": "改了"})
        stage.world.notice("没有回应", room=WORKSHOP, resident=WORKER)
        assert [(await heard(stream))[0] for _ in range(3)] == ["post", "update", "notice"]


async def test_who_leaves_the_firm_is_told_to_the_clouds_and_to_the_page(page: Page, stage: Stage) -> None:
    told: list[tuple[str, str]] = []
    stage.world.directories["dingtalk"] = lambda who, change: told.append((who.id, change))
    async with page.get("/api/events") as stream:
        await heard(stream)
        assert await settled(page, resident=WORKER, here=False) == (200, "{}")
        name, person = await heard(stream)
    assert (name, person["id"], person["gone"], person["title"]) == ("resident", WORKER, True, "已离职")
    assert await settled(page, resident=WORKER, here=True) == (200, "{}")
    assert told == [(WORKER, "left"), (WORKER, "joined")]
    assert await settled(page, resident="nobody") == (400, "没有这个人")


async def settled(page: Page, **body: Any) -> tuple[int, str]:
    async with page.post("/api/staff", json=body) as answer:
        return answer.status, await answer.text()


async def heard(stream: Any) -> tuple[str, Any]:
    """Return the next event of the stream and its data."""
    text = await asyncio.wait_for(stream.content.readuntil(b"\n\n"), 5)
    lines = dict(line.split(": ", 1) for line in text.decode().strip().splitlines())
    return lines["event"], json.loads(lines["data"])


async def test_a_closing_page_server_lets_its_listeners_go(stage: Stage) -> None:
    client = TestClient[Any, Any](TestServer(ChatPage(stage).application()))
    await client.start_server()
    stream = await client.get("/api/events")
    assert await heard(stream) == ("hello", {})
    await asyncio.wait_for(client.server.close(), 5)
    assert await stream.content.read() == b""
    await client.close()
