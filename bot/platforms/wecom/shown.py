"""Remembers the cards that were shown lately, so that a clicked one keeps its text when its buttons change.

The platform hands back only a task id and the pressed key, and an update must bring the whole card. The
memory is a convenience: after a restart a clicked card shows the answer instead of its old text.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from bot.platforms.wecom import keys
from bot.platforms.wecom.rendering import cards
from bot.platforms.wecom.rendering.cards import Template
from notifier.delivery import Outgoing

_MOST: Final = 2048


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a clicked card becomes; `says_all`: the answer is in it, no message of its own is needed."""

    template: Template
    says_all: bool


class ShownCards:
    """Task id -> the template card that is on the screens, and the key of the card it came from."""

    def __init__(self) -> None:
        self._cards: OrderedDict[str, tuple[Template, str]] = OrderedDict()

    def keep(self, task_id: str, template: Template, *, key: str | None) -> None:
        """Remember what is shown under a task id; `key` None keeps the card key as it was."""
        kept = self._cards.pop(task_id, (template, ""))[1] if key is None else key
        self._cards[task_id] = (template, kept)
        self._cards.move_to_end(task_id)
        if len(self._cards) > _MOST:
            self._cards.popitem(last=False)

    def after_click(self, out: Outgoing, *, task_id: str, key: str) -> Change | None:
        """Return what the clicked card becomes with this answer; None: it stays as it is.

        The answer is a new version of the card -> the card shows it. It is another good answer -> the buttons
        made for the passed state go. It is a refusal or a warning -> nothing changes: others may still press.
        """
        shown, card_key = self._cards.get(task_id, (None, ""))
        if out.replaces == task_id or (out.card.key and out.card.key == card_key):
            return self._new_version(out, task_id=task_id)
        if out.card.tone in {"warn", "bad"}:
            return None
        if shown:
            after = cards.pressed(shown, key=key)
            return None if after == shown else Change(template=after, says_all=False)
        return self._forgotten(out, task_id=task_id, key=key)

    def _new_version(self, out: Outgoing, *, task_id: str) -> Change | None:
        if out.card.buttons:
            template = cards.render(out.card, task_id=task_id)
        else:
            template = cards.concluded(out.card, task_id=task_id)
        says_all = not out.card.image
        return Change(template=template, says_all=says_all) if template else None

    def _forgotten(self, out: Outgoing, *, task_id: str, key: str) -> Change | None:
        pressed = keys.read(key)
        if not pressed or not pressed.guard:
            return None
        template = cards.concluded(out.card, task_id=task_id)
        return Change(template=template, says_all=False) if template else None
