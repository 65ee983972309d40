"""What we say on the long connection, and what we say happened to it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import structlog

from notifier.card import Button, Card
from notifier.delivery import Delivered, Outcome, Refused, Retry, Unknown
from tests.wire.wecom_server import PATIENCE, QUICK, SECRET, Server, reply, running, until

RESPOND, PUSH = "aibot_respond_msg", "aibot_send_msg"
TAKE = Button(text="接", say="接 A-12", guard="open")
ANDON = Card(title="缺料 A-12", buttons=(TAKE,), key="andon-12")


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with Server().listening() as listening:
        yield listening


async def test_an_answer_goes_out_on_the_request(server: Server) -> None:
    async with running(server) as bot:
        session = await bot.ready()
        heard = await bot.hears(session, req_id="cb7")
        assert await bot.platform.send(reply(slot=heard.slot)) == Delivered()
    (frame,) = session.got(RESPOND)
    assert frame["headers"] == {"req_id": "cb7"}
    assert frame["body"] == {"msgtype": "markdown", "markdown": {"content": "好的"}}


async def test_an_answer_may_be_one_finished_stream_frame(server: Server) -> None:
    async with running(server, reply_format="stream") as bot:
        session = await bot.ready()
        heard = await bot.hears(session)
        await bot.platform.send(reply(slot=heard.slot))
    (frame,) = session.got(RESPOND)
    assert frame["body"]["stream"] == {"id": "o1", "finish": True, "content": "好的"}


async def test_without_a_request_it_is_a_push(server: Server) -> None:
    async with running(server) as bot:
        session = await bot.ready()
        await bot.platform.send(reply(chat_id="wrG", chat_kind="group"))
    (frame,) = session.got(PUSH)
    assert (frame["body"]["chatid"], frame["body"]["chat_type"]) == ("wrG", 2)


async def test_requests_that_cannot_be_answered_any_more_are_pushes(server: Server) -> None:
    async with running(server) as bot:
        session = await bot.ready()
        slot = (await bot.hears(session)).slot
        assert slot is not None
        await bot.platform.send(reply(slot=replace(slot, node="another")))
        await bot.platform.send(reply(slot=replace(slot, data=slot.data | {"connection": "old"})))
        bot.clock.advance(timedelta(hours=24))
        await bot.platform.send(reply(slot=slot))
    assert (len(session.got(PUSH)), len(session.got(RESPOND))) == (3, 0)


async def test_a_stale_request_becomes_a_push(server: Server) -> None:
    server.refuse(RESPOND, 846605)
    async with running(server) as bot:
        session = await bot.ready()
        heard = await bot.hears(session)
        assert await bot.platform.send(reply(slot=heard.slot)) == Delivered()
    assert len(session.got(PUSH)) == 1


async def test_a_group_that_takes_no_push_is_answered_on_its_last_request(server: Server) -> None:
    server.refuse(PUSH, 600039, 600039)
    async with running(server) as bot:
        session = await bot.ready()
        await bot.hears(session, req_id="cb3")
        assert await bot.platform.send(reply(ANDON)) == Delivered()
    assert [frame["body"]["msgtype"] for frame in session.got(PUSH)] == ["template_card", "markdown"]
    (frame,) = session.got(RESPOND)
    assert frame["headers"] == {"req_id": "cb3"}
    assert "1. 接：接 A-12" in frame["body"]["markdown"]["content"]


async def test_what_every_way_refuses_is_refused(server: Server) -> None:
    server.refuse(PUSH, *[600039] * 9)
    server.refuse(RESPOND, *[600039] * 9)
    async with running(server) as bot:
        session = await bot.ready()
        heard = await bot.hears(session)
        assert isinstance(await bot.platform.send(reply(ANDON, slot=heard.slot)), Refused)
        await until(lambda: len(session.got(PUSH)) + len(session.got(RESPOND)) == 3)


async def test_too_fast(server: Server) -> None:
    server.refuse(PUSH, 45009)
    async with running(server) as bot:
        await bot.ready()
        outcome = await bot.platform.send(reply())
    assert isinstance(outcome, Retry)
    assert (outcome.after, outcome.block) == (60.0, True)


async def test_while_there_is_no_connection_it_waits(server: Server) -> None:
    server.mute("aibot_subscribe")
    async with running(server) as bot:
        outcome = await bot.platform.send(reply())
    assert isinstance(outcome, Retry)


async def test_an_open_socket_without_subscription_is_replaced_and_the_message_sent_again(
    server: Server,
) -> None:
    server.refuse(RESPOND, 846609)
    async with running(server) as bot:
        first = await bot.ready()
        heard = await bot.hears(first)
        assert await bot.platform.send(reply(slot=heard.slot)) == Delivered()
        second = await server.ready(2)
    assert len(first.got(RESPOND)) == 1
    assert [frame["body"]["chatid"] for frame in second.got(PUSH)] == ["lina"]


async def test_a_lost_answer_is_unknown_and_a_late_one_answers_nothing_else(server: Server) -> None:
    late: list[dict[str, Any]] = []
    server.answers[RESPOND] = late.append
    async with running(server) as bot:
        session = await bot.ready()
        slot = (await bot.hears(session, req_id="cb5")).slot
        assert isinstance(await bot.platform.send(reply(slot=slot)), Unknown)
        await session.push({"headers": late[0]["headers"], "errcode": 846605})
        assert await bot.platform.send(reply(slot=slot, repeat=1)) == Delivered()
    assert len(session.got(RESPOND)) == 1
    assert session.got(PUSH)[0]["body"]["markdown"]["content"].startswith("（重发）")


async def test_a_connection_that_dies_with_the_answer_leaves_it_unknown(server: Server) -> None:
    server.mute(PUSH)
    async with running(server, timing=replace(QUICK, ack=60.0)) as bot:
        session = await bot.ready()
        sending = asyncio.create_task(bot.platform.send(reply()))
        await until(lambda: session.got(PUSH))
        session.abort()
        assert isinstance(await asyncio.wait_for(sending, PATIENCE), Unknown)
        await server.ready(2)


async def test_nobody_waits_for_an_answer_but_the_asker(server: Server) -> None:
    server.mute(PUSH)
    async with running(server, timing=replace(QUICK, ack=1.0)) as bot:
        session = await bot.ready()
        sending = asyncio.create_task(bot.platform.send(reply()))
        await until(lambda: session.got(PUSH))
        await bot.hears(session)
        server.answers.clear()
        assert await bot.platform.send(reply()) == Delivered()
        assert not sending.done()
        assert isinstance(await sending, Unknown)


async def test_answers_on_one_request_go_one_after_the_other(server: Server) -> None:
    server.refuse(RESPOND, 0, 45002, 0)
    async with running(server) as bot:
        slot = (await bot.hears(await bot.ready())).slot
        outcomes = await asyncio.gather(*[bot.platform.send(reply(slot=slot)) for _ in range(3)])
    assert [type(outcome).__name__ for outcome in outcomes] == ["Delivered", "Refused", "Delivered"]


async def test_stopping_lets_a_request_be_answered(server: Server) -> None:
    held: list[dict[str, Any]] = []
    server.answers[PUSH] = held.append
    sending: asyncio.Task[Outcome]
    async with running(server) as bot:
        session = await bot.ready()
        sending = asyncio.create_task(bot.platform.send(reply()))
        await until(lambda: held)
        stopping = asyncio.create_task(bot.platform.stop())
        await asyncio.sleep(0.05)  # stopping waits for the answer, and nothing tells us so
        assert not stopping.done()
        await session.push({"headers": held[0]["headers"], "errcode": 0})
        await stopping
    assert await sending == Delivered()


async def test_the_journal_keeps_the_order_of_a_chat_through_trouble(server: Server) -> None:
    async with running(server) as bot:
        session = await bot.ready()
        bot.failing = 2
        for number in range(5):
            await session.say(f"第 {number} 句", msgid=f"m{number}", req_id=f"cb{number}")
        await until(lambda: len(bot.journal) == 5)
    assert [heard.text for heard in bot.journal] == [f"第 {number} 句" for number in range(5)]


async def test_who_could_not_be_written_down_is_told(server: Server) -> None:
    with structlog.testing.capture_logs() as logs:
        async with running(server) as bot:
            session = await bot.ready()
            bot.failing = 99
            await session.say("报工", req_id="cb9")
            await until(lambda: session.got(RESPOND))
    assert "没能记下" in session.got(RESPOND)[0]["body"]["markdown"]["content"]
    assert "wecom.frame_lost" in {line["event"] for line in logs}
    assert SECRET not in repr(logs)
