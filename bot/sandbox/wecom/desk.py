"""Where the bot's commands are carried out: replies, pushes, welcome, card updates and uploads."""

from typing import Any

from bot.sandbox.town import Resident, Room
from bot.sandbox.wecom.cards import check_card
from bot.sandbox.wecom.ledger import Callback, Ledger, Stream
from bot.sandbox.wecom.limits import Limits, Quota
from bot.sandbox.wecom.payloads import reaches_bot
from bot.sandbox.wecom.pictures import picture_in
from bot.sandbox.wecom.refusals import Code, Refusal
from bot.sandbox.wecom.rendering import card_body, media_body
from bot.sandbox.wecom.uploads import Uploads
from bot.sandbox.world import World
from domain.clock import Clock

Body = dict[str, Any]
MEDIA_TYPES = ("image", "file", "voice", "video")
CHAT_TYPES = {1: ("direct",), 2: ("group",), 0: ("group", "direct")}
FEEDBACK_ID_BYTES = 256
MOST_PICTURES = 10


class Desk:
    """Checks each command against the rules and shows in the world what it says; refuses by `Refusal`."""

    def __init__(self, world: World, *, clock: Clock, limits: Limits, ledger: Ledger) -> None:
        self._world = world
        self._clock = clock
        self._limits = limits
        self._ledger = ledger
        self._uploads = Uploads(limits)
        self._talk_quota = Quota(limits)
        self._upload_quota = Quota(limits)
        self._written: set[str] = set()

    def respond(self, req_id: str, body: Body, *, line: int) -> None:
        """`aibot_respond_msg`: stream, markdown, template_card or media on a message's req_id."""
        callback = self._ledger.for_reply(req_id, line=line)
        if body.get("msgtype") == "stream":
            if self._stream(callback, _part(body, "stream")):
                self._ledger.finish(callback)
            return
        allowed = ("markdown", "template_card", *MEDIA_TYPES)
        self._say(callback.room, body, allowed, quotes=callback.subject or None)
        self._ledger.finish(callback)

    def welcome(self, req_id: str, body: Body, *, line: int) -> None:
        """`aibot_respond_welcome_msg`: text or template_card within 5 s of enter_chat."""
        callback = self._ledger.for_event(req_id, line=line, event="enter_chat")
        self._say(callback.room, body, ("text", "template_card"))
        self._ledger.finish(callback)

    def answer_call(self, callback: Callback, body: Body, *, streaming: bool) -> str:
        """Carry out the answer to a call of a URL (page 101031); returns the id of a stream that goes on."""
        match callback.event:
            case "enter_chat":
                self._say(callback.room, body, ("text", "template_card"))
            case "template_card_event":
                self._update(callback, body)
            case "":
                return self._answer(callback, body, streaming=streaming)
            case _:
                raise Refusal(Code.BAD_TYPE, "only an empty answer is allowed", rule="answer.not_empty")
        return ""

    def respond_once(self, callback: Callback, body: Body, allowed: tuple[str, ...]) -> None:
        """Carry out what came by a response_url (page 101138)."""
        self._say(callback.room, body, allowed, quotes=callback.subject or None)

    def update(self, req_id: str, body: Body, *, line: int) -> None:
        """`aibot_respond_update_msg`: a new card for the clicked one within 5 s of the click."""
        self._update(self._ledger.for_event(req_id, line=line, event="template_card_event"), body)

    def _update(self, callback: Callback, body: Body) -> None:
        if body.get("response_type") != "update_template_card":
            raise Refusal(Code.BAD_PARAMETER, "invalid response_type", rule="update.response_type")
        post = self._world.post(callback.subject)
        shown = card_body(check_card(body.get("template_card"), updates=post.tag))
        whose = body.get("userids") or []
        if not isinstance(whose, list):
            raise Refusal(Code.BAD_PARAMETER, "invalid userids", rule="update.userids")
        self._ledger.finish(callback)
        if whose:
            people = [self._person(str(user_id)) for user_id in whose]
            personal = {person.id: shown for person in people if person}
            shown = post.body | {"personal": post.body.get("personal", {}) | personal}
        self._world.update_post(post.id, shown)

    def send(self, body: Body) -> None:
        """`aibot_send_msg`: unprompted, to a chat in which somebody has written to the bot."""
        room = self.room_of(body)
        if room is None:
            raise Refusal(Code.BAD_CHAT, "invalid chatid", rule="send.chatid")
        if not self._somebody_wrote(room):
            raise Refusal(Code.BAD_CHAT, "nobody has messaged the bot in this chat", rule="send.first_word")
        self._say(room, body, ("markdown", "template_card", *MEDIA_TYPES))

    def upload_init(self, body: Body) -> Body:
        """`aibot_upload_media_init`."""
        self._upload_quota.take("bot", now=self._clock.now())
        return self._uploads.init(body, now=self._clock.now())

    def upload_chunk(self, body: Body) -> None:
        """`aibot_upload_media_chunk`."""
        self._uploads.chunk(body, now=self._clock.now())

    def upload_finish(self, body: Body) -> Body:
        """`aibot_upload_media_finish`."""
        return self._uploads.finish(body, now=self._clock.now())

    def room_of(self, body: Body) -> Room | None:
        """Return where a push goes: chat_type 1 single, 2 group, 0 or none try the group first."""
        chat_type, chatid = body.get("chat_type", 0), str(body.get("chatid", ""))
        kinds = CHAT_TYPES.get(chat_type, ()) if isinstance(chat_type, int) else ()
        room = self._world.rooms.get(chatid)
        person = self._person(chatid)
        if "group" in kinds and room and (room.platform, room.kind) == ("wecom", "group"):
            return room
        if "direct" in kinds and person:
            return self._world.direct_room("wecom", person.id)
        return None

    def _person(self, user_id: str) -> Resident | None:
        """Return whoever has this user id: unique without regard to case (page 96255)."""
        wanted = user_id.lower()
        people = self._world.residents.values()
        return next((one for one in people if wanted and one.wecom_user_id.lower() == wanted), None)

    def _answer(self, callback: Callback, body: Body, *, streaming: bool) -> str:
        """Show a stream, a card or both; a card stands alone only in the first answer, and comes once."""
        msgtype = body.get("msgtype")
        if msgtype == "template_card" and not streaming:
            self._say_card(callback.room, _part(body, "template_card"), quotes=callback.subject or None)
            return ""
        if msgtype not in ("stream", "stream_with_template_card"):
            raise Refusal(Code.BAD_TYPE, f"invalid message type {msgtype}", rule="answer.msgtype")
        stream = _part(body, "stream")
        pictures = self._pictures(stream)
        finished = self._stream(callback, stream | {"msg_item": []})
        for picture in pictures:
            self._world.bot_post(callback.room.id, "image", {"media": self._world.keep(picture)})
        if msgtype == "stream_with_template_card":
            self._say_card(callback.room, _part(body, "template_card"), quotes=callback.subject or None)
        return "" if finished else str(stream["id"])

    def _pictures(self, stream: Body) -> list[bytes]:
        """Return the pictures of a stream: with its last frame, at most 10, of 10 MB, JPG or PNG."""
        items = stream.get("msg_item") or []
        if not isinstance(items, list) or len(items) > MOST_PICTURES or (items and not stream.get("finish")):
            raise Refusal(Code.BAD_PARAMETER, "invalid msg_item", rule="stream.msg_item")
        return [picture_in(item) for item in items]

    def _stream(self, callback: Callback, stream: Body) -> bool:
        """Show one frame of a stream; returns whether it was the last."""
        stream_id, finish = stream.get("id"), stream.get("finish", False)
        if not isinstance(stream_id, str) or not stream_id or not isinstance(finish, bool):
            raise Refusal(Code.BAD_PARAMETER, "invalid stream", rule="stream.shape")
        content = self._content(stream, empty=not finish)
        if stream.get("msg_item"):
            raise Refusal(Code.BAD_PARAMETER, "msg_item is not supported here", rule="stream.msg_item")
        known = callback.streams.get(stream_id)
        self._check_stream(known)
        if known is None or callback.line:  # whether refreshes of a URL count is on no page
            self._talk_quota.take(callback.room.id, now=self._clock.now())
        shown = {"title": "", "text": content, "streaming": not finish, **_feedback(stream)}
        post_id = self._show(callback, known, shown)
        since = known.since if known else self._clock.now()
        callback.streams[stream_id] = Stream(post_id=post_id, since=since, finished=finish)
        return finish

    def _show(self, callback: Callback, known: Stream | None, shown: Body) -> str:
        if known is None:
            quotes = callback.subject or None
            return self._world.bot_post(callback.room.id, "markdown", shown, quotes=quotes).id
        kept = {
            name: value for name, value in self._world.post(known.post_id).body.items() if name == "feedback"
        }
        return self._world.update_post(known.post_id, kept | shown).id

    def _check_stream(self, known: Stream | None) -> None:
        if known and known.finished:
            raise Refusal(Code.STREAM_EXPIRED, "stream is finished", rule="stream.finished")
        if known and self._clock.now() - known.since > self._limits.stream_window:
            raise Refusal(Code.STREAM_EXPIRED, "stream message update expired", rule="stream.expired")

    def _say(self, room: Room, body: Body, allowed: tuple[str, ...], *, quotes: str | None = None) -> None:
        """Check a one-shot message of one of the allowed types, count it, show it."""
        msgtype = body.get("msgtype")
        if msgtype not in allowed:
            raise Refusal(Code.BAD_TYPE, f"invalid message type {msgtype}", rule="msgtype")
        part = _part(body, msgtype)
        if msgtype == "template_card":
            self._say_card(room, part, quotes=quotes)
        elif msgtype in MEDIA_TYPES:
            self._say_media(room, part, kind=msgtype, quotes=quotes)
        else:
            content = self._content(part)
            self._count(room)
            kind: Any = msgtype
            shown = {"title": "", "text": content, **_feedback(part)}
            self._world.bot_post(room.id, kind, shown, quotes=quotes)

    def _say_card(self, room: Room, card: Body, *, quotes: str | None) -> None:
        checked = check_card(card)
        task_id = str(checked.get("task_id", ""))
        if task_id and self._world.tagged("wecom", task_id):
            raise Refusal(Code.BAD_PARAMETER, "task_id was used before", rule="card.task_id_unique")
        self._count(room)
        shown = card_body(checked) | _feedback(checked)
        self._world.bot_post(room.id, "card", shown, tag=task_id, quotes=quotes)

    def _say_media(self, room: Room, part: Body, *, kind: str, quotes: str | None) -> None:
        uploaded = self._uploads.media(part.get("media_id"), kind=kind, now=self._clock.now())
        self._count(room)
        post_kind, shown = media_body(self._world, uploaded)
        self._world.bot_post(room.id, post_kind, shown, quotes=quotes)

    def _count(self, room: Room) -> None:
        self._talk_quota.take(room.id, now=self._clock.now())

    def _content(self, part: Body, *, empty: bool = False) -> str:
        content = part.get("content", "")
        if not isinstance(content, str) or not (content or empty):
            raise Refusal(Code.EMPTY, "content is empty", rule="content.empty")
        if len(content.encode()) > self._limits.content:
            raise Refusal(Code.TOO_LONG, "content is longer than 20480 bytes", rule="content.too_long")
        return content

    def _somebody_wrote(self, room: Room) -> bool:
        if room.id not in self._written and any(
            post.author in room.members and reaches_bot(room, post) for post in self._world.posts(room.id)
        ):
            self._written.add(room.id)
        return room.id in self._written


def _part(body: Body, name: str) -> Body:
    part = body.get(name)
    if not isinstance(part, dict):
        raise Refusal(Code.BAD_PARAMETER, f"{name} must be an object", rule="body.shape")
    return part


def _feedback(part: Body) -> Body:
    if not (feedback := part.get("feedback")):
        return {}
    feedback_id = feedback.get("id") if isinstance(feedback, dict) else None
    if not isinstance(feedback_id, str) or not 1 <= len(feedback_id.encode()) <= FEEDBACK_ID_BYTES:
        raise Refusal(Code.BAD_PARAMETER, "feedback.id is 1 to 256 bytes", rule="feedback.id")
    return {"feedback": feedback_id}
