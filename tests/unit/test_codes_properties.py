"""What holds for any text: our own codes survive, nothing raises, nothing takes long."""

import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.codes import Ambiguous, Code, Kind, Plain, Unreadable, read, read_lines, write
from domain.codes.own import LETTERS, MORE

PROMISED_SECONDS = 0.005  # S3: 4 KB of anything
WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=5)
QUANTITIES = st.none() | st.decimals(0, 10**11, places=3)
TOKENS = [
    *(
        "[)>",
        ">[)>",
        "06",
        "05",
        "\x1d",
        "\x1e",
        "\x04",
        "␝",
        "{GS}",
        "^]",
        "^",
        "|",
        "@",
        " ",
        "]C1",
        "]d2",
        "(01)",
    ),
    *(
        "(10)",
        "01",
        "07032069804988",
        "10",
        "21",
        "11",
        "17",
        "271231",
        "30",
        "37",
        "240",
        "P",
        "1P",
        "Q",
        "1T",
        "4L",
    ),
    *(
        "9D",
        "K",
        "11K",
        "1K",
        "30P",
        "14K",
        "BZ1:",
        "WO:",
        "LT:",
        "*",
        "%",
        "%3A",
        "{pbn:",
        "pc:",
        "C1",
        ",",
        "qty:",
    ),
    *("https://id.gs1.org/01/", "/10/", "?17=", "A", "0", "1", "ﷺ", "\ud800", "（", "\r\n", "٣"),
]
SOUP = st.lists(st.sampled_from(TOKENS), max_size=900).map("".join)
REPEATED = st.builds(lambda head, tail, times: (head + tail * times)[:4096], SOUP, SOUP, st.integers(0, 1000))


@given(
    kind=st.sampled_from(sorted(LETTERS)),
    value=WORDS,
    more=st.lists(WORDS, min_size=4, max_size=4),
    data=QUANTITIES,
)
def test_our_own_code_comes_back_as_it_was(
    kind: Kind, value: str, more: list[str], data: Decimal | None
) -> None:
    names = [name for name in MORE.get(kind, ()) if name != "quantity"]
    said = dict(zip(names, more, strict=False))
    quantity = data if "quantity" in MORE.get(kind, ()) else None
    reading = read(write(kind, value, quantity=quantity, **said))
    assert isinstance(reading, Code)
    assert (reading.kind, reading.value, reading.quantity, reading.repaired) == (kind, value, quantity, False)
    assert {name: getattr(reading, name) for name in names} == said


@given(value=WORDS, place=st.integers(0, 60), sign=st.characters(min_codepoint=33, max_codepoint=126))
def test_one_wrong_letter_never_becomes_another_thing(value: str, place: int, sign: str) -> None:
    text = write(Kind.ORDER, value)
    place %= len(text)
    reading = read(text[:place] + sign + text[place + 1 :])
    right = [reading] if isinstance(reading, Code) else []
    assert all(code.kind is Kind.ORDER and code.value == value for code in right)


@pytest.mark.parametrize(
    "damaged",
    [
        "bz1:wo:wo-1001*19",
        "ＢＺ１：ＷＯ：ＷＯ－１００１＊１９",
        "BZ1：WO：WO-1001*19",
        " BZ1: WO: WO-1001 * 19\r\n",
        "BZ1;WO;WO-1001*19",
    ],
)
def test_damage_that_the_check_proves_is_repaired(damaged: str) -> None:
    reading = read(damaged)
    assert isinstance(reading, Code)
    assert (reading.value, reading.repaired) == ("WO-1001", True)


def test_an_own_code_without_its_check_is_a_question() -> None:
    reading = read("BZ1:LT:L-1:M-1::50")
    assert isinstance(reading, Ambiguous)
    assert (reading.reason, reading.candidates[0].quantity) == ("no_check", Decimal(50))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: write(Kind.PART, "X"),
        lambda: write(Kind.LOT, ""),
        lambda: write(Kind.STATION, "ST-1", material="M"),
        lambda: write(Kind.LOT, "L", quantity=Decimal(-1)),
        lambda: write(Kind.LOT, "L", quantity=Decimal("NaN")),
        lambda: write(Kind.LOT, "L" * 501),
    ],
)
def test_what_no_label_can_carry_is_refused(wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises(ValueError):  # noqa: PT011 (the class is the contract, the text is for programmers)
        wrong()


@pytest.mark.timed
@settings(max_examples=1500, deadline=None)
@given(st.one_of(SOUP, REPEATED, st.text(max_size=4096)).map(lambda text: text[:4096]))
def test_anything_is_read_without_raising_and_in_time(text: str) -> None:
    reading = read(text)
    assert isinstance(reading, Code | Plain | Ambiguous | Unreadable)
    assert reading.raw == text
    assert _cost(text) <= PROMISED_SECONDS


@given(st.text(max_size=4096))
def test_any_pasted_list_is_read_without_raising(text: str) -> None:
    assert all(reading.raw for reading in read_lines(text))


NASTY = [
    "[)>06" + "P1" * 140,
    "[)>06P" + "1P" * 140,
    "[)>06" + "P1PQ1T4LK" * 32,
    "[)> " + "06 P1" * 200,
    "[)>06 " + "K1 " * 390,
    "]C1" + "0107032069804988" + "10" * 240,
    "]C110" + "1021" * 120,
    "]C1" + "1121" * 127,
    "(10)1" * 102,
    "(01)07032069804988" * 28,
    "BZ1:LT:" + "ﷺ" * 990,
    "BZ1:WO:" + "%" * 990,
    "{pbn:" * 800,
    "pbn:,pc:" * 500,
    "{" + " " * 4000 + "pbn",
    "https://id.gs1.org/01/07032069804988?" + "10=A&" * 190,
    "https://id.gs1.org/" + "/" * 1000,
    "_x001D_" * 580,
    "^" * 4096,
    "\\" * 4096,
    "ﷺ" * 4096,
    "٣" * 4096,
]


@pytest.mark.timed
@pytest.mark.timed
@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_texts_made_to_be_slow_are_not(text: str) -> None:
    read(text)
    assert _cost(text) <= PROMISED_SECONDS


def _cost(text: str) -> float:
    """Return the processor seconds of this thread (not of its neighbours), the best of up to five."""
    best = PROMISED_SECONDS * 2
    for _ in range(5):
        before = time.thread_time()
        read(text)
        best = min(best, time.thread_time() - before)
        if best <= PROMISED_SECONDS:
            break
    return best
