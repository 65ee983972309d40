"""Lots in the store, at the slots and in the products: balances, matches, holds, and what is refused."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

import pytest
from sqlalchemy import select

from domain.actions import (
    consumption,
    counting,
    holds,
    loading,
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
    LotShort,
    NotHeld,
    NotIssued,
    SlotLocked,
    SlotTaken,
    StoodUpon,
)
from domain.models.genealogy import Confidence, Edge
from domain.models.journal import Event
from domain.models.lot import Lot, LotStatus
from domain.queries import lots as lot_queries
from domain.queries import picking, verify
from domain.queries.holds import holds_over
from domain.queries.lots import LotView
from domain.store import lots as lot_store
from domain.store.office import Office
from domain.work import Work
from tests.store.feeders import ORDER, fed
from tests.store.units_plant import Bench


@pytest.fixture
def bench(plant: Office) -> Iterator[Bench]:
    """A fed line; whatever was done, state is the sum of events and every lot balances."""
    made = fed(plant)
    yield made
    differences, _events = plant.read(verify.differences).result()
    assert differences == []
    plant.read(_balances).result()


def _balances(work: Work) -> None:
    for lot in work.session.scalars(select(Lot).where(~Lot.void)):
        came = lot.received + lot.returned + lot.split_in
        assert lot.on_hand >= 0, lot.code
        assert came == lot.issued + lot.scrapped + lot.split_out + lot.on_hand, lot.code


def look(bench: Bench, code: str) -> LotView:
    """Return a lot as it stands."""
    return bench.office.read(partial(lot_queries.lot, code=code)).result()


def load(bench: Bench, slot: str, lot: str, who: str = "zhoujianguo") -> loading.Loaded:
    """Load a lot at the surface mounter."""
    job = partial(loading.load, station="ST-101", slot=slot, lot=lot, order=ORDER)
    return bench.act(job, who=who)


def report(bench: Bench, good: int, scrap: int = 0) -> None:
    """Report pieces of the surface mounter."""
    job = partial(production.report, order=ORDER, operation="贴片")
    bench.act(partial(job, good=Decimal(good), scrap=Decimal(scrap)), who="liuyang")


def edges_of(bench: Bench, lot: str) -> list[Edge]:
    """Return the living edges out of a lot."""

    def read(work: Work) -> list[Edge]:
        found = lot_store.known(work, code=lot)
        query = select(Edge).where(Edge.parent_kind == "lot", Edge.parent_id == found.id, ~Edge.void)
        return list(work.session.scalars(query.order_by(Edge.id)))

    return bench.office.read(read).result()


def test_what_is_reported_is_taken_from_what_is_loaded(bench: Bench) -> None:
    assert load(bench, "3", "LOT-R2")["verdict"] == "match"
    report(bench, 20, scrap=1)
    assert look(bench, "LOT-R2").on_hand == 600 - 21 * 12
    (edge,) = edges_of(bench, "LOT-R2")
    assert (edge.quantity, edge.confidence, edge.position) == (Decimal(252), Confidence.SHARED, "ST-101/3")
    assert look(bench, "LOT-0005").on_hand == 8000, "nothing is taken of what is not loaded"


def test_a_reel_that_runs_out_gives_the_rest_and_says_what_is_missing(bench: Bench) -> None:
    load(bench, "3", "LOT-R2")
    report(bench, 60)
    said = bench.office.read(_newest_report).result()
    assert [(it["lot"], it["quantity"], it["missing"]) for it in said] == [("LOT-R2", "600", "120")]
    assert look(bench, "LOT-R2").status is LotStatus.CONSUMED
    report(bench, 1)
    said = bench.office.read(_newest_report).result()
    assert [(it["quantity"], it["missing"]) for it in said] == [("0", "132")], "it is said again"
    bench.act(partial(loading.exchange, station="ST-101", slot="3", lot="LOT-R3"))
    report(bench, 1)
    assert look(bench, "LOT-R3").on_hand == 600 - 132 - 12, "the next reel gives what was missing"


def _newest_report(work: Work) -> list[dict[str, str]]:
    query = select(Event.data).where(Event.type == "work.reported").order_by(Event.id.desc())
    data = work.session.scalars(query).first()
    assert data is not None
    return list(data["consumed"])


def test_an_exchange_takes_what_was_made_before_from_the_old_reel(bench: Bench) -> None:
    load(bench, "3", "LOT-R2")
    exchange = partial(loading.exchange, station="ST-101", slot="3", lot="LOT-R3", left=Decimal(500))
    assert bench.act(exchange)["verdict"] == "match"
    report(bench, 20)  # 240 pieces: the 100 that had left the old reel, then the new one
    assert look(bench, "LOT-R2").on_hand == 500
    assert look(bench, "LOT-R3").on_hand == 600 - 140
    report(bench, 10)
    assert look(bench, "LOT-R2").on_hand == 500, "what was taken out is settled by one report"


def test_a_held_reel_is_not_used_and_what_was_made_of_it_before_is_kept_in_the_trace(bench: Bench) -> None:
    load(bench, "3", "LOT-R2")
    bench.act(partial(holds.hold, code="LOT-R2", reason="氧化"))
    with pytest.raises(Held):
        report(bench, 5)
    bench.act(partial(loading.exchange, station="ST-101", slot="3", lot="LOT-R3"))
    report(bench, 5)
    assert look(bench, "LOT-R2").on_hand == 600
    assert [edge.quantity for edge in edges_of(bench, "LOT-R2")] == [0]
    assert look(bench, "LOT-R3").on_hand == 600 - 60


def test_what_was_issued_beforehand_is_not_taken_again(bench: Bench) -> None:
    bench.act(partial(lots.issue, lot="LOT-0003", quantity=Decimal("0.1"), order="WO-1001"))
    load(bench, "3", "LOT-R2")
    before = look(bench, "LOT-0003").on_hand
    report(bench, 10)
    assert look(bench, "LOT-0003").on_hand == before


def test_a_wrong_reel_is_refused_and_the_third_locks_the_slot(bench: Bench) -> None:
    verdicts = [load(bench, "3", "LOT-0006", who="zhangwei")["verdict"] for _ in range(3)]
    assert verdicts == ["wrong", "wrong", "locked"]
    with pytest.raises(SlotLocked):
        load(bench, "3", "LOT-R2")
    unlock = partial(loading.unlock, station="ST-101", slot="3", reason="看清了")
    with pytest.raises(Exception, match="not_permitted"):
        bench.act(unlock, who="zhangwei")
    bench.act(unlock, who="wangxiulan")
    assert load(bench, "3", "LOT-R2")["verdict"] == "match"


def test_who_locked_a_slot_does_not_unlock_it_while_others_are_there(bench: Bench) -> None:
    for _ in range(3):
        load(bench, "3", "LOT-0006", who="liuyang")
    unlock = partial(loading.unlock, station="ST-101", slot="3", reason="看清了")
    with pytest.raises(Exception, match="not_your_own"):
        bench.act(unlock, who="liuyang")


def test_a_right_scan_in_between_starts_the_count_anew(bench: Bench) -> None:
    load(bench, "3", "LOT-0006")
    load(bench, "3", "LOT-0006")
    assert load(bench, "3", "LOT-R2")["verdict"] == "match"
    bench.act(partial(loading.unload, station="ST-101", slot="3"))
    assert load(bench, "3", "LOT-0006")["wrong"] == 1


def test_an_alternate_warns_and_another_lot_is_exchanged_not_loaded_over(bench: Bench) -> None:
    bench.act(partial(holds.lift, code="LOT-0010"))
    assert load(bench, "4", "LOT-0010")["verdict"] == "alternate"
    assert load(bench, "4", "LOT-0010")["verdict"] == "again"
    with pytest.raises(SlotTaken):
        load(bench, "4", "LOT-0005")


def test_undoing_a_report_gives_back_what_it_took_and_a_load_it_stands_on_stays(bench: Bench) -> None:
    load(bench, "3", "LOT-R2")
    loaded = bench.answers
    report(bench, 20)
    with pytest.raises(StoodUpon):
        bench.act(partial(undo.undo, chat_key=bench.chat, number=loaded))
    bench.act(partial(undo.undo, chat_key=bench.chat, number=loaded + 1))
    assert look(bench, "LOT-R2").on_hand == 600
    assert edges_of(bench, "LOT-R2") == []
    bench.act(partial(undo.undo, chat_key=bench.chat, number=loaded))
    assert load(bench, "3", "LOT-R3")["verdict"] == "match"


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


def test_staged_material_is_used_when_it_is_loaded_and_reported_or_comes_back(bench: Bench) -> None:
    issued = bench.act(partial(lots.issue, lot="LOT-R2", quantity=Decimal(600), order=ORDER))
    assert (issued["staged"], issued["on_hand"]) == (True, Decimal(600))
    with pytest.raises(LotShort):
        bench.act(partial(lots.issue, lot="LOT-R2", quantity=Decimal(1), order=ORDER))
    load(bench, "3", "LOT-R2")
    report(bench, 20)
    bench.act(partial(lot_moves.bring_back, lot="LOT-R2", quantity=Decimal(360), order=ORDER))
    assert look(bench, "LOT-R2").on_hand == 360
    with pytest.raises(NotIssued):
        bench.act(partial(lot_moves.bring_back, lot="LOT-R2", quantity=Decimal(241), order=ORDER))


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
