"""Every way in which a card may be sent, by platform and kind of message: what the wire carries."""

from collections.abc import Callable
from typing import Any, Final, get_args

from bot.platforms.dingtalk import speech as dingtalk
from bot.platforms.dingtalk.limits import CARD_VALUE
from bot.platforms.dingtalk.rendering import fits_card, message
from bot.platforms.wecom.rendering import cards
from bot.platforms.wecom.rendering.content import Content
from bot.platforms.wecom.rendering.limits import FORMS, Kind
from bot.platforms.wecom.rendering.speech import speech
from bot.platforms.whole import sheet_name
from tests.golden.gallery import Shown

MEDIA: Final = "@lADPmedia"
SHORT: Final = 1200
HEAD, TAIL = 700, 200


def renderings(shown: Shown) -> dict[str, list[Any]]:
    """Return the messages of a card by `platform-kind`, in the order in which they are sent."""
    made = {f"dingtalk-{kind}": write(shown) for kind, write in DINGTALK.items()}
    made |= {f"wecom-{kind}": _wecom(shown, kind) for kind in get_args(Kind)}
    template = cards.render(shown.card, task_id="task-1")
    made["wecom-template_card"] = [Content(kind="template_card", data=template).body()] if template else []
    return {kind: [_shortened(one) for one in messages] for kind, messages in made.items() if messages}


def _session(shown: Shown) -> list[Any]:
    said = dingtalk.session_speech(shown.out("dingtalk"), picture=_picture(shown), files=True)
    return [*said.messages, *_files(shown, abridged=said.abridged)]


def _card(shown: Shown) -> list[Any]:
    said = dingtalk.card_speech(shown.out("dingtalk"), limit=CARD_VALUE, picture=_picture(shown), files=True)
    return [*said.messages, *_files(shown, abridged=said.abridged)]


def _push(shown: Shown) -> list[Any]:
    said = dingtalk.push_speech(shown.out("dingtalk"), picture=_picture(shown), files=True)
    return [*said.messages, *_files(shown, abridged=said.abridged)]


DINGTALK: Final[dict[str, Callable[[Shown], list[Any]]]] = {
    "session": _session,
    "push": _push,
    "webhook": lambda shown: list(dingtalk.webhook_speech(shown.out("dingtalk")).messages),
    "card": lambda shown: (
        _card(shown)
        if shown.card.key or (shown.card.buttons and fits_card(shown.out("dingtalk"), limit=CARD_VALUE))
        else []
    ),
    "text": lambda shown: [dingtalk.plain_speech(shown.out("dingtalk"))],
}


def _picture(shown: Shown) -> str:
    return MEDIA if shown.card.image else ""


def _files(shown: Shown, *, abridged: bool) -> list[Any]:
    names = [shown.card.file.name] if shown.card.file else []
    names += [sheet_name(shown.card)] if abridged else []
    return [message("sampleFile", mediaId=MEDIA, fileName=name, fileType="xlsx") for name in names]


def _wecom(shown: Shown, kind: Kind) -> list[Any]:
    files = FORMS[kind].msgtype != "text" or kind != "welcome"
    said = speech(shown.out("wecom"), kind=kind, files=files, stream_id="stream-1")
    follows = ["image"] * bool(shown.card.image) + ["file"] * (bool(shown.card.file) + said.abridged)
    media = [Content(kind=it, data={"media_id": MEDIA}) for it in follows]
    return [one.body() for one in (*said.messages, *media)]


def _shortened(value: Any) -> Any:
    """Return the message with very long texts told by their beginning, end and length."""
    if isinstance(value, str) and len(value) > SHORT:
        left = len(value) - HEAD - TAIL
        return f"{value[:HEAD]}〔{left} characters〕{value[-TAIL:]}"
    if isinstance(value, dict):
        return {name: _shortened(inner) for name, inner in value.items()}
    return value
