"""A Card as DingTalk shows it: Markdown for a session or a push, values for an interactive card."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.platforms.dingtalk.limits import MOST_MENTIONS, TITLE
from bot.platforms.dingtalk.markdown import NEWLINE, cut, escape, lines_of, plain, size
from bot.platforms.parting import labelled
from notifier.card import Button, Card
from notifier.delivery import ChatKind, Outgoing

TONES = {"plain": "", "good": "✅ ", "warn": "⚠️ ", "bad": "🚨 "}
COLORS = {"primary": "blue", "plain": "gray", "danger": "red"}
REPEATED = "（重发）"
NO_PICTURE = "（图片没有传上去）"
_STAFF_ID = re.compile(r"[\w.@\-]{1,64}", re.ASCII)  # "external:..." has a colon and is none


def title_of(out: Outgoing) -> str:
    """Return the plain title: what the phone's notification and the chat list show."""
    card = out.card
    first = card.title or next(iter(card.lines), "") or "班长"
    return cut(" ".join(plain(first).split()), TITLE) or "班长"


def card_lines(out: Outgoing) -> tuple[str, ...]:
    """Return the lines of an interactive card: a title that is cut above them is their first, whole."""
    whole = size(" ".join(plain(out.card.title).split())) <= TITLE
    return out.card.lines if whole else (out.card.title, *out.card.lines)


def body_lines(card: Card) -> list[str]:
    """Return the card's lines and table, escaped, without title and buttons."""
    lines = lines_of(card.lines)
    if card.table:
        lines += [f"- {_row(cells)}" for cells in labelled(card.table)]
    return lines


def _row(cells: Sequence[str]) -> str:
    """Return a row of a table, which DingTalk does not show: its first cell in bold, the others named."""
    first, *others = map(escape, cells)
    return "　".join([f"**{first}**" if first else "—", *others])


def sentences(buttons: Sequence[Button], *, chat_kind: ChatKind, hears: bool = True) -> list[str]:
    """Return buttons as what to say instead of pressing them; a group is heard only when it mentions us.

    `hears` is False for a group's custom robot: the bot is another one there.
    """
    how = "请说" if chat_kind == "direct" else "请 @我 说" if hears else "请 @班长 说"
    return [f"{n}. {escape(b.text)} → {how}「{escape(b.say)}」" for n, b in enumerate(buttons, 1)]


def markdown_of(
    out: Outgoing, *, picture: str = "", note: str = "", mentions: Sequence[str] = (), hears: bool = True
) -> str:
    """Return everything the card says as Markdown, however long; `picture` is a media id."""
    card = out.card
    mark = REPEATED if out.repeat else ""
    head = [f"#### {TONES[card.tone]}{escape(card.title)}{mark}"] if card.title else [mark] if mark else []
    said = sentences(card.buttons, chat_kind=out.chat_kind, hears=hears)
    tail = [f"![]({picture})"] if picture else []
    tail += [note] if note else []
    tail += [f"—— #{card.number}"] if card.number is not None else []
    tail += [" ".join(f"@{user}" for user in mentions)] if mentions else []
    return NEWLINE.join([*head, *body_lines(card), *said, *tail]) or escape(title_of(out))


def mentions_of(out: Outgoing) -> list[str]:
    """Return the staff ids to ring: in a group, each once, nobody from outside, never everybody."""
    named = dict.fromkeys(out.mentions) if out.chat_kind == "group" else ()
    return [user for user in named if _STAFF_ID.fullmatch(user) and user.lower() != "all"][:MOST_MENTIONS]


def webhook_body(out: Outgoing, *, picture: str = "", note: str = "", hears: bool = True) -> dict[str, Any]:
    """Return the body for a sessionWebhook or custom robot; rings who is mentioned, never everybody."""
    mentions = mentions_of(out)
    text = markdown_of(out, picture=picture, note=note, mentions=mentions, hears=hears)
    return {
        "msgtype": "markdown",
        "markdown": {"title": title_of(out), "text": text},
        "at": {"atUserIds": mentions, "isAtAll": False},
    }


def push_message(out: Outgoing, *, picture: str = "", note: str = "") -> dict[str, str]:
    """Return msgKey and msgParam for the robot API; a picture alone goes as a picture. No @ is possible."""
    if picture and not note and not (out.card.title or out.card.lines or out.card.table or out.card.buttons):
        return message("sampleImageMsg", photoURL=picture)
    text = markdown_of(out, picture=picture, note=note)
    return message("sampleMarkdown", title=title_of(out), text=text)


