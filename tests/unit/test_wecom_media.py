"""Pictures from WeCom: fetched again when the storage fails, decrypted, and never ciphertext by mistake."""

import base64
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.base import MediaRef, MediaUnavailable
from bot.platforms.downloads import Downloads
from bot.platforms.wecom import media
from domain.clock import FixedClock
from tests.conftest import SHIFT_START

KEY = bytes(range(32))
JPEG = b"\xff\xd8\xff\xe0" + bytes(500)
PAUSES = (0.0, 0.0, 0.0)


def encrypt(data: bytes, *, pad: int | None = None) -> bytes:
    pad = pad or 32 - len(data) % 32
    cipher = Cipher(algorithms.AES(KEY), modes.CBC(KEY[:16])).encryptor()
    return cipher.update(data + bytes([pad]) * pad) + cipher.finalize()


def ref(key: str = base64.b64encode(KEY).decode()) -> MediaRef:
    until = (SHIFT_START + timedelta(minutes=5)).isoformat()
    return MediaRef(
        kind="image", ref={"url": "http://127.0.0.1:9/p?sign=s3cret", "aeskey": key, "until": until}
    )


async def fetched(
    answers: list[httpx.Response | Exception],
    *,
    clock: FixedClock | None = None,
    asked: Callable[[], None] = lambda: None,
    picture: MediaRef | None = None,
) -> bytes:
    """Fetch where the storage gives these answers, one after the other; none may be left."""

    def answer(_: httpx.Request) -> httpx.Response:
        asked()
        following = answers.pop(0)
        if isinstance(following, Exception):
            raise following
        return following

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        downloads = Downloads(http, bases=("http://127.0.0.1:9",))
        clock = clock or FixedClock(SHIFT_START)
        data = await media.fetch(picture or ref(), downloads=downloads, clock=clock, pauses=PAUSES)
    assert not answers
    return data


def ok(data: bytes) -> httpx.Response:
    return httpx.Response(200, stream=httpx.ByteStream(data))


async def test_a_picture_is_decrypted() -> None:
    assert await fetched([ok(encrypt(JPEG))]) == JPEG


async def test_the_storage_may_fail_three_times() -> None:
    answers: list[httpx.Response | Exception]
    answers = [httpx.ReadError("reset"), httpx.Response(503), ok(encrypt(JPEG)[:-7]), ok(encrypt(JPEG))]
    assert await fetched(answers) == JPEG


async def test_ciphertext_is_never_handed_on() -> None:
    with pytest.raises(MediaUnavailable, match="no picture"):
        await fetched([ok(encrypt(b"not a picture at all")) for _ in range(4)])


async def test_what_is_not_encrypted_with_the_key_is_refused() -> None:
    with pytest.raises(MediaUnavailable):
        await fetched([ok(JPEG + bytes(12)) for _ in range(4)])


async def test_an_expired_address_is_not_asked_again() -> None:
    with pytest.raises(MediaUnavailable) as refused:
        await fetched([httpx.Response(403)])
    assert not refused.value.temporary


async def test_no_more_tries_when_five_minutes_are_over() -> None:
    clock = FixedClock(SHIFT_START)
    with pytest.raises(MediaUnavailable):
        await fetched([httpx.Response(503)], clock=clock, asked=lambda: clock.advance(timedelta(minutes=6)))


async def test_no_address_in_the_reason() -> None:
    with pytest.raises(MediaUnavailable) as refused:
        await fetched([httpx.ConnectError("http://127.0.0.1:9/p?sign=s3cret")] * 4)
    assert "s3cret" not in repr(refused.value)


@pytest.mark.parametrize("key", ["", "AAAA", "不是", None, 5, base64.b64encode(KEY).decode()[:-4]])
async def test_a_broken_key_is_refused_before_anything_is_fetched(key: object) -> None:
    picture = MediaRef(kind="image", ref={"url": "http://127.0.0.1:9/p", "aeskey": key})
    with pytest.raises(MediaUnavailable):
        await fetched([], picture=picture)


@given(data=st.binary(max_size=200))
def test_padding_goes_to_32_bytes(data: bytes) -> None:
    assert media.decrypt(encrypt(data), key=KEY) == data


@pytest.mark.parametrize("pad", [16, 32])
def test_keys_may_lack_their_padding(pad: int) -> None:
    key = base64.b64encode(KEY).decode().rstrip("=")
    assert media.decrypt(encrypt(bytes(64 - pad), pad=pad), key=media.decode_key(key)) == bytes(64 - pad)


@pytest.mark.parametrize("tail", [b"\x00" * 32, b"\x21" * 33 + b"\x00" * 31, b"\x01" * 31 + b"\x02"])
def test_broken_padding_is_refused(tail: bytes) -> None:
    cipher = Cipher(algorithms.AES(KEY), modes.CBC(KEY[:16])).encryptor()
    with pytest.raises(MediaUnavailable):
        media.decrypt(cipher.update(tail) + cipher.finalize(), key=KEY)


@pytest.mark.parametrize(
    "data",
    [JPEG, b"\x89PNG\r\n\x1a\nxx", b"GIF89a", b"RIFF\x00\x00\x00\x00WEBP", b"\x00\x00\x00\x18ftypheic"],
)
def test_pictures_are_known_by_their_first_bytes(data: bytes) -> None:
    assert media.is_picture(data)


@pytest.mark.parametrize("data", [b"", b"RIFF\x00\x00\x00\x00WAVE", b"%PDF-1.7", b"\x00\x00\x00\x18ftypmp42"])
def test_other_files_are_no_pictures(data: bytes) -> None:
    assert not media.is_picture(data)
