"""Cards that stand in chats with the app, and the codes by which they may be changed (72 h, once)."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.sandbox.town import Post
from bot.sandbox.wecom.app import refusals
from bot.sandbox.wecom.app.counter import Ask, Counter
from bot.sandbox.wecom.app.refusals import ApiRefusal
from bot.sandbox.wecom.cards import check_card
from bot.sandbox.wecom.refusals import Refusal
from bot.sandbox.wecom.rendering import card_body
from bot.sandbox.world import World

FIELDS: dict[str, Any] = {
    "userids": list, "partyids": list, "tagids": list, "atall": int, "agentid": (str, int),
    "response_code": str, "button": dict, "template_card": dict,
}  # fmt: skip
GREY_KEY = ""


@dataclass(kw_only=True)
class Code:
    """What a response_code may change, and until when."""

    task_id: str
    user_ids: tuple[str, ...]
    at: datetime
    used: bool = False


class Cardboard:
    """Changes cards, by a code or on the call of a press."""

    def __init__(self, counter: Counter, world: World) -> None:
        self._counter, self._world = counter, world
        self._codes: dict[str, Code] = {}

    def code(self, task_id: str, *, user_ids: Sequence[str]) -> str:
        """Hand out a code for a card."""
        made = secrets.token_urlsafe(32)
        self._codes[made] = Code(task_id=task_id, user_ids=tuple(user_ids), at=self._counter.clock.now())
        return made

    def update(self, ask: Ask, *, agent_id: int) -> dict[str, Any]:
        """Carry out update_template_card; a code that is used up, unknown or older than 72 h is refused."""
        self._counter.check_fields(ask, FIELDS, need="agentid response_code")
        if str(ask.body.get("agentid")) != str(agent_id):
            raise ApiRefusal(refusals.OTHER_AGENT, "not allow operate another agent", rule="update.agentid")
        code = self._codes.get(str(ask.body.get("response_code")))
        if code is None or code.used:
            raise ApiRefusal(refusals.BAD_PARAMETER, "invalid response_code", rule="update.code")
        if self._counter.clock.now() - code.at > self._counter.limits.card_life:
            raise ApiRefusal(refusals.BAD_PARAMETER, "response_code expired", rule="update.code_expired")
        self._change(ask, code)
        code.used = True
        return {"errcode": 0, "errmsg": "ok"}

    def _change(self, ask: Ask, code: Code) -> None:
        button, card = ask.body.get("button"), ask.body.get("template_card")
        if isinstance(card, dict):
            self.become(code.task_id, card)
        elif isinstance(button, dict) and isinstance(button.get("replace_name"), str):
            self.replace_buttons(code.task_id, button["replace_name"])
        else:
            raise ApiRefusal(refusals.BAD_PARAMETER, "button or template_card", rule="update.shape")

    def become(self, task_id: str, card: dict[str, Any]) -> None:
        """Show another card in the place of this one."""
        post = self._post(task_id)
        try:
            shown = card_body(check_card(card, updates=task_id if "task_id" in card else ""))
        except Refusal as refusal:
            raise ApiRefusal(refusal.code, refusal.message, rule=refusal.rule) from None
        if text := card.get("replace_text"):
            shown["buttons"] = [_grey(text)]
        self._world.update_post(post.id, shown)

    def replace_buttons(self, task_id: str, text: str) -> None:
        """Let all buttons give way to one grey word."""
        post = self._post(task_id)
        self._world.update_post(post.id, {**post.body, "buttons": [_grey(text)]})

    def _post(self, task_id: str) -> Post:
        post = self._world.tagged("wecom", task_id)
        if post is None:
            raise ApiRefusal(refusals.BAD_PARAMETER, "no such card", rule="update.task_id")
        return post


def _grey(text: str) -> dict[str, Any]:
    return {"key": GREY_KEY, "text": text, "style": "plain", "disabled": True, "url": ""}
