"""Lots in the store and in the products: balances, holds, what is set aside, and what is refused."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

import pytest

from domain.actions import (
    consumption,
    counting,
    holds,
    lot_moves,
    lots,
    production,
    requisitions,
    shortage,
    undo,
)
from domain.errors import (
    CannotIssue,
    CannotMerge,
    Held,
    HeldAbove,
    IdentityFixed,
    LotReserved,
    NotHeld,
    NotIssued,
    StoodUpon,
    UsedUp,
)
from domain.models.genealogy import Confidence
from domain.models.lot import LotStatus
from domain.queries import picking
from domain.queries.holds import holds_over
from domain.store import lots as lot_store
from domain.store.office import Office
from domain.work import Work
from tests.store.feeders import ORDER, edges_of, fed_line, load, look
from tests.store.units_plant import Bench


@pytest.fixture
def bench(plant: Office) -> Iterator[Bench]:
    with fed_line(plant) as made:
        yield made


def test_a_part_split_off_is_held_with_its_whole_and_free_with_it(bench: Bench) -> None:
    part = bench.act(partial(lot_moves.split, lot="LOT-R2", quantity=Decimal(200)))["other"]
    assert part == "LOT-R2-1"
    bench.act(partial(holds.hold, code="LOT-R2"))
    with pytest.raises(Held):
        bench.act(partial(lots.issue, lot=part, quantity=Decimal(1), order=ORDER))
    with pytest.raises(HeldAbove):
        bench.act(partial(holds.lift, code=part))
    bench.act(partial(holds.lift, code="LOT-R2"))
    assert load(bench, "3", part)["verdict"] == "match"


def test_a_part_poured_back_is_no_split_any_more_and_a_circle_is_refused(bench: Bench) -> None:
    part = bench.act(partial(lot_moves.split, lot="LOT-R2", quantity=Decimal(200)))["other"]
    bench.act(partial(lot_moves.merge, lot=part, into="LOT-R2"))
    assert look(bench, "LOT-R2").on_hand == 600
    assert look(bench, part).status is LotStatus.CONSUMED
    other = bench.act(partial(lot_moves.split, lot="LOT-R2", quantity=Decimal(100)))["other"]
    bench.act(partial(lot_moves.merge, lot=other, into="LOT-R3"))
    with pytest.raises(CannotMerge):
        bench.act(partial(lot_moves.merge, lot="LOT-R3", into="LOT-R2"))
    with pytest.raises(CannotMerge):
        bench.act(partial(lot_moves.merge, lot="LOT-R2", into="LOT-0005"))


def test_what_has_been_made_of_is_not_taken_back_and_a_wrong_lot_is_put_right(bench: Bench) -> None:
    take = partial(lot_moves.bring_back, lot="LOT-0001", order="WO-1001")
    issue = partial(lots.issue, order="WO-1001", quantity=Decimal(100))
    bench.act(partial(issue, lot="LOT-0001"))
    number = bench.answers
    report = partial(production.report, order="WO-1001", operation="焊接")
    bench.act(partial(report, good=Decimal(50), rework=Decimal(10)))
    with pytest.raises(UsedUp) as refused:
        bench.act(partial(take, quantity=Decimal(41)))
    assert (refused.value.had, refused.value.left) == (Decimal(100), Decimal(40))
    with pytest.raises(StoodUpon) as stood:
        bench.act(partial(undo.undo, chat_key=bench.chat, number=number))
    assert stood.value.later == "work.reported"
    bench.act(partial(lots.receive, material="PR-PT100", lot_no="L-2", quantity=Decimal(100)))
    bench.act(partial(lots.inspect, lot="L-2", passed=True))
    bench.act(partial(issue, lot="L-2"))
    bench.act(partial(undo.undo, chat_key=bench.chat, number=number))
    assert look(bench, "LOT-0001").on_hand == 300
    bench.act(partial(take, lot="L-2", quantity=Decimal(40)))


def test_a_used_up_lot_lives_again_when_some_comes_back_or_is_found(bench: Bench) -> None:
    bench.act(partial(lots.issue, lot="LOT-0001", quantity=Decimal(300), order="WO-1001"))
    assert look(bench, "LOT-0001").status is LotStatus.CONSUMED
    with pytest.raises(NotIssued):
        bench.act(partial(lot_moves.bring_back, lot="LOT-0001", quantity=Decimal(301), order="WO-1001"))
    bench.act(partial(lot_moves.bring_back, lot="LOT-0001", quantity=Decimal(40), order="WO-1001"))
    assert look(bench, "LOT-0001").on_hand == Decimal(40)
    assert look(bench, "LOT-0001").status is LotStatus.RELEASED
    assert [edge.quantity for edge in edges_of(bench, "LOT-0001")] == [260]
    bench.act(partial(undo.undo, chat_key=bench.chat, number=bench.answers))
    assert look(bench, "LOT-0001").status is LotStatus.CONSUMED


def test_a_counted_difference_is_an_event_of_its_own_and_a_large_one_is_looked_at(bench: Bench) -> None:
    done = bench.act(partial(counting.count, lot="LOT-0001", counted=Decimal(299)))
    assert (done["difference"], done["approval"], done["on_hand"]) == (Decimal(-1), "", Decimal(299))
    done = bench.act(partial(counting.count, lot="LOT-0001", counted=Decimal(350)))
    assert done["difference"] == 51
    assert done["approval"].startswith("SP-")
    bench.act(partial(undo.undo, chat_key=bench.chat, number=bench.answers))
    assert look(bench, "LOT-0001").on_hand == 299


def test_a_rejected_lot_goes_back_and_nothing_is_issued_of_it(bench: Bench) -> None:
    bench.act(partial(lots.inspect, lot="LOT-0009", passed=False))
    bench.act(partial(lot_moves.send_back, lot="LOT-0009", reason="划伤"))
    found = look(bench, "LOT-0009")
    assert (found.status, found.on_hand) == (LotStatus.RETURNED, Decimal(0))
    with pytest.raises(CannotIssue):
        _issue(bench)


def _issue(bench: Bench) -> None:
    def job(work: Work) -> None:
        lot_store.lock(work, code="LOT-0009").issue(Decimal(1), at=work.now)

    bench.act(job)


def test_the_identity_of_a_lot_stays_after_its_first_use(bench: Bench) -> None:
    def rename(work: Work) -> None:
        lot_store.lock(work, code="LOT-0001").lot_no = "LOT-OTHER"
        work.record("lot.moved")

    bench.act(partial(lots.issue, lot="LOT-0001", quantity=Decimal(1), order="WO-1001"))
    with pytest.raises(IdentityFixed):
        bench.act(rename)


def test_one_number_of_two_makers_is_two_lots_with_two_names(bench: Bench) -> None:
    receive = partial(lots.receive, material="PR-PT100", lot_no="L777", quantity=Decimal(10))
    bench.act(partial(receive, supplier="华盛五金"))
    assert bench.act(partial(receive, supplier="风华元件"))["lot"] == "L777-2"
    assert look(bench, "PR-PT100/L777-2").supplier == "风华元件"


def test_what_is_set_aside_for_one_order_is_not_issued_to_another(bench: Bench) -> None:
    asked = bench.act(partial(requisitions.request, order="WO-1001"))
    assert {item["material"] for item in asked["items"]} == {"PR-PT100", "WIRE-08", "CASE-TS"}
    with pytest.raises(LotReserved):
        bench.act(partial(lots.issue, lot="LOT-0001", quantity=Decimal(200), order=bench.order))
    issue = partial(lots.issue, lot="LOT-0001", quantity=Decimal(200), order="WO-1001")
    assert bench.act(issue)["requisition"] == asked["requisition"]
    bench.act(partial(requisitions.cancel, number=1))
    bench.act(partial(lots.issue, lot="LOT-0002", quantity=Decimal(400), order=bench.order))


def test_the_pick_list_takes_what_expires_first_and_leaves_what_is_held(bench: Bench) -> None:
    def needed() -> list[tuple[str, Decimal]]:
        _order, needs = bench.office.read(partial(picking.pick_list, order=ORDER)).result()
        return [
            (pick.lot, pick.quantity)
            for need in needs
            for pick in need.picks
            if pick.material == "R-0603-10K"
        ]

    assert needed() == [("LOT-0004", Decimal(3600))]
    bench.act(partial(holds.hold, code="LOT-0004"))
    assert needed() == [("LOT-R2", Decimal(600)), ("LOT-R3", Decimal(600))]


def test_only_who_has_said_nothing_is_asked_and_once(bench: Bench) -> None:
    kit, sides = bench.act(partial(shortage.check, order="WO-1002"))
    assert not kit.complete
    assert sides == {"quality": ["PCB-PM200", "TR-12V"], "purchasing": ["CASE-PM"]}
    assert bench.act(partial(shortage.check, order="WO-1002"))[1] == {}


def test_a_hold_reaches_what_was_made_of_it_and_exact_is_told_from_shared(plant: Office) -> None:
    bench = Bench(plant, numbered=2)
    unit = bench.unit(bench.codes[0])
    exact = partial(consumption.consume_exact, unit=unit, lot="LOT-0001", quantity=Decimal(1), position="P1")

    def consume(work: Work) -> None:
        exact(work)
        work.record("unit.assembled", about=[("unit", unit.id)])

    bench.act(consume)
    bench.act(partial(lots.issue, lot="LOT-0002", quantity=Decimal(5), order=bench.order))
    bench.act(partial(holds.hold, code="LOT-0001", reason="漂移"))
    bench.act(partial(holds.hold, code="LOT-0002", reason="裂"))
    found = plant.read(partial(holds_over, kind="unit", ref=unit.id)).result()
    assert [(it.code, it.confidence) for it in found] == [
        ("LOT-0001", Confidence.EXACT),
        ("LOT-0002", Confidence.SHARED),
    ]
    bench.act(partial(holds.lift, code="LOT-0001"))
    with pytest.raises(NotHeld):
        bench.act(partial(holds.lift, code="LOT-0001"))
