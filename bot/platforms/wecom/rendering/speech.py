"""A card as the messages that say it, in one kind of message: split or abridged where it is too long.

Every door writes through `speech`; a card with buttons is first tried as a template card (`cards.render`).
"""

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.platforms.parting import MOST_PARTS, part
from bot.platforms.wecom.rendering import markdown, plain
from bot.platforms.wecom.rendering.content import Content
from bot.platforms.wecom.rendering.limits import FORMS, MOST_MENTIONS, Form, Kind
from bot.platforms.wecom.rendering.words import ask
from notifier.card import Card
from notifier.delivery import Outgoing

_USER_ID: Final = re.compile(r"[0-9A-Za-z_.\-][0-9A-Za-z_.@\-]{0,63}", re.ASCII)  # page 96255


@dataclass(frozen=True, kw_only=True)
class Speech:
    """The messages that say a card, in order; `abridged`: the whole text is to follow as a file (`whole`)."""

    messages: tuple[Content, ...]
    abridged: bool = False


def speech(
    out: Outgoing, *, kind: Kind, files: bool = False, stream_id: str = "", most: int = MOST_PARTS
) -> Speech:
    """Return at most `most` messages of this kind, each within its bytes; the first one rings.

    `files`: this door can send a file after them, so that nothing needs to be left out. `stream_id` names
    the bubble of a stream; the parts after the first get names of their own.
    """
    form = FORMS[kind]

    whole = _text(out, out.card, form=form, note="")

    def fits(card: Card, note: str) -> bool:
        text = whole if card is out.card and not note else _text(out, card, form=form, note=note)
        return len(text.encode()) <= form.most

    parted = part(out.card, fits=fits, files=files, most=most)
    made = []
    for at, card in enumerate(parted.cards):
        says = out if at == 0 else replace(out, mentions=())
        text = whole if card is out.card else _text(says, card, form=form, note=parted.note)
        made.append(_content(says, text, form=form, stream_id=f"{stream_id}-{at}" if at else stream_id))
    return Speech(messages=tuple(made), abridged=parted.left > 0)


def text_of(out: Outgoing, *, kind: Kind) -> str:
    """Return the text of one message, for envelopes that hold no more (the passive XML answer)."""
    return str(speech(out, kind=kind, most=1).messages[0].data["content"])


def mentions_of(out: Outgoing) -> tuple[str, ...]:
    """Return the user ids to ring: in a group, each once, never everybody."""
    named = dict.fromkeys(out.mentions) if out.chat_kind == "group" else ()
    known = [user for user in named if _USER_ID.fullmatch(user) and user.lower() != "all"]
    return tuple(known[:MOST_MENTIONS])


def _text(out: Outgoing, card: Card, *, form: Form, note: str) -> str:
    asks = ask(out.chat_kind, hears=form.hears)
    if not form.markup:
        return plain.write(card, repeat=out.repeat, asks=asks, note=note) or "班长"
    mentions = mentions_of(out) if form.rings == "tag" else ()
    made = markdown.write(
        card, repeat=out.repeat, tables=form.tables, asks=asks, note=note, mentions=mentions
    )
    return made or "班长"


def _content(out: Outgoing, text: str, *, form: Form, stream_id: str) -> Content:
    if form.msgtype == "stream":
        return Content.stream(text, stream_id=stream_id)
    data: dict[str, Any] = {"content": text}
    if form.rings == "list" and (mentions := mentions_of(out)):
        data["mentioned_list"] = list(mentions)
    return Content(kind=form.msgtype, data=data)
