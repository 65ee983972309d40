"""The lots of the past: received and inspected before the first order they serve, issued to each."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from bot.load.leaves import EPOCH, MILLISECOND, Change
from bot.load.plant import EXACT, PARTS, Part
from bot.load.story import Story, begins, node
from domain.models.columns import plain
from domain.models.genealogy import How
from domain.models.lot import LotStatus

AHEAD: Final = timedelta(days=7)
SPARE: Final = Decimal("1.05")


@dataclass(frozen=True, kw_only=True)
class Supply:
    """The lot of a part from which an order is served, and what it had issued before."""

    part: Part
    ref: int
    code: str
    received: Decimal
    issued: Decimal
    taken: Decimal


def supplies(story: Story) -> list[Supply]:
    """Return the lots that serve this order, one of each part."""
    return [_supply(story, at, part) for at, part in enumerate(PARTS)]


def _supply(story: Story, at: int, part: Part) -> Supply:
    first = story.number - story.number % part.orders
    each = part.each * story.size.units
    moment = begins(story.size, first) - AHEAD
    return Supply(
        part=part,
        ref=((moment - EPOCH) // MILLISECOND << 22) | (node(first) << 12) | (at + 1),
        code=f"{part.code}-{first // part.orders + 1:05}",
        received=each * part.orders * SPARE,
        issued=each * (story.number - first),
        taken=each,
    )


def receive(story: Story) -> None:
    """Receive and inspect the lots of which this is the first order."""
    for supply in supplies(story):
        if story.number % supply.part.orders:
            continue
        story.rows.go_to(story.begins - AHEAD + timedelta(minutes=1))
        story.someone("warehouse")
        story.say(f"收料 {supply.part.code} {supply.code}")
        data = {"lot": supply.code, "material": supply.part.code, "quantity": plain(supply.received)}
        story.rows.record("lot.received", [_new_lot(story, supply)], data=data)
        story.someone("quality")
        story.say(f"检验 {supply.code} 合格")
        passed = story.rows.change("lot", supply.ref, status=LotStatus.RELEASED)
        story.rows.record("lot.inspected", [passed], data=data)
        served = min(supply.part.orders, story.size.orders - story.number)
        issued = supply.taken * served
        story.rows.change("lot", supply.ref, issued=issued, on_hand=supply.received - issued)


def _new_lot(story: Story, supply: Supply) -> Change:
    return story.rows.make(
        "lot",
        id=supply.ref,
        code=supply.code,
        lot_no=supply.code,
        material_id=story.ground.parts[supply.part.code],
        supplier="负载供应商",
        unit="个",
        received=supply.received,
        on_hand=supply.received,
        place="LOC-A1",
        received_at=story.rows.at,
        status=LotStatus.IN_INSPECTION,
    )


def issue(story: Story, *, order: int) -> None:
    """Issue to the order what it needs; a part that is told by the piece has its edges there."""
    story.someone("warehouse")
    story.say(f"发料 {story.code}")
    for supply in supplies(story):
        left = supply.received - supply.issued
        stood = {"issued": supply.issued, "on_hand": left}
        stands = {"issued": supply.issued + supply.taken, "on_hand": left - supply.taken}
        changes: list[Change] = [("lot", supply.ref, _plain(stood), _plain(stands))]
        if supply.part.confidence is not EXACT:
            ends = ("lot", supply.ref), ("order", order)
            sure = supply.part.confidence
            changes.append(story.edge(*ends, quantity=supply.taken, how=How.CONSUMED, confidence=sure))
        data = story.named(lot=supply.code, material=supply.part.code, quantity=plain(supply.taken))
        story.rows.record("lot.issued", changes, data=data, about=[("work_order", order)])


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in values.items()}