def message(key: str, **parameters: str) -> dict[str, str]:
    """Return a message of the robot API: msgParam is JSON in a string."""
    return {"msgKey": key, "msgParam": json.dumps(parameters, ensure_ascii=False)}


def fits_card(out: Outgoing, *, limit: int) -> bool:
    """Whether the card's text and buttons fit the values of an interactive card whole."""
    text = NEWLINE.join(body_lines(replace(out.card, lines=card_lines(out))))
    return size(text) <= limit and len(pressable(out.card.buttons, limit)) == len(out.card.buttons)


def card_values(
    out: Outgoing, *, limit: int, pressed: Sequence[Button] = (), picture: str = "", note: str = ""
) -> dict[str, str]:
    """Return cardParamMap, every value a string, `markdown` however long; an update overwrites all four.

    `pressed` are its buttons; those of the card of `out` appear as sentences to say.
    """
    card = out.card
    lines = [*body_lines(card), *sentences(card.buttons, chat_kind=out.chat_kind)]
    lines += [f"![]({picture})"] if picture else []
    return {
        "title": cut(TONES[card.tone] + title_of(out), limit),
        "markdown": NEWLINE.join(filter(None, [*lines, note])),
        "tips": f"#{card.number}" if card.number is not None else "",
        "sys_full_json_obj": _buttons_json(pressed),
    }


def pressable(buttons: Sequence[Button], limit: int) -> Sequence[Button]:
    """Return as many of the buttons, from the first, as fit into `limit` bytes."""
    shown = list(buttons)
    while shown and len(_buttons_json(shown).encode()) > limit:
        shown.pop()
    return shown


def _buttons_json(buttons: Sequence[Button]) -> str:
    made = [_button(n, button) for n, button in enumerate(buttons, 1)]
    return json.dumps({"msgButtons": made}, ensure_ascii=False, separators=(",", ":"))


def _button(number: int, button: Button) -> dict[str, Any]:
    """Return a button that calls back (`request`) with our sentence and guard in its parameters."""
    params = {"id": str(number), "say": plain(button.say), "guard": plain(button.guard)}
    text, color = cut(plain(button.text), TITLE), COLORS[button.style]
    return {"text": text, "color": color, "request": True, "params": params}


def card_creation(
    out: Outgoing, values: dict[str, str], *, track: str, template: str, robot: str
) -> dict[str, Any]:
    """Return the body of createAndDeliver: a card in the group or in the person's direct chat."""
    return {
        "cardTemplateId": template,
        "outTrackId": track,
        "callbackType": "STREAM",
        "cardData": {"cardParamMap": values},
        "userIdType": 1,
        **(_group_space(out, robot) if out.chat_kind == "group" else _direct_space(out, robot)),
    }


def _group_space(out: Outgoing, robot: str) -> dict[str, Any]:
    deliver: dict[str, Any] = {"robotCode": robot}
    if mentions := mentions_of(out):
        deliver["atUserIds"] = {user: user for user in mentions}
    return {
        "openSpaceId": f"dtv1.card//IM_GROUP.{out.chat_id}",
        "imGroupOpenSpaceModel": {"supportForward": False},
        "imGroupOpenDeliverModel": deliver,
    }


def _direct_space(out: Outgoing, robot: str) -> dict[str, Any]:
    return {
        "openSpaceId": f"dtv1.card//IM_ROBOT.{out.chat_id}",
        "imRobotOpenSpaceModel": {"supportForward": False},
        "imRobotOpenDeliverModel": {"spaceType": "IM_ROBOT", "robotCode": robot},
    }


def card_update(values: dict[str, str], *, track: str) -> dict[str, Any]:
    """Return the body that changes a card which stands already; only the named values, never the rest."""
    return {
        "outTrackId": track,
        "cardData": {"cardParamMap": values},
        "cardUpdateOptions": {"updateCardDataByKey": True},
    }


def card_response(values: dict[str, str]) -> dict[str, Any]:
    """Return the same change as the answer to a pressed button (no API call)."""
    return {
        "cardData": {"cardParamMap": values},
        "cardUpdateOptions": {"updateCardDataByKey": True, "updatePrivateDataByKey": True},
    }
