"""What a WeCom client makes of the bot's messages: template cards and media as posts of the world."""

from typing import Any

from bot.sandbox.town import PostKind
from bot.sandbox.wecom.uploads import Uploaded
from bot.sandbox.world import World

STYLES = {1: "primary", 2: "plain", 3: "danger", 4: "plain"}


def card_body(card: dict[str, Any]) -> dict[str, Any]:
    """Return the body of a `card` post; `card` keeps the wire's own shape, `card_type` its kind."""
    title = card.get("main_title") or {}
    lines = [title.get("desc"), _pair(card.get("emphasis_content")), card.get("sub_title_text")]
    lines += [_row(row) for row in card.get("horizontal_content_list", ())]
    lines += [_question(card["checkbox"])] if card["card_type"] == "vote_interaction" else []
    multiple = card["card_type"] == "multiple_interaction"
    lines += [_question(select) for select in card["select_list"]] if multiple else []
    return {
        "title": title.get("title", ""),
        "text": "\n".join(line for line in lines if line),
        "note": (card.get("source") or {}).get("desc", ""),
        "buttons": [*_buttons(card), *_links(card)],
        "card_type": card["card_type"],
        "card": card,
    }


def media_body(world: World, uploaded: Uploaded) -> tuple[PostKind, dict[str, Any]]:
    """Return kind and body of a post that shows an upload; a video is shown as a file."""
    media = world.keep(uploaded.data)
    match uploaded.kind:
        case "image":
            return "image", {"media": media}
        case "voice":
            return "audio", {"media": media, "text": "", "seconds": 0}
        case _:
            return "file", {"media": media, "name": uploaded.name}


def _buttons(card: dict[str, Any]) -> list[dict[str, Any]]:
    match card["card_type"]:
        case "button_interaction":
            pressed = card["button_list"]
        case "vote_interaction" | "multiple_interaction":
            pressed = [card["submit_button"]]
        case _:
            pressed = []
    return [
        {
            "key": button["key"],
            "text": button["text"],
            "style": STYLES.get(button.get("style", 1), "primary"),
            "disabled": False,
            "url": "",
        }
        for button in pressed
    ]


def _links(card: dict[str, Any]) -> list[dict[str, Any]]:
    jumps = [(jump.get("title", ""), jump.get("url", "")) for jump in card.get("jump_list", ())]
    jumps.append(("查看", (card.get("card_action") or {}).get("url", "")))
    return [
        {"key": "", "text": text, "style": "plain", "disabled": False, "url": url}
        for text, url in jumps
        if url
    ]


def _pair(emphasis: dict[str, Any] | None) -> str:
    return " ".join(filter(None, ((emphasis or {}).get("title"), (emphasis or {}).get("desc"))))


def _row(row: dict[str, Any]) -> str:
    return f"{row.get('keyname', '')}：{row.get('value', '')}"


def _question(question: dict[str, Any]) -> str:
    options = " / ".join(str(option.get("text", "")) for option in question.get("option_list", ()))
    return f"{question.get('title', '')} {options}".strip()
