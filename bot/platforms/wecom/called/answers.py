"""What goes out on a call: a stream, a card, a greeting, a new version of a card; pure.

Source: aibot pages 101031 (what may answer what) and 101138 (`response_url`).
"""

import base64
import hashlib
from dataclasses import dataclass, replace
from typing import Any, Final, TypeGuard

from bot.platforms.enclosures import Enclosure
from bot.platforms.wecom import keys
from bot.platforms.wecom.rendering import cards
from bot.platforms.wecom.rendering.content import Content
from bot.platforms.wecom.rendering.speech import Speech, speech
from notifier.delivery import Outgoing

Body = dict[str, Any]

WAITING: Final = "正在处理……"
TOO_LATE: Final = "还没有处理完，结果稍后另发一条。"
NO_WAY: Final = {
    "image": "（这里发不了这张图片，要配企业微信自建应用或群机器人）",
    "file": "（这里发不了文件，要配企业微信自建应用或群机器人）",
}
"""Of a bot at a callback URL without another door: no asking again helps, only whoever sets it up."""
MOST_PICTURES: Final = 10
LARGEST_PICTURE: Final = 10 * 1024 * 1024
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer in every form that a call may ask for; `template` None: it goes in words.

    `rest` is what a carrier is to send besides (its picture, its file), `abridged` that it is the whole text,
    too; None: nothing.
    """

    call: str
    task_id: str
    text: str
    template: Body | None
    pictures: tuple[Body, ...] = ()
    greeting: str = ""
    rest: Outgoing | None = None
    abridged: bool = False

    def on_call(self, streaming: bool) -> Body:  # noqa: FBT001 (the only thing that a request tells)
        """Return the body that answers a message, or finishes the stream that does."""
        if self.template is None:
            return self._stream()
        if not streaming and not self.pictures:
            return Content(kind="template_card", data=self.template).body()
        return {**self._stream(), "msgtype": "stream_with_template_card", "template_card": self.template}

    def on_url(self, *, direct: bool) -> Body:
        """Return the body for the response_url, which takes cards only in single chats."""
        if self.template is not None and direct:
            return Content(kind="template_card", data=self.template).body()
        return Content.markdown(self.text).body()

    def welcome(self) -> Body:
        """Return the body that answers enter_chat."""
        if self.template is not None:
            return Content(kind="template_card", data=self.template).body()
        return Content(kind="text", data={"content": self.greeting}).body()

    def _stream(self) -> Body:
        stream = Content.stream(self.text, stream_id=self.call).body()
        if self.pictures:
            stream["stream"]["msg_item"] = list(self.pictures)
        return stream


def answer(
    out: Outgoing, *, call: str, enclosed: list[Enclosure | str], by_url: bool, carried: str | None = None
) -> Answer:
    """Return how a card is said on a call; what cannot go with it is a line that says so.

    `carried`: a carrier sends the rest, and this line says where that will be (''; nothing needs to be said).
    """
    here = [] if by_url else [one for one in enclosed if _fits(one)][:MOST_PICTURES]
    others = [one for one in enclosed if one not in here]
    rest = [one for one in others if isinstance(one, Enclosure) and carried is not None]
    noted = _noted(out, [_note(one) for one in others if one not in rest])
    said = _speech(noted, by_url=by_url, files=carried is not None)
    if carried and (rest or said.abridged):
        noted = _noted(noted, [carried])
        said = _speech(noted, by_url=by_url, files=True)
    task_id = keys.task_id(out.key, repeat=out.repeat)
    return Answer(
        call=call,
        task_id=task_id,
        text=str(said.messages[0].data["content"]),
        template=cards.render(noted.card, task_id=task_id, repeat=out.repeat),
        pictures=tuple(map(_picture, here)),
        greeting=str(speech(noted, kind="welcome", most=1).messages[0].data["content"]),
        rest=_left(out, rest) if rest or (said.abridged and carried is not None) else None,
        abridged=said.abridged,
    )


def _noted(out: Outgoing, notes: list[str]) -> Outgoing:
    return replace(out, card=replace(out.card, lines=(*out.card.lines, *notes))) if notes else out


def _speech(out: Outgoing, *, by_url: bool, files: bool) -> Speech:
    return speech(out, kind="markdown" if by_url else "stream", files=files, most=1)


def _left(out: Outgoing, rest: list[Enclosure]) -> Outgoing:
    """Return the message with only these of what goes with it."""
    kinds = {one.kind for one in rest}
    image, file = ("image" in kinds and out.card.image) or None, ("file" in kinds and out.card.file) or None
    return replace(out, card=replace(out.card, image=image, file=file))


def update(template: Body) -> Body:
    """Return the body that replaces a clicked card for everybody."""
    return {"response_type": "update_template_card", "template_card": template}


def placeholder(stream_id: str, *, text: str = WAITING, finish: bool = False) -> Body:
    """Return a stream that says where things stand."""
    return {"msgtype": "stream", "stream": {"id": stream_id, "finish": finish, "content": text}}


def _fits(one: Enclosure | str) -> TypeGuard[Enclosure]:
    return (
        isinstance(one, Enclosure)
        and one.kind == "image"
        and len(one.data) <= LARGEST_PICTURE
        and one.data.startswith(_PICTURES)
    )


def _picture(one: Enclosure) -> Body:
    data = one.data
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return {"msgtype": "image", "image": {"base64": base64.b64encode(data).decode(), "md5": digest}}


def _note(one: Enclosure | str) -> str:
    return NO_WAY[one.kind] if isinstance(one, Enclosure) else one
