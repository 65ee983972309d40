"""The page of what is handled names every code, frame, event and limit of WeCom, and no missing file."""

import re
from pathlib import Path

import bot.platforms.wecom as package
from bot.platforms.wecom import frames, outcomes, upload
from bot.platforms.wecom.app import hearing
from bot.platforms.wecom.app import outcomes as app_outcomes
from bot.platforms.wecom.rendering import limits

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "platforms.md").read_text(encoding="utf-8")
HALF = PAGE.partition("\n# WeCom\n")[2]
BOT, _, APP = HALF.partition("## The self-built app and group webhooks")
HERE = Path(str(package.__file__)).parent
COMMANDS = {
    *(frames.SUBSCRIBE, frames.PING, frames.RESPOND, frames.WELCOME, frames.UPDATE, frames.PUSH),
    *(frames.UPLOAD_INIT, frames.UPLOAD_CHUNK, frames.UPLOAD_FINISH),
}


def numbers(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w,])-?\d+(?![\w,]\d)", text))


def test_every_code_of_the_bot_is_in_its_part() -> None:
    assert [code for code in outcomes.TABLE if str(code) not in numbers(BOT)] == []


def test_every_code_of_the_app_and_the_webhooks_is_in_theirs() -> None:
    known = numbers(APP)
    codes = {*app_outcomes.TABLE} - {outcomes.NOT_OUR_REQUEST, outcomes.STREAM_EXPIRED, outcomes.WRONG_DEVICE}
    only_of_the_connection = {outcomes.NOT_SUBSCRIBED, 846601, 846602}
    assert sorted(code for code in codes - only_of_the_connection if str(code) not in known) == []


def test_every_frame_and_event_is_on_the_page() -> None:
    assert sorted(name for name in COMMANDS | frames.CALLBACKS if f"`{name}`" not in BOT) == []
    events = {*hearing._EVENTS, *hearing.ALARMS, *hearing.RELIEF}
    assert sorted(name for name in events if f"`{name}`" not in APP) == []


def test_every_limit_is_on_the_page() -> None:
    most = {form.most for form in limits.FORMS.values()}
    assert sorted(size for size in most if f"{size:,}" not in HALF) == []
    assert f"{limits.MOST_BUTTONS} buttons of {limits.BUTTON_TEXT} characters" in BOT
    assert f"image {upload.LARGEST['image'] >> 20} MB, file {upload.LARGEST['file'] >> 20} MB" in BOT


def test_every_file_that_is_named_is_there() -> None:
    roots = (HERE, HERE / "app", ROOT)
    named = set(re.findall(r"`([\w/]+\.(?:py|md))`", HALF))
    assert [name for name in named if not any((root / name).exists() for root in roots)] == []
