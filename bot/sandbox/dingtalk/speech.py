"""What the robot says (webhook msgtypes, msgKeys), as posts of the world."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.dingtalk import names
from bot.sandbox.dingtalk.shapes import an_object, objects, texts
from bot.sandbox.town import PostKind, Resident
from bot.sandbox.world import World

Reader = Callable[[dict[str, Any]], tuple[PostKind, dict[str, Any]]]
_MEDIA_IN_TEXT = re.compile(r"\((@lADP[\w-]+)\)")


class Unreadable(ValueError):
    """The message cannot be shown: what is missing or wrong."""


@dataclass(frozen=True, kw_only=True)
class Saying:
    """A post to be: kind, body, mentions (resident ids)."""

    kind: PostKind
    body: dict[str, Any]
    mentions: tuple[str, ...] = ()


def mention(world: World, text: str, user_ids: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """Render mentions: only `@userId` in the text whose id was also named becomes one (server docs)."""
    found: list[Resident] = []
    for user_id in user_ids:
        person = world.by_user_id("dingtalk", user_id)
        if person is not None and f"@{user_id}" in text:
            text = text.replace(f"@{user_id}", f"@{person.name}")
            found.append(person)
    return text, tuple(person.id for person in found)


def webhook_saying(world: World, body: dict[str, Any]) -> Saying:
    """Read a sessionWebhook body; raises Unreadable."""
    at = an_object(body.get("at"))
    user_ids = texts(at.get("atUserIds"))
    kind, content = _webhook_content(body)
    text, mentions = mention(world, content.get("text", ""), user_ids)
    if at.get("isAtAll"):
        text = f"@所有人 {text}"
    return Saying(kind=kind, body=content | {"text": _with_media(text)}, mentions=mentions)


def _webhook_content(body: dict[str, Any]) -> tuple[PostKind, dict[str, Any]]:
    msgtype = body.get("msgtype")
    part = body.get(str(msgtype))
    if msgtype not in ("text", "markdown", "link", "actionCard", "feedCard") or not isinstance(part, dict):
        raise Unreadable(f"msgtype {msgtype}")
    if msgtype == "text":
        return "text", {"text": _need(part, "content"), "images": []}
    if msgtype == "markdown":
        return "markdown", {"title": _need(part, "title"), "text": _need(part, "text")}
    if msgtype == "link":
        return "markdown", _link(part)
    if msgtype == "actionCard":
        return "card", _action_card(part)
    links = (
        f"- [{_need(link, 'title')}]({_need(link, 'messageURL')})" for link in objects(part.get("links"))
    )
    return "markdown", {"title": "", "text": "\n".join(links)}


def _link(part: dict[str, Any]) -> dict[str, Any]:
    title = _need(part, "title")
    url = str(part.get("messageUrl") or part.get("messageURL"))
    return {"title": title, "text": f"[{title}]({url})\n\n{_need(part, 'text')}"}


def _action_card(part: dict[str, Any]) -> dict[str, Any]:
    buttons = [(button.get("title"), button.get("actionURL")) for button in objects(part.get("btns"))]
    if part.get("singleTitle"):
        buttons = [(part["singleTitle"], part.get("singleURL"))]
    return _url_card(_need(part, "title"), _need(part, "text"), buttons)


def _url_card(title: str, text: str, buttons: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    shown = [
        {"key": str(number), "text": str(label), "style": "plain", "url": str(url)}
        for number, (label, url) in enumerate(buttons, 1)
    ]
    return {"title": title, "text": text, "note": "", "buttons": shown}


def param_saying(key: str, param: dict[str, Any]) -> Saying:
    """Read msgKey and msgParam; raises Unreadable."""
    reader = _READERS.get(key)
    if reader is None:
        raise Unreadable(f"msgKey {key}")
    kind, body = reader(param)
    if "text" in body:
        body["text"] = _with_media(body["text"])
    return Saying(kind=kind, body=body)


def _image(param: dict[str, Any]) -> tuple[PostKind, dict[str, Any]]:
    url = _need(param, "photoURL")
    media = names.media_of(url)
    return "image", {"media": media} if media else {"media": "", "url": url}


def _file(param: dict[str, Any]) -> tuple[PostKind, dict[str, Any]]:
    if param.get("fileType") not in ("xlsx", "pdf", "zip", "rar", "doc", "docx"):
        raise Unreadable(f"fileType {param.get('fileType')}")
    return "file", {"media": _media(param, "mediaId"), "name": _need(param, "fileName")}


def _audio(param: dict[str, Any]) -> tuple[PostKind, dict[str, Any]]:
    seconds = int(_need(param, "duration")) // 1000
    return "audio", {"media": _media(param, "mediaId"), "text": "", "seconds": seconds}


def _many_actions(count: int) -> Reader:
    def read(param: dict[str, Any]) -> tuple[PostKind, dict[str, Any]]:
        pairs = [
            (_need(param, f"actionTitle{n}"), _need(param, f"actionURL{n}")) for n in range(1, count + 1)
        ]
        return "card", _url_card(_need(param, "title"), _need(param, "text"), pairs)

    return read


def _one_action(param: dict[str, Any]) -> tuple[PostKind, dict[str, Any]]:
    pair = (_need(param, "singleTitle"), _need(param, "singleURL"))
    return "card", _url_card(_need(param, "title"), _need(param, "text"), [pair])


def _two_buttons(param: dict[str, Any]) -> tuple[PostKind, dict[str, Any]]:
    pairs = [(_need(param, f"buttonTitle{n}"), _need(param, f"buttonUrl{n}")) for n in (1, 2)]
    return "card", _url_card(_need(param, "title"), _need(param, "text"), pairs)


_READERS: dict[str, Reader] = {
    "sampleText": lambda p: ("text", {"text": _need(p, "content"), "images": []}),
    "sampleMarkdown": lambda p: ("markdown", {"title": _need(p, "title"), "text": _need(p, "text")}),
    "sampleLink": lambda p: ("markdown", _link(p)),
    "sampleImageMsg": _image,
    "sampleFile": _file,
    "sampleAudio": _audio,
    "sampleVideo": lambda p: ("file", {"media": _media(p, "videoMediaId"), "name": "video.mp4"}),
    "sampleActionCard": _one_action,
    "sampleActionCard6": _two_buttons,
    "sampleActionCard2": _many_actions(2),
    "sampleActionCard3": _many_actions(3),
    "sampleActionCard4": _many_actions(4),
    "sampleActionCard5": _many_actions(5),
}


def _need(part: dict[str, Any], name: str) -> str:
    value = part.get(name)
    if not isinstance(value, str) or not value:
        raise Unreadable(f"{name}={value!r}")
    return value


def _media(param: dict[str, Any], name: str) -> str:
    media = names.media_of(_need(param, name))
    if media is None:
        raise Unreadable(f"{name} is no media_id")
    return media


def _with_media(text: str) -> str:
    """Let pictures in Markdown point at the world's media: `(media:<name>)`."""
    return _MEDIA_IN_TEXT.sub(lambda found: f"(media:{names.media_of(found[1])})", text)
