"""The gallery: cards that show everything the house says, made by the house itself on a stage.

`tests/golden/cards` keeps them, so that the renderings need no house. `CARDS=write pytest tests/golden`
writes cards and renderings anew: read the difference before it is kept.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from notifier.card import Card, File, Table
from notifier.delivery import ChatKind, Outgoing

CARDS: Final = Path(__file__).parent / "cards"
INDEX: Final = "_in_order.json"
SAID_BY: Final[dict[str, str]] = {
    "notifier.alerts.andon_card": "andon",
    "notifier.alerts.reporter_card": "andon-resolved",
    "notifier.alerts.calling_card": "andon",
    "notifier.alerts.lot_to_inspect": "lot",
    "notifier.alerts.lot_inspected": "inspected",
    "notifier.alerts.lot_expiring": "expiring",
    "notifier.order_cards.order_moved": "paused",
    "notifier.alerts.binding_requested": "binding",
    "notifier.alerts.binding_answered": "bound",
    "notifier.alerts.voided": "voided",
    "notifier.digests.daily.daily": "daily",
    "notifier.digests.standup.standup": "standup",
    "notifier.digests.directory.read": "directory",
    "notifier.digests.directory.left": "left",
    "notifier.digests.directory.failed": "directory-failed",
    "notifier.digests.directory.standing": "directory-standing",
    "notifier.floor.approval_card": "approval",
    "notifier.floor.handover_card": "handover",
    "notifier.floor.review_card": "review",
    "notifier.supplies.hold_placed": "held",
    "notifier.supplies.hold_lifted": "let-go",
    "notifier.supplies.requisition": "requisition",
    "notifier.supplies.requisition_moved": "requisition-taken",
    "notifier.supplies.slot_locked": "locked",
    "notifier.supplies.short_of": "short",
    "notifier.merging.summary": "merged",
    "notifier.quota.unheard": "quota",
    "notifier.sentences.refusal": "refusal",
}
"""Every function of the notifier that makes a card, and the card of the gallery that shows it."""

_ID: Final = re.compile(r"\d{9,}|(?<=\bB-)\d{6}")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A card of the gallery: its name, what it is, where it is said, whom it rings, and the card."""

    name: str
    what: str
    card: Card
    chat_kind: ChatKind = "direct"
    rings: dict[str, list[str]] = field(default_factory=dict)

    def out(self, platform: str) -> Outgoing:
        """Return it as the message that a platform is handed."""
        ids = self.rings.get(platform, [])
        kind = self.chat_kind
        chat = "cidLine3==" if kind == "group" else "0147"
        return Outgoing(id=1, key="out-1", chat_id=chat, chat_kind=kind, card=self.card, mentions=tuple(ids))


def longer(shown: Sequence[Shown]) -> list[Shown]:
    """Return what no demo day gives: tables near and beyond every limit, a picture, a file."""
    daily = next(it.card for it in shown if it.name == "daily")
    rows = tuple(_row(number) for number in range(1, 31))
    table = Table(header=("料号", "品名", "库位", "结存", "在检"), rows=rows)
    many = Table(header=table.header, rows=tuple(_row(number) for number in range(1, 1201)))
    stock = Card(title="库存", lines=("一号库，共 30 种料",), table=table)
    return [
        Shown(name="long-table", what="长表格", card=stock),
        Shown(name="too-long", what="太长：三条放不下，全文作附件", card=replace(stock, table=many)),
        Shown(name="picture", what="带图片", card=replace(daily, table=None, image="chart")),
        Shown(
            name="file",
            what="带文件",
            card=replace(daily, table=None, file=File(media="sheet", name="日报 03-02.xlsx")),
        ),
    ]


def _row(number: int) -> tuple[str, ...]:
    return (
        f"R-0402-{number:04}",
        f"贴片电阻 {number} kΩ",
        f"A-{number % 12 + 1:02}",
        f"{number * 137:,}",
        "" if number % 3 else "500",
    )


def to_json(shown: Shown) -> str:
    """Return a card of the gallery as its file; ids that differ from run to run are made the same."""
    card = shown.card.to_json() | {"mentions": [1] * len(shown.card.mentions)}
    plain = {"what": shown.what, "chat_kind": shown.chat_kind, "rings": shown.rings, "card": card}
    return _ID.sub("1", json.dumps(plain, ensure_ascii=False, indent=1)) + "\n"


def kept() -> list[Shown]:
    """Return the whole gallery from its files, in the order of a day, the longer ones last."""
    names = json.loads((CARDS / INDEX).read_text(encoding="utf-8"))
    shown = [_kept(name) for name in names]
    return [*shown, *longer(shown)]


def _kept(name: str) -> Shown:
    plain: dict[str, Any] = json.loads((CARDS / f"{name}.json").read_text(encoding="utf-8"))
    return Shown(name=name, **(plain | {"card": Card.from_json(plain["card"])}))
