"""Uploads to the pretend WeCom: three steps, 0- or 1-based, checked by md5, limited in size and time."""

import base64
import hashlib
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.wecom import Limits
from bot.sandbox.wecom.limits import KB, MB
from domain.clock import FixedClock
from tests.wire.wecom_rig import GROUP, JPEG, PNG, Bot, Frame, Rig, rigged

DATA = bytes(range(256)) * 3000  # 750 KB: two chunks
CHUNK = 512 * KB


@pytest.mark.parametrize("first", [0, 1])
async def test_a_file_goes_up_in_any_order_and_is_shown(clock: FixedClock, first: int) -> None:
    async with rigged(clock) as rig:
        bot = await _bot(rig)
        upload_id = await _init(bot, DATA, filename="清单.csv")
        for index in (1, 0, 0):
            await _chunk(bot, upload_id, index + first, DATA[index * CHUNK :][:CHUNK])
        answer = await bot.ask("aibot_upload_media_finish", {"upload_id": upload_id})
        body = answer["body"]
        assert (body["type"], body["created_at"]) == ("file", str(int(clock.now().timestamp())))
        await _send(bot, "file", body["media_id"])
        post = rig.world.posts(author="bot")[0]
        assert (post.kind, post.body["name"], rig.world.media(post.body["media"])) == (
            "file",
            "清单.csv",
            DATA,
        )
        assert rig.broken == []


@pytest.mark.parametrize(
    ("kind", "data", "shown"),
    [
        ("image", PNG, "image"),
        ("image", JPEG, "image"),
        ("voice", b"#!AMR123", "audio"),
        ("video", PNG, "file"),
    ],
)
async def test_every_kind_of_media(clock: FixedClock, kind: str, data: bytes, shown: str) -> None:
    async with rigged(clock) as rig:
        bot = await _bot(rig)
        media_id = await _upload(bot, data, type=kind)
        assert (await _send(bot, kind, media_id))["errcode"] == 0
        assert [post.kind for post in rig.world.posts(author="bot")] == [shown]


