"""What residents do in WeCom's rooms, as calls to the bot: messages, pressed buttons, visits, ratings."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.town import Post, Resident, Room
from bot.sandbox.wecom.ledger import EventType
from bot.sandbox.wecom.payloads import Payloads, card_event, reaches_bot, user_id_of
from bot.sandbox.wecom.pushing import Push
from bot.sandbox.world import World
from domain.clock import Clock

CHINA = ZoneInfo("Asia/Shanghai")
FEEDBACK_TYPES = (1, 2, 3)


class Acts:
    """Turns what happens in the world into pushes; whoever inherits says which way they go (`_push`)."""

    world: World
    clock: Clock
    _payloads: Payloads

    def __init__(self) -> None:
        self._entered: set[tuple[str, date]] = set()

    def _push(self, push: Push) -> None:
        raise NotImplementedError

    def said(self, *, room: Room, post: Post) -> None:
        """Push a post, if it is one that WeCom hands to bots."""
        if reaches_bot(room, post):
            user_id = user_id_of(self.world.residents[post.author])
            self._push(
                Push(
                    door="wecom.push.msg",
                    room=room,
                    user_id=user_id,
                    subject=post.id,
                    build=lambda: self._payloads.message(room=room, post=post, user_id=user_id),
                )
            )

    def clicked(
        self,
        *,
        room: Room,
        post: Post,
        resident: Resident,
        key: str,
        selected: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Push template_card_event, once; `selected` is what was chosen: options by question key."""
        event = card_event(post, key=key, selected=selected or {})
        self._event("template_card_event", event, room=room, resident=resident, subject=post.id)

    def entered(self, *, room: Room, resident: Resident) -> None:
        """Push enter_chat at the first entry of the day into the 1:1 chat."""
        visit = (resident.id, self.clock.now().astimezone(CHINA).date())
        if room.kind == "direct" and visit not in self._entered:
            self._entered.add(visit)
            self._event("enter_chat", {"eventtype": "enter_chat"}, room=room, resident=resident)

    def rate(self, resident_id: str, post_id: str, *, type: int, content: str = "") -> None:  # noqa: A002 (the wire's word)
        """Push feedback_event (1 right, 2 wrong, 3 withdrawn); KeyError where no feedback was asked for."""
        if type not in FEEDBACK_TYPES:
            raise ValueError(type)
        post = self.world.post(post_id)
        feedback: dict[str, Any] = {"id": post.body["feedback"], "type": type}
        feedback |= {"content": content} if content else {}
        event = {"eventtype": "feedback_event", "feedback_event": feedback}
        room, resident = self.world.rooms[post.room_id], self.world.residents[resident_id]
        self._event("feedback_event", event, room=room, resident=resident, subject=post_id)

    def _event(
        self, kind: EventType, event: dict[str, Any], *, room: Room, resident: Resident, subject: str = ""
    ) -> None:
        msgid, created = secrets.token_hex(8), int(self.clock.now().timestamp())
        user_id = user_id_of(resident)
        self._push(
            Push(
                door="wecom.push.event",
                room=room,
                user_id=user_id,
                event=kind,
                subject=subject,
                build=lambda: self._payloads.event(
                    event, msgid=msgid, created=created, room=room, user_id=user_id
                ),
            )
        )
