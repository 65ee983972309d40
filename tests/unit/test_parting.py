"""A card that is too long: parts within the limit that say everything, or an abridgement that says so."""

import io
import zipfile
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.parting import IN_FILE, NOT_SHOWN, part
from bot.platforms.whole import sheet, sheet_name
from notifier.card import Button, Card, Table
from tests.cards import CARDS

LIMIT = 900


def bytes_of(card: Card, note: str = "") -> int:
    """The bytes of a card as plain text, as a renderer would count them."""
    return len((card.plain_text() + note).encode())


def fits(card: Card, note: str) -> bool:
    """Whether a card is short enough for this pretend platform."""
    return bytes_of(card, note) <= LIMIT


def said(*cards: Card) -> str:
    """Everything below the titles, without space: what must not get lost."""
    texts = [text for card in cards for text in (*card.lines, *_cells(card), *_sentences(card))]
    return "".join("".join(texts).split())


def _cells(card: Card) -> list[str]:
    return [cell for row in card.table.rows for cell in row] if card.table else []


def _sentences(card: Card) -> list[str]:
    return [text for button in card.buttons for text in (button.text, button.say)]


def test_a_short_card_stays_as_it_is() -> None:
    card = Card(title="报工", lines=("好",), number=3)
    assert part(card, fits=fits, files=True).cards == (card,)


def test_a_long_one_comes_in_numbered_parts_and_its_buttons_and_number_in_the_last() -> None:
    button = Button(text="接", say="接 A-1")
    card = Card(
        title="缺料", lines=tuple(f"第 {at} 行 {'料' * 20}" for at in range(25)), buttons=(button,), number=7
    )
    cards = part(card, fits=fits, files=True).cards
    assert [it.title for it in cards] == ["缺料（1/3）", "缺料（2/3）", "缺料（3/3）"]
    assert [it.buttons for it in cards] == [(), (), (button,)]
    assert [it.number for it in cards] == [None, None, 7]
    assert sum((it.lines for it in cards), ()) == card.lines


def test_a_table_keeps_its_header_in_every_part() -> None:
    table = Table(header=("料号", "数量"), rows=tuple((f"R-{at:04}", "很多" * 6) for at in range(45)))
    cards = part(Card(title="库存", table=table), fits=fits, files=True).cards
    assert len(cards) == 3
    assert all(card.table and card.table.header == table.header for card in cards)
    assert sum((card.table.rows for card in cards if card.table), ()) == table.rows


@pytest.mark.parametrize(("files", "words"), [(True, IN_FILE), (False, NOT_SHOWN)])
def test_beyond_three_parts_it_is_abridged_and_says_how_much_is_left_out(
    files: bool,  # noqa: FBT001 (a case of the table)
    words: str,
) -> None:
    card = Card(title="盘点", lines=tuple(f"第 {at} 行" for at in range(900)), number=1)
    parted = part(card, fits=fits, files=files)
    (short,) = parted.cards
    assert short.lines == card.lines[: len(short.lines)]
    assert parted.left == 900 - len(short.lines)
    assert parted.note == words.format(count=parted.left)
    assert fits(short, parted.note)
    assert short.number == 1


def test_an_abridged_card_can_still_be_pressed() -> None:
    button = Button(text="接", say="接 A-1")
    card = Card(title="盘点", lines=("很长的一行",) * 900, buttons=(button,))
    assert part(card, fits=fits, files=True).cards[0].buttons == (button,)


@pytest.mark.parametrize("text", ["焊" * 500, "报 @张三 " * 90, "a, " * 600, "👩🏻\u200d🏭" * 120])
def test_one_long_line_is_cut_at_a_comma_or_before_a_name_never_inside_a_character(text: str) -> None:
    cards = part(Card(title="说", lines=(text,)), fits=fits, files=True).cards
    assert len(cards) > 1
    pieces = [line for card in cards for line in card.lines]
    assert "".join(pieces) == text
    assert not any(piece.endswith(("@", "@张", "\u200d", "👩")) for piece in pieces)


@given(card=CARDS, files=st.booleans())
def test_every_part_fits_and_nothing_is_lost(card: Card, files: bool) -> None:  # noqa: FBT001 (given by name)
    parted = part(card, fits=fits, files=files)
    assert 1 <= len(parted.cards) <= 3
    assert all(fits(one, parted.note) for one in parted.cards)
    if parted.left:
        assert str(parted.left) in parted.note
    else:
        assert not Counter(said(card)) - Counter(said(*parted.cards))


def test_the_whole_text_goes_as_a_sheet_of_texts_without_formulas_or_links() -> None:
    table = Table(header=("料号", "数量"), rows=(('=cmd|"/c calc"!A0', "+1"), ("http://x.cn", "@SUM(A1)")))
    card = Card(title="库存/盘点 11:20", lines=("=1+1", "焊" * 40_000 + "铆" * 30_000), table=table)
    assert sheet_name(card) == "库存_盘点_11_20.xlsx"
    assert sheet_name(Card()) == "全文.xlsx"
    with zipfile.ZipFile(io.BytesIO(sheet(card))) as book:
        page = book.read("xl/worksheets/sheet1.xml").decode()
        words = book.read("xl/sharedStrings.xml").decode()
        links = [name for name in book.namelist() if "rels" in name and "sheet1" in name]
    assert "<f>" not in page
    assert not links
    assert (words.count("焊"), words.count("铆")) == (40_000, 30_000)
    assert '=cmd|"/c calc"!A0' in words.replace("&quot;", '"')


@given(card=CARDS)
def test_a_sheet_is_made_of_anything(card: Card) -> None:
    assert sheet(card)[:2] == b"PK"
    assert "/" not in sheet_name(card)
