"""Card templates: how their parameters look on the page, and which buttons call back."""

import json
from typing import Any

from bot.sandbox.dingtalk.speech import Unreadable

MARKDOWN = "589420e2-c1e2-46ef-a5ed-b8728e654da9.schema"
MARKDOWN_BUTTONS = "1366a1eb-bc54-4859-ac88-517c56a9acb1.schema"
AI = "382e4302-551d-4880-bf29-a30acfab2e71.schema"
COLORS = {"blue": "primary", "red": "danger"}


def card_body(template: str, param: dict[str, str]) -> dict[str, Any]:
    """Return the post body of a card; raises Unreadable where the parameters are wrong."""
    buttons = [] if template == MARKDOWN else _buttons(param.get("sys_full_json_obj", ""))
    text = param.get("msgContent", "") if template == AI else param.get("markdown", "")
    title = param.get("msgTitle", "") if template == AI else param.get("title", "")
    note = param.get("tips", "")
    kept = {"template": template, "param": param}
    return {"title": title, "text": text, "note": note, "buttons": buttons} | kept


def _buttons(text: str) -> list[dict[str, Any]]:
    try:
        listed = json.loads(text or "{}")["msgButtons"] if text else []
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable("sys_full_json_obj") from error
    if not isinstance(listed, list):
        raise Unreadable("msgButtons")
    return [_button(number, button) for number, button in enumerate(listed, 1)]


def _button(number: int, button: Any) -> dict[str, Any]:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str) or not button["text"]:
        raise Unreadable(f"msgButtons {number}")
    params = button.get("params", {})
    if not isinstance(params, dict):
        raise Unreadable(f"msgButtons {number} params")
    style = COLORS.get(str(button.get("color")), "plain")
    shown = {"key": str(number), "text": button["text"], "style": style}
    if button.get("request") is True:
        action = str(button.get("id") or number)
        return shown | {"action": action, "params": params or {"id": action}}
    return shown | {"url": str(button.get("url", ""))}
