"""Posts and acts of residents as the bodies of callbacks (pages 100719, 101027 and 101463)."""

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.sandbox.town import BOT, Post, Resident, Room
from bot.sandbox.wecom.media import MediaObject, file_type
from bot.sandbox.world import World

Body = dict[str, Any]
Shelve = Callable[[bytes, str], MediaObject]


class Payloads:
    """Builds bodies; `shelve` puts bytes on the media server, `media_url` names their place."""

    def __init__(
        self, world: World, *, bot_id: str, shelve: Shelve, media_url: Callable[[MediaObject], str]
    ) -> None:
        self._world = world
        self._bot_id = bot_id
        self._shelve = shelve
        self._media_url = media_url

    def message(self, *, room: Room, post: Post, user_id: str) -> Body:
        """Return the body of `aibot_msg_callback`."""
        body = {"msgid": msgid_of(post.id), "aibotid": self._bot_id, **_whence(room, user_id)}
        body |= self._content(post)
        if post.quotes:
            body["quote"] = self._content(self._world.post(post.quotes))
        return body

    def event(self, event: Body, *, msgid: str, created: int, room: Room, user_id: str) -> Body:
        """Return the body of `aibot_event_callback`; `created` in seconds since 1970."""
        whence = _whence(room, user_id)
        if event["eventtype"] == "enter_chat":
            whence = {"from": whence["from"]}
        return {
            "msgid": msgid_of(msgid),
            "create_time": created,
            "aibotid": self._bot_id,
            **whence,
            "msgtype": "event",
            "event": event,
        }

    def _content(self, post: Post) -> Body:
        match post.kind:
            case "image":
                return {"msgtype": "image", "image": self._object(post.body["media"])}
            case "file":
                return {"msgtype": "file", "file": self._object(post.body["media"], name=post.body["name"])}
            case "audio":
                return {"msgtype": "voice", "voice": {"content": post.body["text"]}}
            case "text" if post.body.get("images"):
                return {"msgtype": "mixed", "mixed": {"msg_item": self._items(post)}}
            case _:
                return _text(self._words(post))

    def _items(self, post: Post) -> list[Body]:
        words = self._words(post)
        pictures = [{"msgtype": "image", "image": self._object(name)} for name in post.body["images"]]
        return [_text(words), *pictures] if words else pictures

    def _words(self, post: Post) -> str:
        if post.author == BOT:
            return "\n".join(filter(None, (post.body.get("title"), post.body.get("text"))))
        return "".join(f"@{name} " for name in map(self._name, post.mentions)) + str(post.body["text"])

    def _name(self, mention: str) -> str:
        if mention == BOT:
            return self._world.bot_name
        resident = self._world.residents.get(mention)
        return resident.name if resident else mention

    def _object(self, media: str, *, name: str = "") -> Body:
        data = self._world.media(media)
        shelved = self._shelve(data, name or f"{media[:8]}.{file_type(data) or 'bin'}")
        own_key = {"aeskey": shelved.aeskey} if shelved.aeskey else {}
        return {"url": self._media_url(shelved), **own_key}


def card_event(post: Post, *, key: str, selected: Mapping[str, Sequence[str]]) -> Body:
    """Return the event of a pressed card button."""
    pressed: Body = {"card_type": post.body["card_type"], "event_key": key, "task_id": post.tag}
    if selected:
        pressed["selected_items"] = {
            "selected_item": [
                {"question_key": question, "option_ids": {"option_id": list(options)}}
                for question, options in selected.items()
            ]
        }
    return {"eventtype": "template_card_event", "template_card_event": pressed}


def reaches_bot(room: Room, post: Post) -> bool:
    """Whether WeCom hands this post to the bot: everything in 1:1; in groups text or mixed with an @."""
    return room.kind == "direct" or (post.kind == "text" and BOT in post.mentions)


def user_id_of(resident: Resident) -> str:
    """Return the sender id that callbacks carry."""
    return resident.wecom_user_id


def msgid_of(text: str) -> str:
    """Return a message id that looks like WeCom's and is the same at every delivery."""
    return base64.b64encode(f"wecom:{text}".encode()).decode()


def _whence(room: Room, user_id: str) -> Body:
    if room.kind == "direct":
        return {"chattype": "single", "from": {"userid": user_id}}
    return {"chatid": room.id, "chattype": "group", "from": {"userid": user_id}}


def _text(content: str) -> Body:
    return {"msgtype": "text", "text": {"content": content}}
