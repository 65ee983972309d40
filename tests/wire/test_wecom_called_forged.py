"""Promise S1 at the AI bot's callback URL: forged, stale, repeated and oversized calls reach no parser."""

import io
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.platforms.wecom.called import hearing
from bot.sandbox.wecom import Limits
from bot.sandbox.wecom.target import Target
from bot.web.callbacks import MOST_BYTES
from domain.clock import FixedClock
from tests.wire.wecom_called import AES_KEY, TOKEN, Called, called
from tests.wire.wecom_rig import rigged

BODY = {
    "msgid": "m1", "aibotid": "aib", "chattype": "single", "from": {"userid": "li"},
    "msgtype": "text", "text": {"content": "报工"},
}  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from(["msgid", "chatid", "chattype", "from", "msgtype", "text", "event", "stream", "quote"])
SEVERAL = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class Outsider:
    """Somebody who posts to the URL."""

    def __init__(self, house: Called, session: aiohttp.ClientSession) -> None:
        self.house = house
        self.target = Target(url=house.url, token=TOKEN, aes_key=AES_KEY)
        self.parsed: list[bytes] = []
        self._session = session

    async def post(self, data: Any, query: dict[str, str]) -> int:
        """Return the status; nothing is said to strangers."""
        async with self._session.post(self.house.url, data=data, params=query) as answer:
            if answer.status != 200:
                assert await answer.read() == b""
            return answer.status

    def sealed(self, body: Any, *, late: timedelta = timedelta()) -> tuple[str, dict[str, str]]:
        """Return a true call of WeCom's."""
        encrypted = self.target.encrypt(body if isinstance(body, str) else json.dumps(body))
        at = int((self.house.rig.clock.now() + late).timestamp())
        return json.dumps({"encrypt": encrypted}), self.target.query(encrypted, at=at)


@pytest.fixture
async def outsider(
    clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Outsider]:
    async with (
        rigged(clock, Limits(poll=0.0)) as rig,
        called(rig, tmp_path) as house,
        aiohttp.ClientSession() as session,
    ):
        outsider = Outsider(house, session)
        read = hearing.read

        def watched(plain: bytes) -> Any:
            outsider.parsed.append(plain)
            return read(plain)

        monkeypatch.setattr(hearing, "read", watched)
        yield outsider


async def test_a_true_call_is_heard(outsider: Outsider) -> None:
    assert await outsider.post(*outsider.sealed(BODY)) == 200
    assert [it.text for it in outsider.house.journal] == ["报工"]


@SEVERAL
@given(data=st.binary(max_size=300), signature=st.text(max_size=50), nonce=st.text(max_size=20))
async def test_noise_is_refused(outsider: Outsider, data: bytes, signature: str, nonce: str) -> None:
    at = str(int(outsider.house.rig.clock.now().timestamp()))
    query = {"msg_signature": signature, "timestamp": at, "nonce": nonce}
    assert await outsider.post(data, query) == 403
    assert outsider.parsed == []


@SEVERAL
@given(where=st.integers(min_value=0), what=st.sampled_from("AZaz09+/="), part=st.integers(0, 3))
async def test_a_call_with_anything_changed_is_refused(
    outsider: Outsider, where: int, what: str, part: int
) -> None:
    data, query = outsider.sealed(BODY)
    if part == 3:
        encrypted = json.loads(data)["encrypt"]
        where %= len(encrypted)
        changed = encrypted[:where] + what + encrypted[where + 1 :]
        data = json.dumps({"encrypt": changed})
        unchanged = changed == encrypted
    else:
        name = ("msg_signature", "timestamp", "nonce")[part]
        query, unchanged = query | {name: query[name] + "1"}, False
    heard = len(outsider.parsed)
    assert await outsider.post(data, query) == (200 if unchanged else 403)
    assert len(outsider.parsed) == heard + unchanged


@pytest.mark.parametrize("late", [timedelta(minutes=-6), timedelta(minutes=6), timedelta(days=-365)])
async def test_a_call_of_another_hour_is_refused(outsider: Outsider, late: timedelta) -> None:
    assert await outsider.post(*outsider.sealed(BODY, late=late)) == 403
    assert outsider.parsed == []


async def test_a_recorded_call_is_refused_the_second_time(outsider: Outsider) -> None:
    recorded = outsider.sealed(BODY)
    assert await outsider.post(*recorded) == 200
    assert await outsider.post(*recorded) == 403
    assert len(outsider.parsed) == 1


async def test_a_call_that_could_not_be_written_down_may_come_again_as_it_was(outsider: Outsider) -> None:
    outsider.house.failing = 1
    recorded = outsider.sealed(BODY)
    assert await outsider.post(*recorded) == 500
    assert await outsider.post(*recorded) == 200
    assert len(outsider.house.journal) == 1


@pytest.mark.parametrize("size", [300 * 1024, MOST_BYTES + 1])
async def test_what_is_too_long_is_refused_unread(outsider: Outsider, size: int) -> None:
    _data, query = outsider.sealed(BODY)
    assert await outsider.post(io.BytesIO(b"x" * size), query) == 413
    assert outsider.parsed == []


async def test_what_says_not_how_long_it_is_has_the_same_limit(outsider: Outsider) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield bytes(32 * 1024)

    _data, query = outsider.sealed(BODY)
    assert await outsider.post(endless(), query) == 413


async def test_a_deep_nest_is_no_way_in(outsider: Outsider) -> None:
    nest = "[" * 100_000
    _data, query = outsider.sealed(BODY)
    assert await outsider.post(nest, query) == 403
    assert await outsider.post(*outsider.sealed(nest)) == 200
    assert outsider.house.journal == []


@SEVERAL
@given(body=st.dictionaries(KEYS, JSON, max_size=6) | JSON)
async def test_whatever_wecom_itself_may_say_is_taken_without_an_error(outsider: Outsider, body: Any) -> None:
    given_keys = {"from": {"userid": "li"}} | body if isinstance(body, dict) else body
    assert await outsider.post(*outsider.sealed(given_keys)) == 200


async def test_a_stranger_learns_nothing_from_the_verification(outsider: Outsider) -> None:
    encrypted = outsider.target.encrypt("1234")
    query = outsider.target.query(encrypted, at=int(outsider.house.rig.clock.now().timestamp()))
    async with aiohttp.ClientSession() as session:
        async with session.get(outsider.house.url, params=query | {"echostr": encrypted}) as answer:
            assert (answer.status, await answer.read()) == (200, b"1234")
        forged = query | {"echostr": encrypted, "msg_signature": "0" * 40}
        async with session.get(outsider.house.url, params=forged) as answer:
            assert (answer.status, await answer.read()) == (403, b"")
