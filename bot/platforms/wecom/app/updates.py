"""What becomes of a pressed card: one grey word in place of its buttons, or the whole card anew."""

from dataclasses import dataclass
from typing import Any

from bot.platforms.wecom import keys
from bot.platforms.wecom.app import passive
from bot.platforms.wecom.rendering.cards import Template
from bot.platforms.wecom.shown import ShownCards
from notifier.delivery import Outgoing


@dataclass(frozen=True, kw_only=True)
class Update:
    """`button`: the word that all buttons give way to; else `template` is the new card.

    `says_all`: the answer is in it, no message of its own is needed.
    """

    button: str = ""
    template: Template | None = None
    says_all: bool = False

    def api(self) -> dict[str, Any]:
        """Return the part of an `update_template_card` request (page 94888)."""
        return (
            {"template_card": self.template} if self.template else {"button": {"replace_name": self.button}}
        )

    def xml(self, *, to: str, corp_id: str, at: int) -> str:
        """Return the answer on the call of the press (page 90241)."""
        if self.template:
            return passive.card_reply(self.template, to=to, corp_id=corp_id, at=at)
        return passive.button_reply(self.button, to=to, corp_id=corp_id, at=at)


def after_click(out: Outgoing, *, shown: ShownCards, task_id: str, key: str) -> Update | None:
    """Return what the pressed card becomes with this answer; None: it stays as it is, others may press."""
    change = shown.after_click(out, task_id=task_id, key=key)
    if change is None:
        return None
    if change.says_all:
        return Update(template=change.template, says_all=True)
    buttons = change.template["button_list"]
    if all(button["key"] == keys.NOOP for button in buttons):
        return Update(button=buttons[0]["text"])
    return Update(template=change.template)
