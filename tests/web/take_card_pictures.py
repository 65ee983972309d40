"""Takes the pictures of docs/cards.md: `python -m tests.web.take_card_pictures [folder]`.

Every card of the gallery is said by the real house on both pretend clouds; the demo's own chat page shows
what the wire carried, as wide as a phone.
"""

import asyncio
import io
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageDraw
from playwright.sync_api import Page

from bot.media import MediaStore
from bot.sandbox.hands import Hands
from bot.sandbox.page import ChatPage
from bot.sandbox.page import Stage as Shop
from bot.sandbox.power import State
from domain.queries.people import people_ids
from domain.work import Work
from notifier.card import Card, File
from notifier.delivery import ReplySlot
from notifier.post import Address, post
from tests import chromium
from tests.golden import gallery
from tests.golden.gallery import Shown
from tests.plants import demo
from tests.talks.stage import Stage
from tests.web.take_pictures import PICTURES, STILL

FOLDER: Final = PICTURES / "cards"
WIDTH, TALLEST = 375, 700  # CSS pixels; of what is longer the end is shown
COLOURS: Final = 64
CALLED: Final = "1004"  # whom cards ring in the pictures
ROOMS: Final = {
    ("dingtalk", "group"): ("一车间生产群", "张伟"),
    ("dingtalk", "direct"): ("钉钉", "张伟"),
    ("wecom", "group"): ("仓库群", "郑凯"),
    ("wecom", "direct"): ("企业微信", "郑凯"),
}
Shot = tuple[str, str, str, list[str]]
"""A picture's name, who looks, the room's id, the ids of the posts."""


class Plug:
    """A plug that nobody pulls: the house runs in this process."""

    state = State(name="ready", health={"platforms": [{"name": "dingtalk", "state": "ready"}]})

    def pull(self) -> None:
        """Do nothing."""

    def plug_in(self) -> None:
        """Do nothing."""

    async def ask(self, path: str, **body: Any) -> dict[str, Any] | None:
        """Answer nothing."""
        return {"path": path, **body}


async def main(folder: Path = FOLDER) -> None:
    """Say every card on both platforms and take its pictures into `folder`."""
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        async with Stage(f"sqlite:///{scratch / 'cards.db'}", scratch) as stage, AsyncExitStack() as exits:
            plug = Plug()
            hands = Hands(stage.clock, plug)
            shop = Shop(world=stage.world, playbook=demo(), hands=hands, plug=plug)
            page = await exits.enter_async_context(ChatPage(shop))
            shots = await _all_said(stage, MediaStore(scratch / "data" / "media"))
            await asyncio.to_thread(_take, page.url, shots, folder, scratch)
            await stage.idle()
            _hear(stage)  # the greeting of who opens a chat


async def _all_said(stage: Stage, media: MediaStore) -> list[Shot]:
    """Say every card of the gallery; return where each can be seen."""
    shots: list[Shot] = []
    slots = {place: await _asked(stage, *ROOMS[place]) for place in ROOMS}
    for shown in gallery.kept():
        for platform in ("dingtalk", "wecom"):
            place = (platform, shown.chat_kind)
            where, who = ROOMS[place]
            room = stage.room(where, who=who)
            before = len(stage.world.posts(room.id, author="bot"))
            await _say(stage, _ready(shown, media), place, slots[place], name=f"{shown.name}-{platform}")
            posts = stage.world.posts(room.id, author="bot")[before:]
            shots.append((f"{shown.name}-{platform}", who, room.id, [it.id for it in posts]))
    return shots


async def _asked(stage: Stage, where: str, who: str) -> ReplySlot | None:
    """Let somebody ask something; return the session of DingTalk by which the answer goes."""
    _hear(stage)
    await stage.says(who, where, "撤")
    _hear(stage)
    frames = [json.dumps(it) for it in stage.recorder.payloads("dingtalk.stream", "out")]
    urls = re.findall(r"http://[^\"\\]+sendBySession[^\"\\]+", frames[-1]) if frames else []
    deadline = stage.clock.now() + timedelta(hours=1)
    return ReplySlot(kind="session", deadline=deadline, data={"webhook": urls[-1]}) if urls else None


def _hear(stage: Stage) -> None:
    for change in stage.left():
        stage.takes(change)


