"""Lots at the slots of a station: matched, exchanged, locked out, and used by what is reported."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

import pytest
from sqlalchemy import select

from domain.actions import (
    holds,
    loading,
    lot_moves,
    lots,
    undo,
)
from domain.errors import (
    Held,
    LotShort,
    NotIssued,
    SlotLocked,
    SlotTaken,
    StoodUpon,
)
from domain.models.genealogy import Confidence
from domain.models.journal import Event
from domain.models.lot import LotStatus
from domain.store.office import Office
from domain.work import Work
from tests.store.feeders import ORDER, edges_of, fed_line, load, look, report
from tests.store.units_plant import Bench


@pytest.fixture
def bench(plant: Office) -> Iterator[Bench]:
    with fed_line(plant) as made:
        yield made


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


def test_what_is_left_on_a_reel_beyond_what_can_be_is_a_count(bench: Bench) -> None:
    load(bench, "3", "LOT-R2")
    change = partial(loading.exchange, station="ST-101", slot="3")
    assert bench.act(partial(change, lot="LOT-R3", left=Decimal(650)))["rest"]["difference"] == 50
    assert look(bench, "LOT-R2").on_hand == 650
    assert bench.act(partial(change, lot="LOT-R2", left=Decimal(0)))["rest"]["difference"] == 0
    bench.act(partial(undo.undo, chat_key=bench.chat, number=bench.answers))
    bench.act(partial(undo.undo, chat_key=bench.chat, number=bench.answers - 2))
    assert look(bench, "LOT-R2").on_hand == 600


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


def test_a_reel_that_is_put_back_finds_its_slot_free(bench: Bench) -> None:
    load(bench, "3", "LOT-R2")
    for _ in range(8):  # rows are written in no order of their own: once would pass by luck
        bench.act(partial(loading.exchange, station="ST-101", slot="3", lot="LOT-R3"))
        bench.act(partial(undo.undo, chat_key=bench.chat, number=bench.answers))
    report(bench, 1)
    assert [edge.position for edge in edges_of(bench, "LOT-R2")] == ["ST-101/3"]


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
