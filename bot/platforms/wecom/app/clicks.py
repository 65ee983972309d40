"""Brings cards up to date: on the call of the press, or by the code that came with it."""

from datetime import datetime
from typing import Any

import structlog

from bot.platforms.http import WireError
from bot.platforms.wecom.app import ids, outcomes, updates
from bot.platforms.wecom.app.api import Api
from bot.platforms.wecom.app.calls import Calls
from bot.platforms.wecom.app.config import AppConfig
from bot.platforms.wecom.app.updates import Update
from bot.platforms.wecom.doors import inner
from bot.platforms.wecom.rendering import cards
from bot.platforms.wecom.shown import ShownCards
from domain.clock import Clock
from notifier.delivery import Outgoing, ReplySlot

log = structlog.get_logger(__name__)


class Clicks:
    """What becomes of cards that stand in somebody's chat with the app."""

    def __init__(
        self, config: AppConfig, *, api: Api, calls: Calls, shown: ShownCards, clock: Clock, node: str
    ) -> None:
        self._config = config
        self._api = api
        self._calls = calls
        self._shown = shown
        self._clock = clock
        self._node = node

    async def pressed(self, out: Outgoing, *, slot: ReplySlot) -> bool:
        """Bring the pressed card up to date; returns whether it now says all there is to say."""
        task_id, key = str(slot.data.get("task_id", "")), str(slot.data.get("key", ""))
        update = updates.after_click(out, shown=self._shown, task_id=task_id, key=key)
        if update is None or self._clock.now() >= slot.deadline:
            return False
        if not await self._answered(out, update, slot=slot) and not await self._changed(
            out, update, code=str(slot.data.get("code", ""))
        ):
            return False
        if update.template:
            self._shown.keep(task_id, update.template, key=out.card.key if update.says_all else None)
        return update.says_all

    async def replaced(self, out: Outgoing, before: ids.Sent) -> bool:
        """Put a new version in the place of a card that was sent; its code serves once."""
        template = cards.render(out.card, task_id=before.task_id) if before.task_id and before.code else None
        if template is None or out.card.image or out.card.file:
            return False
        if not await self._changed(out, Update(template=template), code=before.code):
            return False
        self._shown.keep(before.task_id, template, key=out.card.key)
        return True

    async def _answered(self, out: Outgoing, update: Update, *, slot: ReplySlot) -> bool:
        """Answer on the call that told of the press, if it still waits on this node."""
        until = datetime.fromisoformat(str(slot.data["until"]))
        if slot.data.get("node") != self._node or self._clock.now() >= until:
            return False
        return await self._calls.answer(str(slot.data["call"]), update.xml(**self.between(out)))

    async def _changed(self, out: Outgoing, update: Update, *, code: str) -> bool:
        """Change a card by its code (72 h, once); False if that did not work, whatever the reason."""
        if not code:
            return False
        whose = {"userids": [inner(out.chat_id)], "agentid": self._config.agent_id, "response_code": code}
        try:
            answer = await self._api.ask(
                "POST", "message/update_template_card", json={**whose, **update.api()}
            )
        except WireError as failed:
            log.warning("wecom.app_update_failed", reason=str(failed))
            return False
        if errcode := outcomes.errcode_of(answer):
            log.warning("wecom.app_update_refused", errcode=errcode)
        return errcode == 0

    def between(self, out: Outgoing) -> dict[str, Any]:
        """Return from whom to whom an answer on a call goes, and when."""
        at = int(self._clock.now().timestamp())
        return {"to": inner(out.chat_id), "corp_id": self._config.corp_id, "at": at}
