"""What follows a delivered message: tried twice where it had not arrived, then said; never the text again."""

import asyncio

import pytest

from bot.platforms.wecom import following
from bot.platforms.wecom.following import followed, plainly
from bot.platforms.wecom.rendering.content import Content
from notifier.delivery import Delivered, Outcome, Refused, Retry, Unknown

FIRST = Delivered(provider_id="t-1")
FILE = Content(kind="file", data={"media_id": "m"})
PART = plainly("盘点（2/2）")


@pytest.mark.parametrize(
    ("outcomes", "sent", "note"),
    [
        ([Delivered(), Delivered()], ["text", "file"], ""),
        ([Retry(reason="忙"), Delivered(), Delivered()], ["text", "text", "file"], ""),
        (
            [Retry(reason="忙"), Retry(reason="忙"), Delivered(), Delivered()],
            ["text", "text", "text", "file"],
            "（后面的没有发出去）忙",
        ),
        (
            [Delivered(), Refused(reason="不收"), Delivered()],
            ["text", "file", "text"],
            "（文件没有发出去，要的话再问一次）不收",
        ),
        (
            [Delivered(), Unknown(reason="没有回执"), Delivered()],
            ["text", "file", "text"],
            "（文件没有发出去，要的话再问一次）没有回执",
        ),
        (
            [Retry(reason="限流", block=True), Delivered(), Delivered()],
            ["text", "text", "file"],
            "（后面的没有发出去）限流",
        ),
    ],
)
async def test_what_follows(outcomes: list[Outcome], sent: list[str], note: str) -> None:
    answers = iter(outcomes)
    said: list[Content] = []

    async def send(content: Content) -> Outcome:
        said.append(content)
        return next(answers)

    outcome = await followed(FIRST, [PART, FILE], send=send, say=plainly, key="o")
    assert outcome == Delivered(provider_id="t-1", note=note)
    assert [content.kind for content in said] == sent


async def test_what_takes_too_long_is_given_up_before_the_first_message_is_in_doubt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(following, "SECONDS", 0.02)

    async def hangs(_content: Content) -> Outcome:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    outcome = await followed(FIRST, [PART, FILE], send=hangs, say=plainly, key="o")
    assert outcome == Delivered(provider_id="t-1", note=following.LATE)
