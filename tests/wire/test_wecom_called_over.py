"""Calls of WeCom that hung up or are over: the answer goes another way, once; nothing is kept of them."""

from dataclasses import replace
from pathlib import Path

from bot.platforms.base import Incoming
from bot.platforms.wecom.called.calls import Calls
from bot.sandbox.wecom import Limits
from domain.clock import FixedClock
from notifier.delivery import Delivered
from tests.wire.wecom_called import SWIFT, called
from tests.wire.wecom_rig import rigged
from tests.wire.wecom_server import until


def nothing(_incoming: Incoming) -> None:
    """Let the message be handled later."""


async def test_an_answer_that_found_nobody_on_the_call_is_not_given_to_the_next_one_too(
    clock: FixedClock, tmp_path: Path
) -> None:
    """WeCom has hung up and calls again; the answer goes by the response_url, once."""
    hasty, patient = Limits(poll=0.0, answer=0.5), replace(SWIFT, callback=2.0, poll=2.0)
    async with rigged(clock, hasty) as rig, called(rig, tmp_path, timing=patient) as house:
        house.reply = nothing
        rig.ask_bot("报工")
        heard = await house.heard()
        await until(lambda: len(rig.cloud.recorder.at("wecom.push.msg", "out")) == 2)
        assert await house.says(heard, "已报工 50") == Delivered()
        await until(lambda: not rig.cloud.callbacks._calls)
        assert rig.said == [("markdown", "已报工 50")]


async def test_calls_that_nobody_asks_after_any_more_are_forgotten() -> None:
    calls = Calls()
    old, young = calls.open("old"), calls.open("young")
    old.born -= 601
    calls.open("new")
    assert (calls.find("old"), old.closed, calls.find("young")) == (None, True, young)
