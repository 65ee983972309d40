"""Whatever people type is shown as typed: judged by a Markdown parser (CommonMark, GFM) nobody here wrote.

The platforms' own dialects are smaller; what is no markup for the parser is none for them. Tags like `<font>`
and `<@userid>` are HTML to it.
"""

import json
import unicodedata
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.platforms.dingtalk.speech import card_speech, push_speech, session_speech, webhook_speech
from bot.platforms.wecom.rendering.limits import FORMS, Kind
from bot.platforms.wecom.rendering.speech import speech
from notifier.card import Button, Card, Table
from notifier.delivery import Outgoing
from tests.cards import CARDS, HOSTILE, TEXT

KINDS: tuple[Kind, ...] = get_args(Kind)
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
PLAIN = {"text", "text_special", "softbreak", "hardbreak", "inline", "paragraph_open", "paragraph_close"}
EVERYBODY = ("@all", "@所有人", "@全体")


def out(card: Card, **changes: Any) -> Outgoing:
    """A message to a group."""
    fields: dict[str, Any] = {"id": 1, "key": "k1", "chat_id": "c", "chat_kind": "group", "card": card}
    return Outgoing(**(fields | changes))


def dingtalk(card: Card) -> Iterator[str]:
    """Everything of DingTalk that is Markdown."""
    yield from (body["markdown"]["text"] for body in session_speech(out(card)).messages)
    yield from (body["markdown"]["text"] for body in webhook_speech(out(card)).messages)
    yield from (json.loads(push["msgParam"])["text"] for push in push_speech(out(card)).messages)
    yield card_speech(out(card), limit=1000).messages[0]["markdown"]


def wecom(card: Card) -> Iterator[str]:
    """Everything of WeCom that is Markdown."""
    for kind in KINDS:
        if FORMS[kind].markup:
            yield from (content.data["content"] for content in speech(out(card), kind=kind).messages)


def tokens(text: str) -> Iterator[Token]:
    """All tokens of a text, those inside lines too."""
    for token in PARSER.parse(text):
        yield token
        yield from token.children or ()


@given(lines=st.lists(TEXT, min_size=1, max_size=5))
@example(lines=list(HOSTILE))
@example(lines=["| a | b |", "| --- | --- |", "| 1 | 2 |"])
@example(lines=["题", "==="])
@example(lines=["\t0", "    四格"])
@example(lines=["题", "---"])
@example(lines=["[a]: http://x", "[a]"])
def test_lines_that_people_typed_are_text_and_nothing_else(lines: list[str]) -> None:
    card = Card(lines=tuple(lines))
    for text in (*dingtalk(card), *wecom(card)):
        strange = {token.type for token in tokens(text)} - PLAIN
        assert not strange, (strange, text)
        assert not [word for word in EVERYBODY if word in text], text
    assert not [text for text in wecom(card) if "<@" in text]


@given(
    lines=st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=60),
        min_size=1,
        max_size=4,
    )
)
def test_what_is_shown_is_what_was_typed(lines: list[str]) -> None:
    typed = comparable("".join(lines))
    for text in (*dingtalk(Card(lines=tuple(lines))), *wecom(Card(lines=tuple(lines)))):
        shown = "".join(token.content for token in tokens(text) if token.type in {"text", "text_special"})
        assert comparable(shown) == typed


def comparable(text: str) -> str:
    """A text without space, its full-width twins as the plain characters."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.parametrize("evil", [text for text in HOSTILE if "\u202e" not in text])  # nothing is left of it
def test_titles_tables_and_buttons_are_as_harmless(evil: str) -> None:
    table = Table(header=(evil, "料"), rows=((evil, evil), ("1", evil)))
    card = Card(title=evil, table=table, buttons=(Button(text=evil, say=evil),), number=7)
    harmless = Card(
        title="题",
        table=Table(header=("a", "料"), rows=(("a", "a"), ("1", "a"))),
        buttons=(Button(text="a", say="a"),),
        number=7,
    )
    for written, expected in zip(
        (*dingtalk(card), *wecom(card)), (*dingtalk(harmless), *wecom(harmless)), strict=True
    ):
        assert shape(written) == shape(expected), written
        assert not [word for word in EVERYBODY if word in written], written
    assert not [text for text in wecom(card) if "<@" in text]


def shape(text: str) -> list[str]:
    """The kinds of token in a text, without plain words."""
    return [token.type for token in tokens(text) if token.type not in {"text", "text_special"}]


@given(card=CARDS, mentions=st.lists(TEXT | st.from_regex(r"[A-Za-z0-9]{3,20}", fullmatch=True), max_size=40))
def test_every_kind_of_wecom_message_stays_within_its_bytes_and_rings_only_whom_it_should(
    card: Card, mentions: list[str]
) -> None:
    for kind in KINDS:
        said = speech(out(card, mentions=tuple(mentions)), kind=kind, stream_id="s")
        assert 1 <= len(said.messages) <= 3
        for at, content in enumerate(said.messages):
            assert 0 < len(content.data["content"].encode()) <= FORMS[kind].most
            rung = set(content.data.get("mentioned_list", ())) | tags(content.data["content"])
            assert rung <= (set(mentions) if at == 0 else set())
            assert not {"all", "@all"} & rung


def tags(text: str) -> set[str]:
    """The user ids that a text rings."""
    return {part.partition(">")[0] for part in text.split("<@")[1:]}