async def test_a_media_id_lives_three_days_and_has_one_kind(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await _bot(rig)
        media_id = await _upload(bot, PNG, type="image")
        assert (await _send(bot, "file", media_id))["errcode"] == 40007
        clock.advance(timedelta(days=3))
        assert (await _send(bot, "image", media_id))["errcode"] == 0
        clock.advance(timedelta(seconds=1))
        assert (await _send(bot, "image", media_id))["errcode"] == 40007


@pytest.mark.parametrize(
    ("changes", "code", "rule"),
    [
        ({"type": "audio"}, 40058, "upload.type"),
        ({"total_size": 5}, 45002, "upload.size"),
        ({"total_size": 20 * MB + 1, "total_chunks": 41}, 45002, "upload.size"),
        ({"type": "image", "total_size": 10 * MB + 1, "total_chunks": 21}, 45002, "upload.size"),
        ({"type": "voice", "total_size": 2 * MB + 1, "total_chunks": 5}, 45002, "upload.size"),
        ({"total_chunks": 0}, 40058, "upload.chunks"),
        ({"total_chunks": 101}, 40058, "upload.chunks"),
        ({"total_size": CHUNK + 1, "total_chunks": 1}, 40058, "upload.chunks"),
        ({"filename": ""}, 40058, "upload.init"),
        ({"md5": None}, 40058, "upload.init"),
    ],
)
async def test_what_is_refused_at_init(clock: FixedClock, changes: Frame, code: int, rule: str) -> None:
    async with rigged(clock) as rig:
        answer = await (await _bot(rig)).ask("aibot_upload_media_init", _announced(PNG) | changes)
        assert (answer["errcode"], rig.broken) == (code, [rule])


async def test_the_largest_file_is_announced(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        body = _announced(PNG) | {"total_size": 20 * MB, "total_chunks": 40}
        assert (await (await _bot(rig)).ask("aibot_upload_media_init", body))["errcode"] == 0


@pytest.mark.parametrize(
    ("index", "data", "rule"),
    [
        (3, "QUJD", "upload.chunk_index"),
        (-1, "QUJD", "upload.chunk_index"),
        ("0", "QUJD", "upload.chunk_index"),
        (0, "not base64!", "upload.base64"),
        (0, "", "upload.chunk_size"),
        (0, base64.b64encode(bytes(CHUNK + 1)).decode(), "upload.chunk_size"),
    ],
)
async def test_what_is_refused_as_a_chunk(clock: FixedClock, index: Any, data: str, rule: str) -> None:
    async with rigged(clock) as rig:
        bot = await _bot(rig)
        upload_id = await _init(bot, DATA)
        body = {"upload_id": upload_id, "chunk_index": index, "base64_data": data}
        assert (await bot.ask("aibot_upload_media_chunk", body))["errcode"] != 0
        assert rig.broken == [rule]


@pytest.mark.parametrize(
    ("changes", "parts", "rule"),
    [
        ({}, [(0, DATA[:CHUNK])], "upload.missing_chunk"),
        ({}, [(0, DATA[:CHUNK]), (2, DATA[CHUNK:])], "upload.missing_chunk"),
        ({}, [(0, DATA[:CHUNK]), (1, DATA[CHUNK:] + b"x")], "upload.size"),
        ({"md5": "0" * 32}, [(0, DATA[:CHUNK]), (1, DATA[CHUNK:])], "upload.md5"),
        ({"type": "image"}, [(0, DATA[:CHUNK]), (1, DATA[CHUNK:])], "upload.image"),
    ],
)
async def test_what_is_refused_at_finish(
    clock: FixedClock, changes: Frame, parts: list[tuple[int, bytes]], rule: str
) -> None:
    async with rigged(clock) as rig:
        bot = await _bot(rig)
        upload_id = await _init(bot, DATA, **changes)
        for index, part in parts:
            await _chunk(bot, upload_id, index, part)
        answer = await bot.ask("aibot_upload_media_finish", {"upload_id": upload_id})
        assert (answer["errcode"], rig.broken) == (40058, [rule])


async def test_a_session_lasts_half_an_hour(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await _bot(rig)
        upload_id = await _init(bot, PNG)
        clock.advance(timedelta(minutes=30))
        await _chunk(bot, upload_id, 0, PNG)
        clock.advance(timedelta(seconds=1))
        answer = await bot.ask("aibot_upload_media_finish", {"upload_id": upload_id})
        assert (answer["errcode"], rig.broken) == (40058, ["upload.session"])


async def test_uploads_have_a_quota(clock: FixedClock) -> None:
    async with rigged(clock, Limits(per_minute=2)) as rig:
        bot = await _bot(rig)
        answers = [await bot.ask("aibot_upload_media_init", _announced(PNG)) for _ in range(3)]
        assert [answer["errcode"] for answer in answers] == [0, 0, 45009]


async def _bot(rig: Rig) -> Bot:
    bot = await rig.bot()
    rig.ask_bot()
    await bot.heard()
    return bot


def _announced(data: bytes, **changes: Any) -> Frame:
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    body = {"type": "file", "filename": "a.bin", "total_size": len(data), "md5": digest}
    return body | {"total_chunks": -(-len(data) // CHUNK)} | changes


async def _init(bot: Bot, data: bytes, **changes: Any) -> str:
    answer = await bot.ask("aibot_upload_media_init", _announced(data, **changes))
    return str(answer["body"]["upload_id"])


async def _chunk(bot: Bot, upload_id: str, index: int, data: bytes) -> None:
    body = {"upload_id": upload_id, "chunk_index": index, "base64_data": base64.b64encode(data).decode()}
    assert (await bot.ask("aibot_upload_media_chunk", body))["errcode"] == 0


async def _upload(bot: Bot, data: bytes, **changes: Any) -> str:
    upload_id = await _init(bot, data, **changes)
    await _chunk(bot, upload_id, 0, data)
    answer = await bot.ask("aibot_upload_media_finish", {"upload_id": upload_id})
    return str(answer["body"]["media_id"])


async def _send(bot: Bot, kind: str, media_id: str) -> Frame:
    return await bot.ask("aibot_send_msg", {"chatid": GROUP, "msgtype": kind, kind: {"media_id": media_id}})
