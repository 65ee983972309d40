"""A card with buttons as a `button_interaction` template card, if everything it says fits.

The same card serves the AI bot (101032) and the self-built app (90236). Nothing in it is Markdown; what is
longer than `limits` goes out as text with sentences to say (`speech`).
"""

import re
from typing import Any, Final

from bot.platforms.wecom import keys
from bot.platforms.wecom.rendering.limits import (
    BUTTON_TEXT,
    KEY_NAME,
    MOST_BUTTONS,
    MOST_ROWS,
    SUBTITLE,
    TITLE,
    VALUE,
)
from bot.platforms.wecom.rendering.words import REPEATED, marked
from notifier.card import Button, ButtonStyle, Card

GREY: Final = 4
_STYLE: Final[dict[ButtonStyle, int]] = {"primary": 1, "plain": 2, "danger": 3}
_PAIR: Final = re.compile(rf"^([^：:\n]{{1,{KEY_NAME}}})[：:]\s*(\S.{{0,{VALUE - 1}}})$")

Template = dict[str, Any]


def render(card: Card, *, task_id: str, repeat: int = 0) -> Template | None:
    """Return the template card, or None if the card has no buttons or says more than fits."""
    buttons = _buttons(card.buttons)
    body = _body(card, repeat=repeat) if buttons else None
    if body is None:
        return None
    return {"card_type": "button_interaction", **body, "button_list": buttons, "task_id": task_id}


def concluded(card: Card, *, task_id: str) -> Template | None:
    """Return a card whose buttons have done their work: one grey button; None if it says more than fits."""
    body = _body(card, repeat=0)
    grey = [_grey("已处理")]
    return body and {"card_type": "button_interaction", **body, "button_list": grey, "task_id": task_id}


def pressed(shown: Template, *, key: str) -> Template:
    """Return the shown card after a button was pressed.

    The buttons that were made for the same state (same guard) have had their time: one grey button stays in
    their place and says which it was. A button without guard only turns grey and may be pressed again.
    """
    buttons: list[dict[str, Any]] = shown["button_list"]
    chosen = next((button for button in buttons if button["key"] == key), None)
    if chosen is None:
        return shown
    guard = _guard(chosen)
    if not guard:
        return {**shown, "button_list": [{**b, "style": GREY} if b is chosen else b for b in buttons]}
    others = [button for button in buttons if _guard(button) != guard]
    return {**shown, "button_list": [_grey(f"✓ {chosen['text']}"), *others]}


def _body(card: Card, *, repeat: int) -> Template | None:
    """Return title and texts in the fields of the template, or None if they do not fit or nothing is said."""
    lines = [line.strip() for text in card.lines for line in text.splitlines() if line.strip()]
    title = card.title.strip() or (lines.pop(0) if lines else "")
    title = _marked(card, title, repeat=repeat)
    pairs = [match.groups() for line in lines if (match := _PAIR.match(line))]
    free = "\n".join(line for line in lines if not _PAIR.match(line))
    if not title or len(title) > TITLE or len(free) > SUBTITLE or len(pairs) > MOST_ROWS or card.table:
        return None
    body: Template = {"main_title": {"title": title}}
    if card.number is not None:
        body["main_title"]["desc"] = f"#{card.number}"
    if free:
        body["sub_title_text"] = free
    if pairs:
        body["horizontal_content_list"] = [{"keyname": name, "value": value} for name, value in pairs]
    return body


def _marked(card: Card, title: str, *, repeat: int) -> str:
    """Return the title behind its marks; the mark of tone goes first where there is no room for it."""
    whole = marked(card, title, repeat=repeat) if title else ""
    return whole if len(whole) <= TITLE else (REPEATED if repeat else "") + title


def _buttons(buttons: tuple[Button, ...]) -> list[dict[str, Any]]:
    """Return the button list, or nothing if there are too many, or some could not be told apart."""
    made = [_button(button) for button in buttons]
    distinct = (
        len({button["key"] for button in made}) == len({button["text"] for button in made}) == len(made)
    )
    short = all(len(button["key"].encode()) <= keys.MOST_BYTES for button in made)
    return made if distinct and short and len(made) <= MOST_BUTTONS else []


def _button(button: Button) -> dict[str, Any]:
    key = keys.write(keys.Pressed(say=button.say, guard=button.guard))
    return {"text": _short(button.text), "style": _STYLE[button.style], "key": key}


def _grey(text: str) -> dict[str, Any]:
    return {"text": _short(text), "style": GREY, "key": keys.NOOP}


def _short(text: str) -> str:
    return text if len(text) <= BUTTON_TEXT else text[: BUTTON_TEXT - 1] + "…"


def _guard(button: dict[str, Any]) -> str:
    known = keys.read(button["key"])
    return known.guard if known else ""
