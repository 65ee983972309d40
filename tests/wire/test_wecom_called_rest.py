"""What an answer on a call cannot take along, files and all of a long text, by the app or the webhook."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.wecom import carrying
from bot.sandbox.wecom import Limits
from domain.clock import FixedClock
from notifier.card import Card, File
from notifier.delivery import Delivered, Outgoing
from tests.wire.wecom_called import Beside, Called, called
from tests.wire.wecom_rig import PNG, Rig, rigged

REPORT = Card(title="日报", lines=("良 50",), file=File(media="ab12", name="日报.xlsx"))
LONG = Card(title="盘点", lines=tuple(f"第 {number} 行 R-0402-{number:05} 结存" for number in range(2000)))
Opened = Callable[..., AbstractAsyncContextManager[Called]]


@pytest.fixture
async def rig(clock: FixedClock) -> AsyncIterator[Rig]:
    async with rigged(clock, Limits(poll=0.0)) as rig:
        yield rig
        assert rig.broken == []


@pytest.fixture
def house(rig: Rig, tmp_path: Path) -> Opened:
    """Open the platform with what stands beside the bot; a picture's file is there."""
    (tmp_path / "ab12").write_bytes(PNG)
    return partial(called, rig, tmp_path)


async def asked(house: Called, card: Card, *, direct: bool = False) -> tuple[str, str]:
    """Let somebody ask; return what was shown in the chat and the outcome's note."""
    house.reply = lambda _heard: card
    room = house.rig.world.direct_room("wecom", "li")
    house.rig.world.say("li", room.id, text="日报") if direct else house.rig.ask_bot("日报")
    post, outcome = await house.shown(), await house.settled()
    assert isinstance(outcome, Delivered)
    return str(post.body["text"]), outcome.note


async def test_a_file_follows_by_the_groups_webhook(clock: FixedClock, house: Opened) -> None:
    hooks = Beside("hook", clock)
    async with house(hooks=hooks) as platform:
        text, note = await asked(platform, REPORT)
    ((out, abridged),) = hooks.enclosed
    assert (out.chat_id, out.slot, out.card.file, abridged) == ("hook:仓库", None, REPORT.file, False)
    assert (note, "文件" in text, hooks.said) == ("", False, [])


async def test_a_file_for_a_person_comes_from_the_app_which_is_said(clock: FixedClock, house: Opened) -> None:
    app = Beside("app", clock)
    async with house(app=app) as platform:
        text, _note = await asked(platform, REPORT, direct=True)
    ((out, _abridged),) = app.enclosed
    assert (out.chat_id, out.card.file) == ("app:LiGong", REPORT.file)
    assert carrying.BY_APP in text


async def test_the_whole_of_a_long_answer_follows_as_a_sheet(clock: FixedClock, house: Opened) -> None:
    hooks = Beside("hook", clock)
    async with house(hooks=hooks) as platform:
        text, _note = await asked(platform, LONG)
    assert [abridged for _out, abridged in hooks.enclosed] == [True]
    assert "行，全文在附件里）" in text


async def test_where_there_is_no_other_door_it_is_said(house: Opened) -> None:
    async with house() as platform:
        text, _note = await asked(platform, REPORT)
    assert "（这里发不了文件，要配企业微信自建应用或群机器人）" in text


async def test_a_long_answer_without_another_door_says_how_much_is_missing(house: Opened) -> None:
    async with house() as platform:
        text, _note = await asked(platform, LONG)
    assert "行没有显示）" in text


async def test_what_goes_with_the_picture_of_an_answer_does_not_bring_it_again(
    clock: FixedClock, house: Opened
) -> None:
    """The picture is in the bubble; the file alone follows."""
    hooks = Beside("hook", clock)
    async with house(hooks=hooks) as platform:
        await asked(platform, Card(title="日报", image="ab12", file=REPORT.file))
    ((out, _abridged),) = hooks.enclosed
    assert (out.card.image, out.card.file) == (None, REPORT.file)


async def test_a_rest_that_takes_too_long_is_given_up_and_noted(
    clock: FixedClock, house: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is there: nothing of it may be sent again."""
    monkeypatch.setattr(carrying, "SECONDS", 0.05)
    hooks = Slow("hook", clock)
    async with house(hooks=hooks) as platform:
        _text, note = await asked(platform, REPORT)
    assert note == carrying.LATE


class Slow(Beside):
    """A door whose uploads hang."""

    async def enclose(self, out: Outgoing, *, abridged: bool) -> Any:
        await asyncio.sleep(60)  # cancelled long before: the call has to be answered
        return await super().enclose(out, abridged=abridged)
