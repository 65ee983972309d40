"""What may be said of pieces and boxes: numbered, passed, judged, assembled, packed, shipped."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import rule

from domain.actions import assembly, containers, judging, making_up, passing, returning, shipping, units
from domain.actions.going import Way
from domain.models.container import ContainerKind
from tests.machine.orders import OPEN, STEPS
from tests.machine.plant import HEAD, LEADER, PEOPLE, WHICH, Acting, Person

BOX = st.integers(1, 4)
FEW = st.integers(1, 4)
WAITING = ("queued", "rework")
ENTERING = "WO-5"
"""An order whose pieces enter a station before they pass it."""
VERDICTS: dict[str, Callable[[list[str]], Any]] = {
    "back": lambda codes: partial(judging.send_back, codes=codes),
    "aside": lambda codes: partial(judging.quarantine, codes=codes, reason="虚焊"),
    "scrap": lambda codes: partial(judging.scrap, codes=codes, reason="虚焊"),
}


class Units(Acting):
    """Acts on pieces with serial numbers."""

    @rule(who=PEOPLE, order=WHICH, count=FEW, boards=st.sampled_from([1, 1, 2]))
    def commission(self, who: Person, order: int, count: int, boards: int) -> None:
        target = self.of("work_order", order, among=lambda it: it.status in OPEN)
        said: dict[str, Any] = {"order": target, "count": count, "boards": boards}
        self.act(who, partial(units.generate, **said))

    @rule(who=PEOPLE, order=WHICH, number=st.integers(1, 9))
    def give(self, who: Person, order: int, number: int) -> None:
        codes = [f"SN{number}", f"SN{number + 1}"]
        self.act(who, partial(units.give, order=self.of("work_order", order), codes=codes))

    @rule(who=PEOPLE, which=WHICH, count=FEW, step=STEPS, bad=st.sampled_from([False, False, True]))
    def pass_any(self, who: Person, which: int, count: int, step: str, bad: bool) -> None:  # noqa: FBT001 (drawn)
        codes = self.several("unit", which, count)
        self.act(who, partial(passing.pass_units, codes=codes, operation=step, bad=bad, reason="虚焊"))

    @rule(which=WHICH, count=FEW, rounds=FEW, bad=st.sampled_from([False, False, False, True]))
    def go_on(self, which: int, count: int, rounds: int, bad: bool) -> None:  # noqa: FBT001 (drawn)
        """Let some pieces of one order go through operations where they stand, perhaps badly at the end."""
        codes = self.several("unit", which, count, among=lambda it: it.status in WAITING)
        for turn in range(rounds):
            self._go(codes, bad=bad and turn == rounds - 1)

    def _go(self, codes: list[str], *, bad: bool = False) -> None:
        said: dict[str, Any] = {"codes": codes, "operation": self._stands_at(codes[0])}
        self.act(LEADER, partial(passing.pass_units, **said, bad=bad, reason="虚焊"))

    @rule(which=WHICH, rounds=st.integers(2, 4), step=st.sampled_from(["", "", "焊接", "组装", "测试"]))
    def mend(self, which: int, rounds: int, step: str) -> None:
        """Let a piece fail where it stands, go back there or further, and on from there."""
        codes = self.several("unit", which, 1, among=lambda it: it.status in WAITING)
        self._go(codes, bad=True)
        self.act(LEADER, partial(judging.send_back, codes=codes, operation=step))
        for _ in range(rounds):
            self._go(codes)

    @rule(which=WHICH, stays=st.booleans())
    def go_in(self, which: int, stays: bool) -> None:  # noqa: FBT001 (drawn by hypothesis)
        """Let a piece enter the operation it waits for, and leave it unless it stays."""
        entering = {it.id for it in self.now.living("work_order") if it.code == ENTERING}
        codes = self.several(
            "unit", which, 1, among=lambda it: it.order_id in entering and it.status in WAITING
        )
        said: dict[str, Any] = {"codes": codes, "operation": self._stands_at(codes[0])}
        for way in (Way.IN,) if stays else (Way.IN, Way.OUT):
            self.act(LEADER, partial(passing.pass_units, **said, way=way))

    def _stands_at(self, code: str) -> str:
        """Return the operation that a piece waits for."""
        unit = next((it for it in self.now.living("unit") if it.code == code), None)
        tasks = [it for it in self.now.living("operation_task") if unit and it.order_id == unit.order_id]
        return next((it.name for it in tasks if unit and it.sequence == unit.sequence), "焊接")

    @rule(who=PEOPLE, which=WHICH)
    def scan(self, who: Person, which: int) -> None:
        """Scan a piece where one is signed on."""
        self.act(who, partial(passing.pass_units, codes=self.several("unit", which, 1)))

    @rule(who=PEOPLE, which=WHICH, verdict=st.sampled_from(sorted(VERDICTS)), step=STEPS, named=st.booleans())
    def judge(self, who: Person, which: int, verdict: str, step: str, named: bool) -> None:  # noqa: FBT001 (drawn)
        bad = ("failed", "quarantined", "returned")
        codes = self.several("unit", which, 1, among=lambda it: it.status in bad)
        more: dict[str, Any] = {"operation": step} if named and verdict == "back" else {}
        self.act(who, partial(VERDICTS[verdict](codes), **more))

    @rule(who=PEOPLE, which=WHICH)
    def divide(self, who: Person, which: int) -> None:
        panel = self.of("unit", which, among=lambda it: it.is_panel and it.pieces > 0)
        self.act(who, partial(units.divide, panel=panel))

    @rule(who=PEOPLE, which=WHICH, part=WHICH, lot=st.booleans())
    def assemble(self, who: Person, which: int, part: int, lot: bool) -> None:  # noqa: FBT001 (drawn)
        code = self.of("lot", part) if lot else self.of("unit", part, among=lambda it: it.status == "done")
        self.act(who, partial(assembly.assemble, unit=self.of("unit", which), parts=[code]))

    @rule(who=PEOPLE, which=WHICH, part=WHICH)
    def exchange_part(self, who: Person, which: int, part: int) -> None:
        inside = [
            it for it in self.now.edges() if it.child_kind == "unit" and it.parent_kind in ("lot", "unit")
        ]
        edge = inside[which % len(inside)] if inside else None
        unit = self.now.tables["unit"][edge.child_id].code if edge else self.of("unit", which)
        old = self.now.tables[edge.parent_kind][edge.parent_id].code if edge else self.of("lot", which)
        new = self.of("unit", part, among=lambda it: it.status == "done")
        self.act(who, partial(assembly.exchange, unit=unit, old=old, new=new))

    @rule(who=PEOPLE, which=WHICH, how=st.sampled_from(["made up", "merged", "skip", "deny"]))
    def answer_finding(self, who: Person, which: int, how: str) -> None:
        number = self.number("finding", which, among=lambda it: it.status == "open")
        jobs: dict[str, Any] = {
            "made up": partial(making_up.make_up, number=number),
            "merged": partial(making_up.make_up, number=number, merged=True),
            "skip": partial(making_up.approve_skip, number=number, reason="不用测"),
            "deny": partial(making_up.deny, number=number),
        }
        self.act(who, jobs[how])


class Boxes(Acting):
    """Acts on containers and shipments."""

    @rule(who=PEOPLE, box=BOX, which=WHICH, count=FEW)
    def pack(self, who: Person, box: int, which: int, count: int) -> None:
        codes = self.several("unit", which, count, among=lambda it: it.status == "done")
        self.act(who, partial(containers.pack, container=f"BOX-{box}", codes=codes))

    @rule(who=PEOPLE, box=BOX, order=WHICH, quantity=FEW)
    def pack_order(self, who: Person, box: int, order: int, quantity: int) -> None:
        said: dict[str, Any] = {"codes": [self.of("work_order", order)], "quantity": Decimal(quantity)}
        self.act(who, partial(containers.pack, container=f"BOX-{box}", **said))

    @rule(who=PEOPLE, which=WHICH, count=FEW)
    def pack_pallet(self, who: Person, which: int, count: int) -> None:
        codes = self.several("container", which, count, among=lambda it: it.status == "closed")
        said: dict[str, Any] = {"codes": codes, "kind": ContainerKind.PALLET}
        self.act(who, partial(containers.pack, container=f"PL-{which % 2}", **said))

    @rule(who=PEOPLE, which=WHICH, count=FEW)
    def unpack(self, who: Person, which: int, count: int) -> None:
        box = self.of("container", which, among=lambda it: it.status == "open")
        codes = self.several("unit", which, count, among=lambda it: it.status == "packed")
        self.act(who, partial(containers.unpack, container=box, codes=codes))

    @rule(who=PEOPLE, which=WHICH, says=st.integers(0, 6))
    def close_box(self, who: Person, which: int, says: int) -> None:
        box = self.of("container", which, among=lambda it: it.status == "open")
        label = Decimal(says) if says > 3 else None  # half of them have none
        self.act(who, partial(containers.close, container=box, labelled=label))

    @rule(who=PEOPLE, which=WHICH)
    def open_box(self, who: Person, which: int) -> None:
        box = self.of("container", which, among=lambda it: it.status == "closed")
        self.act(who, partial(containers.reopen, container=box, reason="贴错标"))

    @rule(who=PEOPLE, which=WHICH, loose=st.booleans())
    def ship(self, who: Person, which: int, loose: bool) -> None:  # noqa: FBT001 (drawn by hypothesis)
        boxes = self.several("container", which, 1, among=lambda it: it.status == "closed")
        pieces = self.several("unit", which, 1, among=lambda it: it.status == "done")
        self.act(who, partial(shipping.ship, codes=pieces if loose else boxes, customer="恒信仪表"))

    @rule(who=PEOPLE, which=WHICH, table=st.sampled_from(["shipment", "container", "unit"]))
    def take_back(self, who: Person, which: int, table: str) -> None:
        code = self.of(table, which, among=lambda it: it.status == "shipped")
        self.act(who, partial(returning.take_back, codes=[code], reason="客户退货"))

    @rule(who=PEOPLE, which=WHICH, quantity=FEW)
    def take_some_back(self, who: Person, which: int, quantity: int) -> None:
        """Let some pieces come back of those in a box that have no numbers."""
        box = self.of("container", which, among=lambda it: it.status == "shipped")
        said: dict[str, Any] = {"codes": [box], "quantity": Decimal(quantity), "reason": "不亮"}
        self.act(who, partial(returning.take_back, **said))

    @rule(who=PEOPLE, which=WHICH, table=st.sampled_from(["lot", "unit", "container", "work_order"]))
    def complain(self, who: Person, which: int, table: str) -> None:
        said: dict[str, Any] = {"code": self.of(table, which), "customer": "恒信仪表", "text": "不亮"}
        self.act(who, partial(shipping.complain, **said))

    @rule()
    def make_a_box(self) -> None:
        """Let one piece be made, packed, closed over and shipped, as far as it goes."""
        codes = self.several("unit", 0, 1, among=lambda it: it.status == "queued")
        for step in ("焊接", "组装", "测试", "包装"):
            self.act(LEADER, partial(passing.pass_units, codes=codes, operation=step))
        self.act(HEAD, partial(containers.pack, container="BOX-1", codes=codes))
        self.act(HEAD, partial(containers.close, container="BOX-1"))
