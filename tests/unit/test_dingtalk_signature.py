"""DingTalk's signatures: the vectors of its pages, and a gate that opens to nothing else."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.dingtalk.signature import COMPANY, Gate, card_sign, robot_sign
from domain.clock import FixedClock

SECRET = "this is a secret"
SEALED = partial(robot_sign, SECRET)


def stamp(clock: FixedClock, *, seconds: float = 0) -> str:
    return str(round((clock.now() + timedelta(seconds=seconds)).timestamp() * 1000))


@pytest.mark.parametrize(
    ("secret", "sign"),
    [
        ("this is a secret", "DJrE6qdyVGCQz9z5r2MDuNcNAhwYnuAkyj13cx169CA="),
        ("SECabc", "I5TKCOTTj6fad4sJ4q9RsIffw0PAChVQZQGTdtRbNEQ="),
    ],
)
def test_a_robots_signature_is_that_of_the_vectors(secret: str, sign: str) -> None:
    assert robot_sign(secret, "1577262236757") == sign


def test_a_cards_signature_is_another_one() -> None:
    assert card_sign(SECRET, "1577262236757") != robot_sign(SECRET, "1577262236757")


@pytest.mark.parametrize(
    ("seconds", "good"), [(0, True), (-3599, True), (3599, True), (-3601, False), (3601, False)]
)
def test_a_signature_is_good_for_an_hour(clock: FixedClock, seconds: float, *, good: bool) -> None:
    at = stamp(clock, seconds=seconds)
    assert Gate(clock).stamp_is_good(at, SEALED(at), sealed=SEALED) is good


@given(timestamp=st.text(max_size=40), sign=st.text(max_size=200))
def test_nothing_that_was_made_up_opens_the_gate(timestamp: str, sign: str) -> None:
    clock = FixedClock(datetime(2026, 3, 2, 4, tzinfo=UTC))
    gate = Gate(clock)
    assert not gate.stamp_is_good(timestamp, sign, sealed=SEALED)
    assert not gate.stamp_is_good(stamp(clock), sign, sealed=SEALED)


def test_a_signature_serves_its_own_messages_and_after_a_while_no_others(clock: FixedClock) -> None:
    gate, sign = Gate(clock), SEALED(stamp(clock))
    assert not gate.is_replay(sign, b"one")
    gate.remember(sign, b"one")
    assert gate.is_known(sign, b"one")
    assert not gate.is_replay(sign, b"two")  # of the same millisecond
    clock.advance(timedelta(seconds=COMPANY + 1))
    assert gate.is_replay(sign, b"two")
    assert not gate.is_replay(sign, b"one")
