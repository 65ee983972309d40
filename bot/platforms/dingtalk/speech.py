"""A card as the messages that say it, in one kind of message: split or abridged where it is too long."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.platforms.dingtalk.limits import MOST_BYTES, Kind
from bot.platforms.dingtalk.markdown import plain, size
from bot.platforms.dingtalk.rendering import (
    REPEATED,
    TONES,
    card_lines,
    card_values,
    pressable,
    push_message,
    webhook_body,
)
from bot.platforms.parting import part
from notifier.card import Card
from notifier.delivery import Outgoing


@dataclass(frozen=True, kw_only=True)
class Speech:
    """The messages that say a card, in order; `abridged`: the whole text is to follow as a file (`whole`)."""

    messages: tuple[dict[str, Any], ...]
    abridged: bool = False


def session_speech(out: Outgoing, *, picture: str = "", note: str = "", files: bool = False) -> Speech:
    """Return the bodies for a sessionWebhook (3.2); `files`: a file can follow by the robot API."""

    def write(said: Outgoing, picture: str, note: str) -> dict[str, Any]:
        return webhook_body(said, picture=picture, note=note)

    return _speech(out, write, kind="session", picture=picture, note=note, files=files)


def webhook_speech(out: Outgoing, *, note: str = "") -> Speech:
    """Return the bodies for a group's custom robot (3.6), without `msgUuid`; it can send no file."""

    def write(said: Outgoing, picture: str, note: str) -> dict[str, Any]:
        return webhook_body(said, picture=picture, note=note, hears=False)

    return _speech(out, write, kind="webhook", note=note)


def push_speech(out: Outgoing, *, picture: str = "", note: str = "", files: bool = False) -> Speech:
    """Return msgKey and msgParam of each message for the robot API (3.3, 3.4)."""

    def write(said: Outgoing, picture: str, note: str) -> dict[str, Any]:
        return dict(push_message(said, picture=picture, note=note))

    return _speech(out, write, kind="push", picture=picture, note=note, files=files)


def card_speech(
    out: Outgoing, *, limit: int, picture: str = "", note: str = "", files: bool = False
) -> Speech:
    """Return the values of an interactive card, each of at most `limit` bytes; there is only one of it.

    Buttons that do not fit any more appear as sentences.
    """
    pressed = pressable(out.card.buttons, limit)
    rest = replace(out.card, title="", lines=card_lines(out), buttons=out.card.buttons[len(pressed) :])

    def write(card: Card, below: str) -> dict[str, str]:
        said = replace(out, card=card)
        return card_values(said, limit=limit, pressed=pressed, picture=picture, note=below + note)

    def fits(card: Card, below: str) -> bool:
        return size(write(card, below)["markdown"]) <= limit

    parted = part(rest, fits=fits, files=files, most=1)
    values = write(replace(parted.cards[0], title=out.card.title), parted.note)
    return Speech(messages=(values,), abridged=parted.left > 0)


def plain_speech(out: Outgoing, *, most: int = MOST_BYTES["text"]) -> str:
    """Return the card as plain text of at most `most` bytes: for a DING or a work notification."""

    def write(card: Card, note: str) -> str:
        mark = (REPEATED if out.repeat else "") + TONES[card.tone]
        return plain("\n".join(filter(None, [mark + card.plain_text(), note])))

    parted = part(
        out.card, fits=lambda card, note: len(write(card, note).encode()) <= most, files=False, most=1
    )
    return write(parted.cards[0], parted.note)


Write = Callable[[Outgoing, str, str], dict[str, Any]]


def _speech(
    out: Outgoing, write: Write, *, kind: Kind, picture: str = "", note: str = "", files: bool = False
) -> Speech:
    """Part the card; the first message rings, the last one has the picture and what is said below."""

    def fits(card: Card, below: str) -> bool:
        return _weight(write(replace(out, card=card), picture, below + note), kind) <= MOST_BYTES[kind]

    parted = part(out.card, fits=fits, files=files)
    made = []
    for at, card in enumerate(parted.cards, 1):
        said = replace(out, card=card, mentions=out.mentions if at == 1 else ())
        last = at == len(parted.cards)
        made.append(write(said, picture if last else "", parted.note + note if last else ""))
    return Speech(messages=tuple(made), abridged=parted.left > 0)


def _weight(message: dict[str, Any], kind: Kind) -> int:
    """Return the bytes that DingTalk counts: msgParam of a push, the whole body elsewhere."""
    counted = message["msgParam"] if kind == "push" else json.dumps(message, ensure_ascii=False)
    return len(counted.encode())
