"""Pictures and files by the self-built app: uploaded first, sent after the card, missed aloud."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.platforms import uploads
from domain.clock import FixedClock
from notifier.card import Card, File
from notifier.delivery import Delivered, Retry
from tests.wire.wecom_app_house import PHOTO, AppHouse, app_town


@pytest.fixture
async def house(clock: FixedClock, tmp_path: Path) -> AsyncIterator[AppHouse]:
    """Run the town; nothing may break a rule of the wire."""
    async with app_town(clock, tmp_path) as house:
        yield house
        assert house.broken == []


async def test_pictures_and_files_follow_the_card(house: AppHouse, tmp_path: Path) -> None:
    (tmp_path / "pic").write_bytes(PHOTO)
    (tmp_path / "sheet").write_bytes(b"a sheet of numbers")
    card = Card(title="日报", image="pic", file=File(media="sheet", name="日报.xlsx"))
    assert isinstance(await house.door.send(house.push(card)), Delivered)
    assert [post.kind for post in house.posts] == ["text", "image", "file"]
    assert house.posts[2].body["name"] == "日报.xlsx"


async def test_a_file_that_cannot_be_had_is_left_out_with_a_word(house: AppHouse, tmp_path: Path) -> None:
    (tmp_path / "tiny").write_bytes(b"12345")
    await house.door.send(
        house.push(Card(title="日报", image="missing", file=File(media="tiny", name="t.txt")))
    )
    assert house.said == [("text", "日报\n（图片没有传上去）\n（文件没有传上去，要的话再问一次）")]


async def test_a_file_that_is_too_large_is_left_out_and_never_uploaded(
    house: AppHouse, tmp_path: Path
) -> None:
    (tmp_path / "big").write_bytes(bytes(20 * 1024 * 1024 + 1))
    await house.door.send(house.push(Card(title="单件清单", file=File(media="big", name="单件清单.xlsx"))))
    assert house.said == [("text", "单件清单\n（文件超过 20 MB，平台不收，请把范围缩小再问）")]
    assert house.asked("app.upload") == []


async def test_an_upload_that_only_later_can_work_holds_the_message_once(
    house: AppHouse, tmp_path: Path
) -> None:
    (tmp_path / "pic").write_bytes(PHOTO)
    house.cloud.faults.add("reset", "wecom.app.upload", times=2)
    message = house.push(Card(title="日报", image="pic"), key="o-1")
    assert isinstance(await house.door.send(message), Retry)
    assert house.posts == []
    assert isinstance(await house.door.send(message), Delivered)
    assert house.said == [("text", "日报\n（图片没有传上去）")]
    assert isinstance(await house.door.send(replace(message, key="o-2")), Delivered)
    assert [post.kind for post in house.posts[1:]] == ["text", "image"]


async def test_an_upload_that_hangs_ends_before_the_dispatcher_does(
    house: AppHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "SECONDS", 0.05)
    (tmp_path / "pic").write_bytes(PHOTO)
    house.cloud.faults.add("hang", "wecom.app.upload", times=1)
    assert isinstance(await house.door.send(house.push(Card(title="日报", image="pic"))), Retry)
