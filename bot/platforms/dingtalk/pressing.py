"""Turns a pressed card button into Incoming; pure, never raises."""

from datetime import datetime
from typing import Any

from bot.platforms.base import Incoming
from bot.platforms.dingtalk.hearing import EXTERNAL, PLATFORM, tenant_of
from bot.platforms.dingtalk.payload import digest, mapping_of, short_id, text_of
from bot.platforms.dingtalk.tracks import Track, read_track
from notifier.delivery import ReplySlot

STAFF_ID = "1"  # userIdType: 1 staff id, 2 union id


def hear_press(data: Any, *, push_id: str, robot_code: str, node: str, deadline: datetime) -> Incoming | None:
    """Return a pressed button, or None if it is on no card of ours and says nothing.

    `message_id` holds card, user, button and push: a redelivery of the same push repeats it, a second press
    (another push) does not. If DingTalk ever redelivers under a new push id, the button's guard is what
    keeps the second one from acting. `deadline`: until then, and on `node` only, the acknowledgement of this
    very push may still carry the card's new content.
    """
    track_text, user = text_of(data, "outTrackId"), _user_of(data)
    params = _params_of(data)
    say, guard = text_of(params, "say"), text_of(params, "guard")
    track = read_track(track_text)
    if not track_text or not user or not (track or say):
        return None
    chat_kind = track.chat_kind if track else "group" if _space_of(data).startswith("cid") else "direct"
    return Incoming(
        platform=PLATFORM,
        tenant=tenant_of(text_of(data, "corpId"), robot_code),
        message_id=f"press:{digest(track_text, user, say, guard, push_id)[:40]}",
        kind="button",
        chat_id=user if chat_kind == "direct" else short_id(_space_of(data)),
        chat_kind=chat_kind,
        sender_id=user,
        text=say,
        guard=guard,
        card_key=_key_of(track),
        slot=_slot_of(push_id, track_text, node, deadline),
        raw=data,
    )


def _params_of(data: Any) -> dict[str, Any]:
    content = mapping_of(data, "content", "value")
    private = mapping_of(content, "cardPrivateData")
    return mapping_of(private, "params") or mapping_of(content, "params")


def _user_of(data: Any) -> str:
    user = text_of(data, "userId")
    known = text_of(data, "userIdType") in {"", STAFF_ID}
    return short_id(user if known or not user else EXTERNAL + user)


def _space_of(data: Any) -> str:
    """Return the conversation: `spaceId` is that, or `dtv1.card//IM_GROUP.<conversation>`."""
    space = text_of(data, "spaceId")
    return space.partition(".")[2].partition(".")[2] if space.startswith("dtv1.card//") else space


def _key_of(track: Track | None) -> str:
    return track.card_key if track else ""


def _slot_of(push_id: str, track: str, node: str, deadline: datetime) -> ReplySlot | None:
    if not push_id:
        return None
    return ReplySlot(kind="card_ack", deadline=deadline, node=node, data={"push": push_id, "track": track})