async def _say(
    stage: Stage, shown: Shown, place: tuple[str, str], slot: ReplySlot | None, *, name: str
) -> None:
    where, who = ROOMS[place]
    room = stage.room(where, who=who)
    person = stage.person(who)
    account = person.dingtalk_user_id if place[0] == "dingtalk" else person.wecom_user_id
    chat = room.id if room.kind == "group" else str(account)
    to = Address(platform=room.platform, chat_id=chat, chat_kind=room.kind)
    office = stage.house.office
    assert office is not None
    by = slot if room.platform == "dingtalk" and not shown.card.buttons else None
    office.write(partial(_posted, to=to, card=shown.card, slot=by, name=name)).result()
    stage.house.dispatcher.wake()
    await stage.idle()
    _hear(stage)
    stage.clock.advance(timedelta(minutes=1))


def _posted(work: Work, *, to: Address, card: Card, slot: ReplySlot | None, name: str) -> None:
    called = people_ids(work, job_numbers=[CALLED]) if card.mentions else ()
    card = replace(card, mentions=called, key=card.key and name)
    post(work, to, card, kind="reply", dedup_key=name, slot=slot)


def _ready(shown: Shown, media: MediaStore) -> Shown:
    """Return the card with a real picture and a real file."""
    card = shown.card
    image = media.keep(_chart()) if card.image else None
    file = File(media=media.keep(b"PK\x03\x04 a sheet"), name=card.file.name) if card.file else None
    return replace(shown, card=replace(card, image=image, file=file))


def _chart() -> bytes:
    """Draw a week of output as bars."""
    picture = Image.new("RGB", (520, 260), "white")
    draw = ImageDraw.Draw(picture)
    for at, (good, scrap) in enumerate([(120, 4), (150, 6), (90, 3), (170, 5), (160, 12), (60, 1), (30, 0)]):
        left = 30 + at * 70
        draw.rectangle((left, 230 - good, left + 42, 230), fill="#3b82f6")
        draw.rectangle((left, 230 - good - scrap * 3, left + 42, 230 - good), fill="#d12f2f")
        draw.text((left + 10, 236), f"03-0{at + 1}"[-5:], fill="#555555")
    draw.line((20, 230, 510, 230), fill="#999999")
    made = io.BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()


def _take(url: str, shots: Sequence[Shot], folder: Path, scratch: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with chromium.launched(scratch=scratch) as browser:
        context = browser.new_context(
            viewport={"width": WIDTH, "height": 16_000},
            device_scale_factor=1.5,
            locale="zh-CN",
            color_scheme="light",
            bypass_csp=True,  # for the style below
        )
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.goto(url)
        page.add_style_tag(content=STILL + " .quote-it { display: none }")
        for name, who, room, posts in shots:
            _look(page, who, room)
            _snap(page, posts, folder / f"{name}.png")


def _look(page: Page, who: str, room: str) -> None:
    """Be somebody, in a room; `enter` is the page's own."""
    if not page.locator("#chooser").is_visible():
        page.evaluate("document.querySelector('#me').click()")
    page.locator(".person", has_text=who).click()
    page.evaluate("room => import('/static/flow.js').then(flow => flow.enter(room))", room)
    page.locator("#flow[aria-busy='false']").wait_for()


def _snap(page: Page, posts: Sequence[str], place: Path) -> None:
    """Show only these posts, and take as much of their end as goes into a picture."""
    page.evaluate(
        """ids => document.querySelectorAll('#flow > *').forEach(it => {
             it.hidden = !ids.includes(it.dataset.id); it.style.display = it.hidden ? 'none' : '' })""",
        list(posts),
    )
    page.locator(f".row[data-id='{posts[-1]}']").wait_for()
    page.wait_for_function("[...document.images].every(it => it.complete)")
    boxes = [page.locator(f".row[data-id='{it}']").bounding_box() for it in posts]
    known = [box for box in boxes if box]
    bottom = max(box["y"] + box["height"] for box in known) + 10
    top = max(min(box["y"] for box in known) - 10, bottom - TALLEST)
    shot = page.screenshot(clip={"x": 0, "y": top, "width": WIDTH, "height": bottom - top})
    with Image.open(io.BytesIO(shot)) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(place, optimize=True)


if __name__ == "__main__":
    asyncio.run(main(*(Path(name) for name in sys.argv[1:2])))
