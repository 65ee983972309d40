"""The rules of template cards (page 101032): what WeCom takes, and with which code it refuses the rest."""

import re
from typing import Any

from bot.sandbox.wecom.refusals import Code, Refusal

TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
NOTICES = ("text_notice", "news_notice")
INTERACTIONS = ("button_interaction", "vote_interaction", "multiple_interaction")
MOST = {"button_list": 6, "horizontal_content_list": 6, "select_list": 3, "jump_list": 3}
BUTTON_TEXT = 10
KEY_BYTES = 1024
STYLES = (1, 2, 3, 4)
OBJECTS = ("source", "main_title", "emphasis_content", "card_action", "feedback")
TEXTS = ("title", "desc", "text", "key", "keyname", "value", "url", "sub_title_text", "question_key")


def check_card(card: object, *, updates: str = "") -> dict[str, Any]:
    """Return the card, or refuse it; `updates` is the task id that an update must keep."""
    checked = _object(card, "template_card")
    kind = checked.get("card_type")
    if kind not in (*NOTICES, *INTERACTIONS):
        raise _refused("card_type", "invalid card_type")
    _check_shapes(checked)
    _check_title(checked)
    _check_lengths(checked)
    _check_task_id(checked, needed=kind in INTERACTIONS or "action_menu" in checked, updates=updates)
    _check_kind(checked, kind)
    return checked


def _check_kind(card: dict[str, Any], kind: str) -> None:
    if kind in NOTICES and (card.get("card_action") or {}).get("type") not in (1, 2):
        raise Refusal(
            Code.BAD_CARD_ACTION, "template_card.card_action missing or invalid", rule="card_action"
        )
    if kind == "button_interaction":
        _check_buttons(card)
    if kind == "vote_interaction":
        _check_options(_object(card.get("checkbox"), "checkbox"), most=20)
    if kind == "multiple_interaction":
        for select in _list(card, "select_list", least=1):
            _check_options(select, most=10)
    if kind in ("vote_interaction", "multiple_interaction"):
        _check_button(_object(card.get("submit_button"), "submit_button"))


def _check_buttons(card: dict[str, Any]) -> None:
    for button in _list(card, "button_list", least=1):
        _check_button(button)


def _check_button(button: dict[str, Any]) -> None:
    text, key = button.get("text"), button.get("key")
    if not isinstance(text, str) or not 1 <= len(text) <= BUTTON_TEXT:
        raise _refused("button_text", "button text is 1 to 10 characters")
    if not isinstance(key, str) or not 1 <= len(key.encode()) <= KEY_BYTES:
        raise _refused("button_key", "button key is 1 to 1024 bytes")
    if button.get("style", 1) not in STYLES:
        raise _refused("button_style", "button style is 1 to 4")


def _check_options(question: dict[str, Any], *, most: int) -> None:
    if not question.get("question_key"):
        raise _refused("question_key", "question_key is missing")
    options = _list(question, "option_list", least=1)
    if len(options) > most:
        raise _refused("option_list", f"option_list has 1 to {most} options")
    for option in options:
        _object(option, "option_list")


def _check_shapes(card: dict[str, Any]) -> None:
    for name in OBJECTS:
        _object(card.get(name) or {}, name)
    for name in MOST:
        for entry in _list(card, name):
            _object(entry, name)
    _check_texts(card)


def _check_texts(value: object) -> None:
    """Refuse a text that is no text, however deep it stands."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in TEXTS and not isinstance(inner, str):
                raise _refused("text", f"{name} must be a text")
            _check_texts(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_texts(inner)


def _check_title(card: dict[str, Any]) -> None:
    title = (card.get("main_title") or {}).get("title")
    if not title and not card.get("sub_title_text"):
        raise _refused("main_title", "main_title.title or sub_title_text must be present")


def _check_lengths(card: dict[str, Any]) -> None:
    for name, most in MOST.items():
        if len(_list(card, name)) > most:
            raise _refused(name, f"{name} has at most {most} entries")
    if "action_menu" in card:
        actions = _list(_object(card["action_menu"], "action_menu"), "action_list")
        if not 1 <= len(actions) <= MOST["jump_list"]:
            raise _refused("action_menu", "action_menu has 1 to 3 actions")


def _check_task_id(card: dict[str, Any], *, needed: bool, updates: str) -> None:
    task_id = card.get("task_id", "")
    if updates and task_id != updates:
        raise _refused("update_task_id", "task_id must be that of the clicked card")
    if (needed or task_id) and not (isinstance(task_id, str) and TASK_ID.fullmatch(task_id)):
        raise _refused("task_id", "task_id is 1 to 128 bytes of 0-9 A-Z a-z _ - @")


def _object(value: object, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _refused("card_shape", f"{name} must be an object")
    return value


def _list(card: dict[str, Any], name: str, *, least: int = 0) -> list[Any]:
    value = card.get(name, [])
    if not isinstance(value, list) or len(value) < least:
        raise _refused(name, f"{name} is missing or no list")
    return value


def _refused(rule: str, message: str) -> Refusal:
    return Refusal(Code.BAD_PARAMETER, f"invalid template_card: {message}", rule=f"card.{rule}")
