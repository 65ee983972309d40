"""Cards with files, long cards, and what is said where a second half is lost, on both pretend clouds."""

from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.town import Post
from domain.clock import FixedClock
from notifier.card import Button, Card, File
from notifier.delivery import Delivered, Outcome, Retry
from tests.wire.dingtalk_house import a_house, an_answer
from tests.wire.dingtalk_probe import PNG
from tests.wire.wecom_house import House, housed
from tests.wire.wecom_rig import Rig, rigged

LINES = tuple(
    f"第 {number} 行 R-0402-{number:05} 库位 A-{number % 40:02} 结存 1,200 个" for number in range(5000)
)
REPORT = File(media="ab12", name="日报 11-20.xlsx")
CARD = Card(title="日报", lines=("良 50",), file=REPORT)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A folder of media files with one picture in it."""
    (tmp_path / "ab12").write_bytes(PNG)
    return tmp_path


def seen(posts: list[Post]) -> list[str]:
    """What a person sees, one word a post."""
    return [str(post.body["name"]) if post.kind == "file" else post.kind for post in posts]


async def dingtalk(kept: Path, card: Card, **fault: Any) -> tuple[Outcome, list[Post], list[str]]:
    """Send a card as the answer to a message: outcome, what was shown, broken rules."""
    async with a_house(media_path=lambda name: kept / name) as house:
        house.world.say("li", "line3", text="日报", mention_bot=True)
        heard = await house.ears.next()
        if fault:
            house.cloud.faults.add(**fault)
        outcome = await house.platform.send(an_answer(heard, card))
        return outcome, house.shown(), house.cloud.recorder.rules_broken()


async def wecom(clock: FixedClock, kept: Path, card: Card, **fault: Any) -> tuple[Outcome, list[Post], Any]:
    """The same on the other platform."""
    async with rigged(clock) as rig, housed(rig, kept) as house:
        heard = await asked(rig, house)
        if fault:
            rig.faults.add(**fault)
        outcome = await house.platform.send(house.answer(heard, card))
        return outcome, list(rig.world.posts(author="bot")), rig.broken


async def asked(rig: Rig, house: House) -> Any:
    """The message that asks."""
    rig.ask_bot()
    return await house.heard()


async def test_the_file_follows_the_text(clock: FixedClock, kept: Path) -> None:
    for outcome, posts, broken in (await dingtalk(kept, CARD), await wecom(clock, kept, CARD)):
        assert isinstance(outcome, Delivered)
        assert outcome.note == ""
        assert seen(posts) == ["markdown", "日报 11-20.xlsx"]
        assert broken == []


async def test_a_missing_file_is_said_in_the_chat(clock: FixedClock, kept: Path) -> None:
    card = Card(title="日报", file=File(media="none", name="日报.xlsx"))
    for outcome, posts, _ in (await dingtalk(kept, card), await wecom(clock, kept, card)):
        assert isinstance(outcome, Delivered)
        assert "（文件没有传上去，要的话再问一次）" in "".join(str(post.body["text"]) for post in posts)


async def test_dingtalk_sends_only_some_kinds_of_file(kept: Path) -> None:
    card = Card(title="日报", file=File(media="ab12", name="日报.csv"))
    outcome, posts, _ = await dingtalk(kept, card)
    assert isinstance(outcome, Delivered)
    assert outcome.note == "（文件没有发出去，要的话再问一次）钉钉不能发送 .csv 文件"
    assert [post.body["text"] for post in posts] == ["#### 日报", "（文件没有发出去，要的话再问一次）"]


async def test_a_long_card_comes_in_parts_a_longer_one_with_a_sheet(clock: FixedClock, kept: Path) -> None:
    parts, endless = Card(title="盘点", lines=LINES[:500]), Card(title="盘点", lines=LINES)
    for outcome, posts, broken in (await dingtalk(kept, parts), await wecom(clock, kept, parts)):
        assert isinstance(outcome, Delivered)
        assert seen(posts) == ["markdown"] * len(posts)
        assert [f"盘点（{at}/{len(posts)}）" in post.body["text"] for at, post in enumerate(posts, 1)] == [
            True
        ] * len(posts)
        assert 1 < len(posts) <= 3
        assert broken == []
    for outcome, posts, broken in (await dingtalk(kept, endless), await wecom(clock, kept, endless)):
        assert isinstance(outcome, Delivered)
        assert seen(posts) == ["markdown", "盘点.xlsx"]
        assert "行，全文在附件里）" in posts[0].body["text"]
        assert broken == []


async def test_a_card_that_is_longer_than_a_card_goes_with_a_sheet(kept: Path) -> None:
    """A value holds 1,000 bytes; the buttons stay, and nothing is lost."""
    buttons = (Button(text="接", say="接 A-1", guard="A-1@1"),)
    card = Card(title="异常 A-1", lines=LINES[:60], buttons=buttons, key="andon-1")
    outcome, posts, broken = await dingtalk(kept, card)
    assert isinstance(outcome, Delivered)
    assert seen(posts) == ["card", "异常_A-1.xlsx"]
    assert "行，全文在附件里）" in posts[0].body["text"]
    assert [button["text"] for button in posts[0].body["buttons"]] == ["接"]
    assert broken == []


async def test_what_fails_after_the_text_is_said_and_the_text_is_not_sent_again(
    clock: FixedClock, kept: Path
) -> None:
    busy = {"kind": "errcode", "door": "wecom.respond_msg", "skip": 1, "times": 2, "code": -1}
    gone = {"kind": "errcode", "door": "dingtalk.upload", "code": 40014}
    for outcome, posts, _ in (await dingtalk(kept, CARD, **gone), await wecom(clock, kept, CARD, **busy)):
        assert isinstance(outcome, Delivered)
        assert outcome.note.startswith("（文件没有发出去，要的话再问一次）")
        assert [post.kind for post in posts] == ["markdown", "markdown"]
        assert "（文件没有发出去，要的话再问一次）" in posts[1].body["text"]


async def test_where_wecom_takes_no_upload_nothing_is_shown_and_the_next_time_the_words(
    clock: FixedClock, kept: Path
) -> None:
    async with rigged(clock) as rig, housed(rig, kept) as house:
        message = house.answer(await asked(rig, house), CARD)
        rig.faults.add(kind="errcode", door="wecom.upload*", code=-1)
        assert isinstance(await house.platform.send(message), Retry)
        assert rig.said == []
        assert isinstance(await house.platform.send(message), Delivered)
        assert rig.said == [("markdown", "**日报**\n良 50\n（文件没有传上去，要的话再问一次）")]
