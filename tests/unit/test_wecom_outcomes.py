"""What WeCom's codes mean, and which other way is tried."""

import pytest

from bot.platforms.wecom import frames, outcomes, routes
from bot.platforms.wecom.frames import Frame
from bot.platforms.wecom.rendering.content import Content
from bot.platforms.wecom.routes import Attempt
from notifier.delivery import Delivered, Refused, Retry

TEXT = Content.markdown("已报工")
STREAM = Content.stream("已报工", stream_id="s1")
CARD = Content(kind="template_card", data={"task_id": "t"})


def outcome(code: int) -> object:
    return outcomes.outcome(Frame(errcode=code), provider_id="t-1")


def test_zero_is_delivered() -> None:
    assert outcome(0) == Delivered(provider_id="t-1")


@pytest.mark.parametrize(
    ("code", "after", "block"),
    [
        (-1, None, False),
        (846601, None, False),
        (846602, None, False),
        (846609, 1.0, False),
        (45009, 60.0, True),
        (45033, 2.0, True),
        (40007, None, False),
        (987654, 30.0, False),
    ],
)
def test_codes_that_pass(code: int, after: float | None, *, block: bool) -> None:
    found = outcome(code)
    assert isinstance(found, Retry)
    assert (found.after, found.block) == (after, block)
    assert str(code) in found.reason


@pytest.mark.parametrize(
    "code",
    [
        846605,
        846608,
        600039,
        40001,
        40058,
        40201,
        42045,
        44004,
        45002,
        48002,
        60011,
        60020,
        60111,
        81013,
        86003,
    ],
)
def test_codes_that_stay(code: int) -> None:
    found = outcome(code)
    assert isinstance(found, Refused)
    assert str(code) in found.reason


def answering(content: Content) -> Attempt:
    return routes.answer(content, req_id="r1", chat_id="wrG", chat_kind="group")


def pushing(content: Content) -> Attempt:
    return routes.push(content, chat_id="wrG", chat_kind="group")


def way(
    first: Attempt, code: int, *, recent: str = "r9", plain: str = "已报工"
) -> tuple[str, str, str] | None:
    following = routes.instead(first, code, plain=plain, recent=recent)
    return following.way if following else None


@pytest.mark.parametrize("content", [TEXT, STREAM])
@pytest.mark.parametrize("code", [846605, 846608])
def test_a_stale_request_is_answered_by_a_push(content: Content, code: int) -> None:
    assert way(answering(content), code) == (frames.PUSH, "", "markdown")


def test_a_card_on_a_stale_request_is_pushed_as_card() -> None:
    assert way(answering(CARD), 846605) == (frames.PUSH, "", "template_card")


def test_a_device_that_takes_only_markdown() -> None:
    assert way(answering(STREAM), 600039) == (frames.RESPOND, "r1", "markdown")
    assert way(answering(CARD), 600039) == (frames.RESPOND, "r1", "markdown")
    assert way(pushing(CARD), 600039) == (frames.PUSH, "", "markdown")
    assert way(answering(TEXT), 600039) == (frames.PUSH, "", "markdown")


def test_a_chat_that_takes_no_pushes_is_answered_on_its_last_request() -> None:
    assert way(pushing(TEXT), 600039) == (frames.RESPOND, "r9", "markdown")
    assert way(pushing(TEXT), 600039, recent="") is None


def test_a_picture_has_no_form_as_text() -> None:
    picture = Content(kind="image", data={"media_id": "m"})
    assert way(pushing(picture), 600039, plain="") == (frames.RESPOND, "r9", "image")


@pytest.mark.parametrize("code", [40058, 42045])
def test_a_card_that_is_refused_is_said_in_words(code: int) -> None:
    assert way(answering(CARD), code) == (frames.RESPOND, "r1", "markdown")


@pytest.mark.parametrize("code", [45009, -1, 40201, 86001])
def test_what_no_other_way_helps(code: int) -> None:
    assert way(answering(CARD), code) is None
    assert way(pushing(TEXT), code) is None


def test_bodies_on_the_wire() -> None:
    assert answering(STREAM).body() == {
        "msgtype": "stream",
        "stream": {"id": "s1", "finish": True, "content": "已报工"},
    }
    assert pushing(STREAM).body() == {
        "chatid": "wrG",
        "chat_type": 2,
        "msgtype": "markdown",
        "markdown": {"content": "已报工"},
    }
    assert routes.push(TEXT, chat_id="zhangsan", chat_kind="direct").body()["chat_type"] == 1
