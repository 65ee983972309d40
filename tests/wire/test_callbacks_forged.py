"""Promise S1 at DingTalk's doors and the app's: whatever is not genuine is refused, and no parser sees it.

The AI bot's door has `test_wecom_called_forged.py`.
"""

import json
import re
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from bot.platforms.dingtalk import callbacks
from bot.platforms.dingtalk.signature import COMPANY
from bot.platforms.wecom.app import callback
from domain.clock import FixedClock
from tests.wire.dingtalk_house import UNANSWERED
from tests.wire.dingtalk_http import Site, a_site
from tests.wire.test_wecom_app_refused import said, sealed
from tests.wire.wecom_app_house import AppHouse, app_town

TRIES = 60
PRESS = {"outTrackId": "gk-0123456789-andon-1", "userId": "li", "content": '{"cardPrivateData":{}}'}
MESSAGE = {
    "msgtype": "text", "text": {"content": " 报工"}, "msgId": "m1", "conversationId": "cidX",
    "conversationType": "2", "senderStaffId": "0147", "chatbotCorpId": "ding1",
}  # fmt: skip


def watch(monkeypatch: pytest.MonkeyPatch, module: Any, parser: str) -> list[bytes]:
    """Return what this parser of that module will have been given."""
    seen: list[bytes] = []
    parse: Callable[[bytes], Any] = getattr(module, parser)

    def watched(data: bytes) -> Any:
        seen.append(data)
        return parse(data)

    monkeypatch.setattr(module, parser, watched)
    return seen


def noise(lots: Random, most: int) -> bytes:
    return lots.randbytes(lots.randrange(most))


def one_changed(text: str, lots: Random) -> str:
    """Return the text with one character of it another of its kind."""
    at = lots.randrange(len(text))
    digits = "0123456789" if text.isdigit() else "0123456789abcdefABCDEF+/"
    return text[:at] + lots.choice([it for it in digits if it != text[at]]) + text[at + 1 :]


async def test_noise_and_changed_headers_open_neither_door_of_dingtalk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lots, parsed = Random(3), watch(monkeypatch, callbacks, "decode")  # noqa: S311 (the same each time)
    async with a_site() as site:
        for _ in range(TRIES):
            for post, signed in ((site.robot, site.signed()), (site.cards, site.card_signed())):
                name = lots.choice(sorted(signed))
                changed = signed | {name: one_changed(signed[name], lots)}
                made_up = {it: noise(lots, 60).hex() for it in signed}
                assert (await post(json.dumps(MESSAGE).encode(), changed))[0] == 403
                assert (await post(noise(lots, 300), made_up))[0] == 403
        assert parsed == []
        assert site.house.ears.heard == []


@pytest.mark.parametrize("door", ["robot", "cards"])
async def test_a_signature_that_was_caught_opens_dingtalks_doors_for_nothing_new(
    monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    async with a_site(timings=UNANSWERED) as site:
        post, signed, body = _door(site, door)
        assert (await post(body, signed))[0] == 200
        heard = len(site.house.ears.heard)
        gate = site.house.platform._callbacks._gate
        (seen,) = gate._seen.values()
        seen.since -= COMPANY + 1
        parsed = watch(monkeypatch, callbacks, "decode")
        assert (await post({**body, "msgId": "m2", "userId": "zhao"}, signed))[0] == 403
        assert (await post(body, signed))[0] == 200, "the same again is let in and does nothing"
        assert parsed == []
        assert len(site.house.ears.heard) == heard


def _door(site: Site, door: str) -> tuple[Callable[..., Any], dict[str, str], dict[str, Any]]:
    if door == "robot":
        return site.robot, site.signed(), MESSAGE
    return site.cards, site.card_signed(), PRESS


@pytest.fixture
async def house(clock: FixedClock, tmp_path: Path) -> AsyncIterator[AppHouse]:
    async with app_town(clock, tmp_path) as house:
        yield house


async def test_noise_and_anything_changed_is_refused_by_the_app(
    house: AppHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    lots, parsed = Random(5), watch(monkeypatch, callback, "read")  # noqa: S311 (the same each time)
    async with httpx.AsyncClient() as http:
        for _ in range(TRIES):
            true = sealed(house, said())
            name = lots.choice(sorted(true["params"]))
            query = true["params"] | {name: one_changed(true["params"][name], lots)}
            cipher = re.search(rb"<Encrypt>(?:<!\[CDATA\[)?([^\]<]+)", true["content"])
            assert cipher is not None
            other = one_changed(cipher[1].decode().rstrip("="), lots).encode()
            content = true["content"].replace(cipher[1].rstrip(b"="), other)
            for forged in (
                {**true, "params": query},
                {**true, "content": content},
                {**true, "content": noise(lots, 300)},
                {"params": {it: noise(lots, 40).hex() for it in true["params"]}, "content": true["content"]},
            ):
                assert (await http.post(house.url, **forged)).status_code == 403
        stale = sealed(house, said(), late=timedelta(minutes=6))
        assert (await http.post(house.url, **stale)).status_code == 403
    assert parsed == []
    assert house.journal == []


async def test_a_call_of_the_app_that_was_recorded_reaches_no_parser(
    house: AppHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = sealed(house, said())
    async with httpx.AsyncClient() as http:
        assert (await http.post(house.url, **recorded)).status_code == 200
        parsed = watch(monkeypatch, callback, "read")
        assert (await http.post(house.url, **recorded)).status_code == 403
    assert parsed == []
    assert len(house.journal) == 1
