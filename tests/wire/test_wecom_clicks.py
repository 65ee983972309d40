"""What becomes of clicked cards and of files on the long connection to WeCom."""

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.platforms.wecom import upload
from notifier.card import Button, Card
from notifier.delivery import Delivered, Refused, ReplySlot, Retry
from tests.wire.wecom_server import QUICK, Bot, Server, reply, running, until

PUSH, UPDATE = "aibot_send_msg", "aibot_respond_update_msg"
TAKE = Button(text="接", say="接 A-12", guard="open")
ANDON = Card(title="缺料 A-12", buttons=(TAKE,), key="andon-12")


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with Server().listening() as listening:
        yield listening


async def pressed(server: Server, bot: Bot, *, task_id: str, key: str) -> ReplySlot:
    """Let somebody press a button of a card; return the slot of the click."""
    card = {"card_type": "button_interaction", "event_key": key, "task_id": task_id}
    event = {"eventtype": "template_card_event", "template_card_event": card}
    body = {
        "msgid": "click",
        "from": {"userid": "lina"},
        "chattype": "single",
        "msgtype": "event",
        "event": event,
    }
    await server.subscribed[-1].push(
        {"cmd": "aibot_event_callback", "headers": {"req_id": "ev1"}, "body": body}
    )
    await until(lambda: bot.journal and bot.journal[-1].kind == "button")
    slot = bot.journal[-1].slot
    assert isinstance(slot, ReplySlot)
    return slot


async def shown_and_pressed(server: Server, bot: Bot) -> ReplySlot:
    """Show the andon's card and let somebody take it."""
    session = await bot.ready()
    delivered = await bot.platform.send(reply(ANDON, key="o7"))
    assert delivered == Delivered(provider_id="o7")
    card = session.got(PUSH)[0]["body"]["template_card"]
    return await pressed(server, bot, task_id=card["task_id"], key=card["button_list"][0]["key"])


async def test_a_click_greys_the_button_and_is_answered(server: Server) -> None:
    async with running(server) as bot:
        slot = await shown_and_pressed(server, bot)
        assert (bot.journal[-1].text, bot.journal[-1].guard) == ("接 A-12", "open")
        assert await bot.platform.send(reply("已接", slot=slot, key="o8")) == Delivered()
        session = server.subscribed[0]
    (update,) = session.got(UPDATE)
    assert update["headers"] == {"req_id": "ev1"}
    assert update["body"]["response_type"] == "update_template_card"
    card = update["body"]["template_card"]
    assert (card["task_id"], card["main_title"]["title"]) == ("o7", "缺料 A-12")
    assert card["button_list"] == [{"text": "✓ 接", "style": 4, "key": "noop"}]
    assert session.got(PUSH)[-1]["body"]["markdown"]["content"] == "已接"


async def test_a_new_version_of_the_card_needs_no_message(server: Server) -> None:
    taken = Card(title="缺料 A-12 已接", lines=("负责：李娜",), key="andon-12")
    async with running(server) as bot:
        slot = await shown_and_pressed(server, bot)
        assert await bot.platform.send(reply(taken, slot=slot)) == Delivered(provider_id="o7")
        session = server.subscribed[0]
    assert session.got(UPDATE)[0]["body"]["template_card"]["main_title"]["title"] == "缺料 A-12 已接"
    assert len(session.got(PUSH)) == 1


@pytest.mark.parametrize("late", [False, True])
async def test_a_click_answered_too_late_is_a_message(server: Server, *, late: bool) -> None:
    taken = Card(title="缺料 A-12 已接", key="andon-12")
    async with running(server) as bot:
        slot = await shown_and_pressed(server, bot)
        if late:
            bot.clock.advance(timedelta(seconds=5))
        server.refuse(UPDATE, 846605)
        assert isinstance(await bot.platform.send(reply(taken, slot=slot, key="o8")), Delivered)
        session = server.subscribed[0]
    assert len(session.got(UPDATE)) == (0 if late else 1)
    assert session.got(PUSH)[-1]["body"]["markdown"]["content"] == "**缺料 A-12 已接**"


async def test_who_comes_in_is_welcomed(server: Server) -> None:
    body = {
        "msgid": "e1",
        "from": {"userid": "lina"},
        "msgtype": "event",
        "event": {"eventtype": "enter_chat"},
    }
    async with running(server) as bot:
        session = await bot.ready()
        await session.push({"cmd": "aibot_event_callback", "headers": {"req_id": "ev2"}, "body": body})
        await until(lambda: bot.journal)
        assert await bot.platform.send(reply("你好", slot=bot.journal[0].slot)) == Delivered()
    (frame,) = session.got("aibot_respond_welcome_msg")
    assert frame["headers"] == {"req_id": "ev2"}
    assert frame["body"] == {"msgtype": "text", "text": {"content": "你好"}}


async def test_a_file_goes_in_pieces_two_at_a_time(server: Server) -> None:
    content = bytes(range(256)) * 8192  # 2 MB: four pieces
    under_way: list[int] = []
    server.answers["aibot_upload_media_init"] = lambda _: {"errcode": 0, "body": {"upload_id": "U"}}
    server.answers["aibot_upload_media_finish"] = lambda _: {"errcode": 0, "body": {"media_id": "M"}}
    server.answers["aibot_upload_media_chunk"] = lambda frame: under_way.append(frame["body"]["chunk_index"])
    async with running(server, timing=replace(QUICK, ack=3.0)) as bot:
        session = await bot.ready()
        sending = asyncio.create_task(bot.platform.send_file(reply(), name="日报.xlsx", data=content))
        for pieces in (2, 3, 4):
            await until(lambda: len(under_way) == pieces)  # noqa: B023 (waited for at once)
            assert len(under_way) == pieces
            frame = session.got("aibot_upload_media_chunk")[pieces - 2]
            await session.push({"headers": frame["headers"], "errcode": 0})
        await session.push({"headers": session.got("aibot_upload_media_chunk")[3]["headers"], "errcode": 0})
        assert await sending == Delivered()
    init = session.got("aibot_upload_media_init")[0]["body"]
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    assert init == {
        "type": "file",
        "filename": "日报.xlsx",
        "total_size": len(content),
        "total_chunks": 4,
        "md5": digest,
    }
    chunks = sorted(session.got("aibot_upload_media_chunk"), key=lambda frame: frame["body"]["chunk_index"])
    assert b"".join(base64.b64decode(frame["body"]["base64_data"]) for frame in chunks) == content
    assert session.got(PUSH)[0]["body"]["file"] == {"media_id": "M"}


async def test_a_file_that_is_too_large_is_refused_here(server: Server) -> None:
    async with running(server) as bot:
        session = await bot.ready()
        content = bytes(upload.LARGEST["voice"] + 1)
        assert isinstance(
            await bot.platform.send_file(reply(), name="a", data=content, kind="voice"), Refused
        )
    assert session.got("aibot_upload_media_init") == []


async def test_a_refused_upload_is_what_it_says(server: Server) -> None:
    server.refuse("aibot_upload_media_init", 45009)
    async with running(server) as bot:
        await bot.ready()
        outcome = await bot.platform.send_file(reply(), name="a", data=b"123456")
    assert isinstance(outcome, Retry)
    assert outcome.block
