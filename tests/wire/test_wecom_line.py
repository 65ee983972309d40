"""The long connection to WeCom is up again after whatever ends it."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
import structlog
from pydantic import SecretStr

from bot.platforms.base import State, Tenure
from bot.platforms.wecom.config import Timing, WeComConfig
from bot.platforms.wecom.line import OWN_KICKS, Line
from domain.clock import SystemClock
from notifier.delivery import Delivered
from tests.wire.wecom_server import QUICK, SECRET, Bot, Frame, Server, reply, running, until

READY = State.READY


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with Server().listening() as listening:
        yield listening


async def test_ready_is_what_the_subscription_was_acknowledged_for(server: Server) -> None:
    server.mute("aibot_subscribe")
    async with running(server) as bot:
        await until(lambda: server.sessions and server.sessions[0].got("aibot_subscribe"))
        assert bot.platform.health().state is State.CONNECTING
        server.answers.clear()
        await server.ready()
        await until(lambda: bot.platform.health().state is READY)
    assert bot.platform.health().state is State.STOPPED


async def test_the_subscription_carries_the_device(server: Server) -> None:
    async with running(server, device_id="banzhang-1"):
        session = await server.ready()
    body = session.got("aibot_subscribe")[0]["body"]
    assert body == {"bot_id": "aib1", "secret": SECRET, "device_id": "banzhang-1"}


@pytest.mark.parametrize("code", [1000, 1001, 1011])
async def test_a_close_of_any_kind_leads_to_the_next_connection(server: Server, code: int) -> None:
    async with running(server) as bot:
        await (await server.ready()).socket.close(code=code)
        await bot.hears(await server.ready(2))
        assert bot.platform.health().reconnects == 1


async def test_three_aborts_and_it_still_hears(server: Server) -> None:
    async with running(server) as bot:
        for number in (1, 2, 3):
            (await server.ready(number)).abort()
        await bot.hears(await server.ready(4))
        assert bot.platform.health().last_frame_at == bot.clock.now()


async def test_unanswered_pings_end_a_connection(server: Server) -> None:
    server.mute("ping")
    async with running(server, timing=replace(QUICK, ping=0.05)):
        session = await server.ready()
        await server.ready(2)
    assert len(session.got("ping")) == QUICK.pings_lost


async def test_a_connection_on_which_nothing_comes_is_ended_by_the_watchdog(server: Server) -> None:
    server.mute("ping")
    async with running(server, timing=replace(QUICK, ping=0.05, silence=0.12, pings_lost=1000)):
        await server.ready(2)


async def test_answered_pings_keep_a_connection(server: Server) -> None:
    async with running(server, timing=replace(QUICK, ping=0.03, silence=0.9, pings_lost=25)):
        session = await server.ready()
        await until(lambda: len(session.got("ping")) > 36)
        assert len(server.sessions) == 1


async def test_an_answer_that_came_while_this_process_stood_still_counts(server: Server) -> None:
    def frozen(_: Frame) -> Frame:
        time.sleep(0.5)  # the loop, of the client too: longer than an answer and two pings may take
        return {"errcode": 0}

    server.answers["aibot_send_msg"] = frozen
    quick = replace(QUICK, ack=0.3, ping=0.1, silence=0.4, pings_lost=5)
    async with running(server, timing=quick) as bot:
        await bot.ready()
        assert isinstance(await bot.platform.send(reply()), Delivered)
        assert len(server.sessions) == 1


async def test_an_open_socket_that_is_not_subscribed_any_more_is_given_up(server: Server) -> None:
    async with running(server) as bot:
        await server.ready()
        server.refuse("ping", 846609)
        await bot.hears(await server.ready(2))


async def test_a_kick_is_a_state_and_a_long_pause(server: Server) -> None:
    async with running(server) as bot:
        session = await server.ready()
        loop = asyncio.get_running_loop()
        await session.kick()
        await until(lambda: bot.platform.health().state is State.KICKED)
        kicked_at = loop.time()
        assert "另一个实例" in bot.platform.health().detail
        await server.ready(2)
        assert loop.time() - kicked_at >= QUICK.kicked * 0.9
        assert bot.journal == []


@contextlib.asynccontextmanager
async def leased(server: Server, tenure: Tenure, timing: Timing) -> AsyncIterator[Line]:
    """Keep a line that has a lease."""
    config = WeComConfig(bot_id="aib1", bot_secret=SecretStr(SECRET), ws_url=server.url, timing=timing)
    line = Line(config, clock=SystemClock(), heard=lambda _frame, _link: None, tenure=tenure)
    keeping = asyncio.create_task(line.keep())
    yield line
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)


async def test_who_is_kicked_by_the_node_it_has_just_followed_is_back_soon(server: Server) -> None:
    timing = replace(QUICK, kicked=60.0, kicked_most=60.0, own_kick=0.01)
    async with leased(server, Tenure(is_new=lambda: True), timing) as line:
        for number in range(1, OWN_KICKS + 1):
            await (await server.ready(number)).kick()
        await (await server.ready(OWN_KICKS + 1)).kick()
        # So many kicks are not those of a node of ours. The state says so from the kick before already.
        await until(lambda: line.next_try() > 50)
        assert line.standing.state is State.KICKED


async def test_who_has_lost_the_lease_kicks_nobody(server: Server) -> None:
    ours = True
    async with leased(server, Tenure(stands=lambda: ours), replace(QUICK, lease=0.01)) as line:
        session = await server.ready()
        ours = False
        session.abort()
        await until(lambda: line.link is None)
        await asyncio.sleep(0.2)  # ten times what a connection takes here
        assert len(server.sessions) == 1
        ours = True
        await server.ready(2)


async def test_wrong_credentials_are_a_state_a_message_and_a_slow_retry(server: Server) -> None:
    server.refuse("aibot_subscribe", 853000)
    loop = asyncio.get_running_loop()
    with structlog.testing.capture_logs() as logs:
        async with running(server) as bot:
            await until(lambda: bot.platform.health().state is State.REFUSED)
            refused_at = loop.time()
            assert "Secret" in bot.platform.health().detail
            await server.ready()
            assert loop.time() - refused_at >= QUICK.refused * 0.9
            assert SECRET not in repr(bot.platform) + repr(bot.config) + repr(bot.platform.health())
    assert SECRET not in repr(logs)
    assert "wecom.subscribe_refused" in {line["event"] for line in logs}


async def test_a_busy_server_is_no_wrong_secret(server: Server) -> None:
    server.refuse("aibot_subscribe", 45009, -1)
    with structlog.testing.capture_logs() as logs:
        async with running(server) as bot:
            await bot.ready()
    assert [line["why"] for line in logs if line["event"] == "wecom.disconnected"] == ["subscribe_busy"] * 2
    assert State.REFUSED not in {line.get("state") for line in logs}


async def test_an_unacknowledged_subscription_is_tried_again(server: Server) -> None:
    server.mute("aibot_subscribe")
    async with running(server):
        await until(lambda: len(server.sessions) > 1)
        server.answers.clear()
        await server.ready()


async def test_broken_frames_end_nothing(server: Server) -> None:
    async with running(server) as bot:
        session = await server.ready()
        for text in (
            "",
            "{",
            "[]",
            "null",
            '{"cmd":"aibot_msg_callback"}',
            '{"headers":{"req_id":"?"}}',
            "[" * 9999,
        ):
            await session.socket.send_str(text)
        await session.socket.send_bytes(b"\xff\x00")
        assert (await bot.hears(session)).text == "报工"
        assert len(server.sessions) == 1


async def test_stopping_while_nobody_answers_the_door(server: Server) -> None:
    server.deaf.set()
    async with running(server, timing=replace(QUICK, open=60.0)) as bot:
        await asyncio.sleep(0.05)  # the handshake is under way, and nothing tells us so
        assert bot.platform.health().state is State.CONNECTING
    assert bot.platform.health().state is State.STOPPED


async def test_stopping_while_the_subscription_is_unanswered(server: Server) -> None:
    server.mute("aibot_subscribe")
    async with running(server, timing=replace(QUICK, ack=60.0)):
        await until(lambda: server.sessions and server.sessions[0].got("aibot_subscribe"))


async def test_stopping_before_running_and_twice(server: Server) -> None:
    async with running(server) as bot:
        await bot.platform.stop()
        await bot.platform.stop()
    assert server.subscribed == []


async def test_a_cancelled_run_leaves_nothing_behind(server: Server) -> None:
    async with httpx.AsyncClient() as http:
        bot = Bot(server, http)
        run = asyncio.create_task(bot.platform.run())
        session = await server.ready()
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
        await until(lambda: session.socket.closed)
        await bot.platform.stop()
        assert bot.platform.health().state is State.STOPPED


async def test_no_credentials_no_connection(server: Server) -> None:
    async with running(server, bot_id="") as bot:
        await until(lambda: bot.platform.health().state is State.OFF)
        assert "未启用" in bot.platform.health().detail
    assert server.sessions == []
