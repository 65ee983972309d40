"""What may be said of material: received, issued, split, merged, counted, held, loaded."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import rule

from domain.actions import (
    counting,
    holds,
    loading,
    lot_moves,
    lots,
    production,
    purchasing,
    requisitions,
    shortage,
    timers,
)
from tests.machine.orders import OPEN
from tests.machine.plant import LEADER, NIGHT, PEOPLE, WHICH, Acting, Person

QUANTITY = st.integers(0, 60)
MATERIALS = st.sampled_from(
    ["PR-PT100", "CASE-TS", "LED-2835W", "LED-2835N", "PCB-LD50", "PASTE-305", "没有这个"]
)
SLOTS = st.sampled_from(["1", "3", "3", "4", "9"])
"""Of the lamp board: boards in 1, lamps in 3, resistors in 4."""


class Lots(Acting):
    """Acts on lots, in the store and at the slots."""

    @rule(who=PEOPLE, material=MATERIALS, quantity=QUANTITY, name=st.integers(1, 9), days=st.integers(0, 40))
    def receive(self, who: Person, material: str, quantity: int, name: int, days: int) -> None:
        until = self.now.at + timedelta(days=days) if days < 20 else None  # half of them end
        said: dict[str, Any] = {
            "material": material,
            "lot_no": f"L-{name}",
            "quantity": Decimal(quantity),
            "expires_at": until,
        }
        self.act(who, partial(lots.receive, **said))

    @rule(who=PEOPLE, which=WHICH, passed=st.sampled_from([True, True, False]))
    def inspect(self, who: Person, which: int, passed: bool) -> None:  # noqa: FBT001 (drawn by hypothesis)
        lot = self.of("lot", which, among=lambda it: it.status == "in_inspection")
        self.act(who, partial(lots.inspect, lot=lot, passed=passed))

    @rule(who=PEOPLE, which=WHICH, order=WHICH, quantity=QUANTITY)
    def issue(self, who: Person, which: int, order: int, quantity: int) -> None:
        target = self.of("work_order", order, among=lambda it: it.status in OPEN)
        wanted = self._wanted(target)
        lot = self.of("lot", which, among=lambda it: it.material_id in wanted and it.status == "released")
        self.act(who, partial(lots.issue, lot=lot, order=target, quantity=Decimal(quantity)))

    def _wanted(self, order: str) -> set[int]:
        """Return the materials that go into an order."""
        boms = {it.bom_id for it in self.now.living("work_order") if it.code == order}
        return {it.material_id for it in self.now.tables["bom_line"].values() if it.bom_id in boms}

    @rule(who=PEOPLE, which=WHICH, quantity=QUANTITY)
    def bring_back(self, who: Person, which: int, quantity: int) -> None:
        used = [it for it in self.now.edges() if (it.parent_kind, it.child_kind) == ("lot", "order")]
        edge = used[which % len(used)] if used else None
        lot = self.now.tables["lot"][edge.parent_id].code if edge else self.of("lot", which)
        order = self.now.tables["work_order"][edge.child_id].code if edge else self.of("work_order", which)
        self.act(who, partial(lot_moves.bring_back, lot=lot, order=order, quantity=Decimal(quantity)))

    @rule(who=PEOPLE, which=WHICH, quantity=QUANTITY)
    def split(self, who: Person, which: int, quantity: int) -> None:
        self.act(who, partial(lot_moves.split, lot=self.of("lot", which), quantity=Decimal(quantity)))

    @rule(who=PEOPLE, which=WHICH, other=WHICH)
    def merge(self, who: Person, which: int, other: int) -> None:
        lot = self.of("lot", which)
        source = next((it for it in self.now.living("lot") if it.code == lot), None)
        into = self.of(
            "lot",
            other,
            among=lambda it: source is not None and it.material_id == source.material_id and it is not source,
        )
        self.act(who, partial(lot_moves.merge, lot=lot, into=into))

    @rule(who=PEOPLE, which=WHICH, place=st.sampled_from(["LOC-A1", "LOC-Q1"]))
    def move(self, who: Person, which: int, place: str) -> None:
        self.act(who, partial(lot_moves.move, lot=self.of("lot", which), place=place))

    @rule(who=PEOPLE, which=WHICH, quantity=st.integers(-1, 60))
    def count(self, who: Person, which: int, quantity: int) -> None:
        self.act(who, partial(counting.count, lot=self.of("lot", which), counted=Decimal(quantity)))

    @rule(who=PEOPLE, which=WHICH)
    def send_back(self, who: Person, which: int) -> None:
        lot = self.of("lot", which, among=lambda it: it.status in ("rejected", "quarantined"))
        self.act(who, partial(lot_moves.send_back, lot=lot))

    @rule(who=PEOPLE, which=WHICH, table=st.sampled_from(["lot", "lot", "unit", "work_order", "container"]))
    def hold(self, who: Person, which: int, table: str) -> None:
        self.act(who, partial(holds.hold, code=self.of(table, which), reason="品质可疑"))

    @rule(who=PEOPLE, which=WHICH, table=st.sampled_from(["lot", "lot", "unit", "work_order", "container"]))
    def lift(self, who: Person, which: int, table: str) -> None:
        held = {it.ref for it in self.now.living("hold") if it.until is None}
        code = self.of(table, which, among=lambda it: it.id in held)
        self.act(who, partial(holds.lift, code=code))

    @rule(who=PEOPLE, which=WHICH, slot=SLOTS, told=st.booleans())
    def load(self, who: Person, which: int, slot: str, told: bool) -> None:  # noqa: FBT001 (drawn)
        order, lot = "WO-3" if told else "", self._reel(which)
        self.act(who, partial(loading.load, station="ST-101", slot=slot, lot=lot, order=order))

    def _reel(self, which: int) -> str:
        """Return a lot that goes into lamp boards, as a rule."""
        wanted = self._wanted("WO-3")
        return self.of("lot", which, among=lambda it: it.material_id in wanted and it.status == "released")

    @rule()
    def feed(self) -> None:
        """Load what the lamp boards take."""
        for slot, lot in (("1", "L-PCB"), ("3", "L-LED"), ("4", "L-R")):
            self.act(LEADER, partial(loading.load, station="ST-101", slot=slot, lot=lot, order="WO-3"))

    @rule(good=st.integers(1, 3), scrap=st.integers(0, 1))
    def make_lamps(self, good: int, scrap: int) -> None:
        """Feed the line, and report what was made of it."""
        self.feed()
        made: dict[str, Any] = {"good": Decimal(good), "scrap": Decimal(scrap)}
        made["reasons"] = {"scrap": "虚焊"} if scrap else {}
        self.act(NIGHT, partial(production.report, order="WO-3", operation="贴片", **made))

    @rule(who=PEOPLE, which=WHICH, slot=SLOTS, left=st.integers(0, 20))
    def exchange(self, who: Person, which: int, slot: str, left: int) -> None:
        lot = self._reel(which)
        said: dict[str, Any] = {"left": Decimal(left) if left < 10 else None}
        self.act(who, partial(loading.exchange, station="ST-101", slot=slot, lot=lot, **said))

    @rule(who=PEOPLE, slot=SLOTS, left=st.integers(0, 20))
    def unload(self, who: Person, slot: str, left: int) -> None:
        self.act(who, partial(loading.unload, station="ST-101", slot=slot, left=Decimal(left)))

    @rule(who=PEOPLE, slot=SLOTS)
    def unlock(self, who: Person, slot: str) -> None:
        self.act(who, partial(loading.unlock, station="ST-101", slot=slot, reason="看过了"))

    @rule(who=PEOPLE, order=WHICH, material=MATERIALS, quantity=st.integers(0, 9), whole=st.booleans())
    def request(self, who: Person, order: int, material: str, quantity: int, whole: bool) -> None:  # noqa: FBT001 (drawn)
        said: dict[str, Any] = {} if whole else {"material": material, "quantity": Decimal(quantity)}
        target = self.of("work_order", order, among=lambda it: it.status in OPEN)
        self.act(who, partial(requisitions.request, order=target, **said))

    @rule(who=PEOPLE, which=WHICH, done=st.booleans())
    def answer_requisition(self, who: Person, which: int, done: bool) -> None:  # noqa: FBT001 (drawn)
        number = self.number("requisition", which, among=lambda it: it.status in ("requested", "taken"))
        self.act(who, partial(requisitions.take if done else requisitions.cancel, number=number))

    @rule(who=PEOPLE, material=MATERIALS, quantity=QUANTITY, hours=st.integers(1, 99))
    def expect(self, who: Person, material: str, quantity: int, hours: int) -> None:
        promised = self.now.at + timedelta(hours=hours)
        said: dict[str, Any] = {"quantity": Decimal(quantity), "promised_at": promised}
        self.act(who, partial(purchasing.expect, material=material, **said))

    @rule(who=PEOPLE, order=WHICH)
    def look_for_shortage(self, who: Person, order: int) -> None:
        self.act(who, partial(shortage.check, order=self.of("work_order", order)))

    @rule(who=PEOPLE, which=WHICH, word=st.sampled_from(["水洗", "水洗", "回温", "开封", ""]))
    def start_clock(self, who: Person, which: int, word: str) -> None:
        self.act(who, partial(timers.start, thing=self.of("lot", which), word=word))

    @rule(who=PEOPLE, which=WHICH, waived=st.booleans())
    def end_clock(self, who: Person, which: int, waived: bool) -> None:  # noqa: FBT001 (drawn by hypothesis)
        thing = self.of("timer", which)
        job = (
            partial(timers.waive, thing=thing, reason="试过了")
            if waived
            else partial(timers.end, thing=thing)
        )
        self.act(who, job)
