"""Turns an event of the organisation (who came, changed or left) into Incoming; pure, never raises.

Shapes: "contacts event" pages and stream protocol of open.dingtalk.com. An event is pushed until its
acknowledgement says SUCCESS, so the same eventId may come often, also over two doors.
"""

from typing import Any, Final

from bot.platforms.base import Incoming
from bot.platforms.dingtalk.hearing import PLATFORM, QUOTA_CODE, QUOTA_EXHAUSTED, tenant_of
from bot.platforms.dingtalk.payload import short_id, text_of, time_of

PEOPLE: Final = frozenset({"user_add_org", "user_modify_org", "user_leave_org", "user_active_org"})
DEPARTMENTS: Final = frozenset({"org_dept_create", "org_dept_modify", "org_dept_remove"})
DIRECTORY: Final = PEOPLE | DEPARTMENTS
"""The events that are journaled; any other is acknowledged and left at that."""


def hear_event(headers: dict[str, Any], data: Any, *, robot_code: str) -> Incoming | None:
    """Return an event of the directory, or that the month's messages are used up; None for any other.

    `text` is its type, `raw` its data: `userId` (a list) for people, `deptId` or the department itself. It
    belongs to no chat: `chat_id` and `sender_id` are empty.
    """
    event_id, kind = text_of(headers, "eventId", "messageId"), text_of(headers, "eventType")
    if text_of(data, "errCode", "errorCode") == QUOTA_CODE:
        kind = QUOTA_EXHAUSTED
    if not event_id or kind not in {*DIRECTORY, QUOTA_EXHAUSTED}:
        return None
    return Incoming(
        platform=PLATFORM,
        tenant=tenant_of(text_of(headers, "eventCorpId"), robot_code),
        message_id=short_id(f"event:{event_id}"),
        kind="event",
        chat_id="",
        chat_kind="group",
        sender_id="",
        text=kind,
        sent_at=time_of(headers, "eventBornTime", "time"),
        raw=data if isinstance(data, dict) else {},
    )
