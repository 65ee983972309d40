"""Envelopes of WeCom's callbacks: the official sample, the library's, our own, and everything forged."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import PrpCrypto
from wechatpy.enterprise.crypto import WeChatCrypto

from bot.platforms.wecom.crypto import EnvelopeRefused, Envelopes, key_bytes, sign, unpadded
from domain.clock import FixedClock

TOKEN = "QDG6eK"
KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
CORP = "wx5823bf96d3bd56c7"
THEN = datetime.fromtimestamp(1409659589, UTC)
SAMPLE = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
QUERY = {
    "msg_signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
    "timestamp": "1409659589",
    "nonce": "263014780",
}


def envelopes(at: datetime = THEN, *, receive_id: str = "") -> Envelopes:
    return Envelopes(token=TOKEN, aes_key=KEY, receive_id=receive_id, clock=FixedClock(at))


def sealed(text: str, *, receive_id: str = "", nonce: str = "n1") -> tuple[dict[str, str], str]:
    """Return query and ciphertext of a call that says `text`."""
    made = envelopes(receive_id=receive_id).seal(text, nonce=nonce)
    query = {"msg_signature": made.signature, "timestamp": str(made.timestamp), "nonce": made.nonce}
    return query, made.encrypt


def encrypted(padded: bytes) -> str:
    key = key_bytes(KEY)
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def signed(cipher: str) -> dict[str, str]:
    stamp = str(int(THEN.timestamp()))
    signature = sign(TOKEN, timestamp=stamp, nonce="n", encrypted=cipher)
    return {"msg_signature": signature, "timestamp": stamp, "nonce": "n"}


def test_the_official_sample() -> None:
    assert envelopes(receive_id=CORP).open(QUERY, SAMPLE) == b"1616140317555161061"


def test_what_the_library_seals_is_opened() -> None:
    cipher = PrpCrypto(key_bytes(KEY)).encrypt("报工 5".encode().decode(), "")
    cipher = cipher.decode() if isinstance(cipher, bytes) else cipher
    assert envelopes().open(signed(cipher), cipher).decode() == "报工 5"


@pytest.mark.parametrize("size", [0, 1, 11, 12, 13, 31, 32, 33, 20_480])
def test_the_library_opens_what_is_sealed(size: int) -> None:
    query, cipher = sealed("件" * size, receive_id=CORP)
    library = WeChatCrypto(TOKEN, KEY, CORP)
    body = f"<xml><Encrypt><![CDATA[{cipher}]]></Encrypt></xml>"
    opened = library.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
    assert (opened if isinstance(opened, str) else opened.decode()) == "件" * size
    assert len(base64.b64decode(cipher)) % 32 == 0


@given(text=st.text(max_size=300))
def test_there_and_back(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    assert envelopes().open(*sealed(text)).decode() == text


@pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce"])
def test_a_call_without_all_its_parts_is_refused(name: str) -> None:
    query, cipher = sealed("x")
    for wrong in ({**query, name: ""}, {key: it for key, it in query.items() if key != name}):
        with pytest.raises(EnvelopeRefused, match="incomplete"):
            envelopes().open(wrong, cipher)


@given(at=st.integers(min_value=0, max_value=10_000), bit=st.integers(min_value=0, max_value=6))
def test_a_changed_ciphertext_is_refused_by_its_signature(at: int, bit: int) -> None:
    query, cipher = sealed(json.dumps({"msgid": "m1", "text": {"content": "报工 WO-1001 焊接 50 良"}}))
    at %= len(cipher)
    changed = cipher[:at] + chr(ord(cipher[at]) ^ (1 << bit)) + cipher[at + 1 :]
    with pytest.raises(EnvelopeRefused, match="signature"):
        envelopes().open(query, changed)


@given(signature=st.text(min_size=1), nonce=st.text(min_size=1), cipher=st.text(min_size=1))
def test_whatever_nobody_signed_is_refused(signature: str, nonce: str, cipher: str) -> None:
    query = {"msg_signature": signature, "timestamp": "1409659589", "nonce": nonce}
    with pytest.raises(EnvelopeRefused, match="signature"):
        envelopes().open(query, cipher)


@pytest.mark.parametrize("minutes", [-6, 6, 600_000])
def test_a_call_of_another_time_is_refused(minutes: int) -> None:
    query, cipher = sealed("x")
    late = envelopes(THEN + timedelta(minutes=minutes))
    with pytest.raises(EnvelopeRefused, match="stale"):
        late.open(query, cipher)


def test_a_call_is_taken_once_but_may_be_tried_again_until_then() -> None:
    query, cipher = sealed("x")
    door = envelopes()
    assert door.open(query, cipher) == door.open(query, cipher) == b"x"
    door.taken(query)
    with pytest.raises(EnvelopeRefused, match="repeated"):
        door.open(query, cipher)
    assert door.open(*sealed("x", nonce="n2")) == b"x"


def test_what_is_too_old_to_be_repeated_is_forgotten() -> None:
    clock = FixedClock(THEN)
    door = Envelopes(token=TOKEN, aes_key=KEY, receive_id="", clock=clock)
    for number in range(100):
        door.taken({"msg_signature": str(number)})
        clock.advance(timedelta(minutes=1))
    assert len(door._taken) <= 11


@pytest.mark.parametrize(
    "padded",
    [
        bytes(32),  # a pad of nothing
        b"x" * 31 + b"\x21",  # longer than 32
        b"x" * 30 + b"\x03\x02",  # not all of it the same
        bytes(16) + (1).to_bytes(4, "big") + b"x" * 10 + b"\x01\x02",
    ],
)
def test_a_padding_that_is_none_is_refused(padded: bytes) -> None:
    cipher = encrypted(padded)
    with pytest.raises(EnvelopeRefused, match="padding"):
        envelopes().open(signed(cipher), cipher)


@given(data=st.binary(max_size=100))
def test_signed_rubbish_is_refused_without_any_other_error(data: bytes) -> None:
    cipher = base64.b64encode(data).decode()
    if cipher:
        with pytest.raises(EnvelopeRefused):
            envelopes().open(signed(cipher), cipher)


@pytest.mark.parametrize(("ours", "theirs"), [("", CORP), (CORP, ""), (CORP, CORP + "x")])
def test_a_call_for_somebody_else_is_refused(ours: str, theirs: str) -> None:
    query, cipher = sealed("x", receive_id=theirs)
    with pytest.raises(EnvelopeRefused, match="receiver"):
        envelopes(receive_id=ours).open(query, cipher)


def test_a_length_beyond_the_end_is_refused() -> None:
    body = bytes(16) + (2**32 - 1).to_bytes(4, "big") + b"abc"
    pad = 32 - len(body) % 32
    cipher = encrypted(body + bytes([pad]) * pad)
    with pytest.raises(EnvelopeRefused, match="receiver"):
        envelopes().open(signed(cipher), cipher)


@pytest.mark.parametrize("key", ["", KEY[:-1], KEY + "x", "密" * 43])
def test_a_key_that_cannot_be_one_is_named(key: str) -> None:
    with pytest.raises(ValueError, match="43"):
        Envelopes(token=TOKEN, aes_key=key, receive_id="", clock=FixedClock(THEN))


def test_no_secret_shows() -> None:
    door = envelopes()
    assert TOKEN not in repr(door)
    assert KEY not in repr(door)
    assert unpadded(b"x" * 31 + b"\x01") == b"x" * 31
