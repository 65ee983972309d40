"""By which command a message goes out, and which other way is tried when the server says no: pure.

An answer goes on the request that asked (`aibot_respond_msg`), else as a push (`aibot_send_msg`). Some groups
and phones refuse pushes or anything but Markdown (600039): then the last request of that chat serves.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

from bot.platforms.wecom import frames, outcomes
from bot.platforms.wecom.rendering.content import Content
from notifier.delivery import ChatKind

_CHAT_TYPE: Final[dict[ChatKind, int]] = {"direct": 1, "group": 2}
_STALE: Final = frozenset({outcomes.NOT_OUR_REQUEST, outcomes.STREAM_EXPIRED})
_NOT_THE_CARDS_FAULT: Final = frozenset(
    {40201, 48002, 60011, 60020, 60111, 81013, 86001, 86003, 86008, 93000}
)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One request: the command, the callback it answers (empty: none), the chat, the content."""

    cmd: str
    chat_id: str
    chat_kind: ChatKind
    content: Content
    req_id: str = ""

    def body(self) -> dict[str, Any]:
        """Return the body of the frame."""
        said = self.content.body()
        if self.cmd == frames.PUSH:
            return {"chatid": self.chat_id, "chat_type": _CHAT_TYPE[self.chat_kind], **said}
        return said

    @property
    def way(self) -> tuple[str, str, str]:
        """What makes two attempts the same try."""
        return (self.cmd, self.req_id, self.content.kind)


def answer(content: Content, *, req_id: str, chat_id: str, chat_kind: ChatKind) -> Attempt:
    """Return the attempt that answers a request."""
    return Attempt(cmd=frames.RESPOND, req_id=req_id, chat_id=chat_id, chat_kind=chat_kind, content=content)


def push(content: Content, *, chat_id: str, chat_kind: ChatKind) -> Attempt:
    """Return the attempt that speaks unprompted; a stream becomes plain Markdown."""
    if content.kind in {"stream", "text"}:
        content = Content.markdown(content.data["content"])
    return Attempt(cmd=frames.PUSH, chat_id=chat_id, chat_kind=chat_kind, content=content)


def instead(attempt: Attempt, errcode: int, *, plain: str, recent: str) -> Attempt | None:
    """Return what to try after a refusal; None where nothing else helps.

    `plain` is the whole message as Markdown ('' for a picture or file, which has no other form), `recent` the
    last request of the chat on this connection.
    """
    push_it = push(attempt.content, chat_id=attempt.chat_id, chat_kind=attempt.chat_kind)
    if errcode in _STALE and attempt.cmd != frames.PUSH:
        return push_it
    text = Content.markdown(plain) if plain else attempt.content
    if errcode == outcomes.WRONG_DEVICE and text.kind != attempt.content.kind:
        return replace(attempt, content=text)
    if errcode == outcomes.WRONG_DEVICE and attempt.cmd == frames.PUSH:
        return replace(attempt, cmd=frames.RESPOND, req_id=recent) if recent else None
    if errcode == outcomes.WRONG_DEVICE:
        return push_it
    if attempt.content.kind == "template_card" and _is_the_cards_fault(errcode):
        return replace(attempt, content=text)
    return None


def _is_the_cards_fault(errcode: int) -> bool:
    return outcomes.verdict(errcode).what == "never" and errcode not in _NOT_THE_CARDS_FAULT
