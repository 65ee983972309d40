"""冻结清单: a hold ends with the last of what it holds, and comes back when that does."""

from decimal import Decimal
from functools import partial

import pytest

from domain.actions import holds, judging, lot_moves, lots, nonconformance, passing, undo
from domain.errors import Held
from domain.models.nonconformance import Disposition
from domain.models.unit import UnitStatus
from domain.queries import frozen, verify
from domain.store.office import Office
from tests.store.units_plant import Bench

LOT = "LOT-0002"


@pytest.fixture
def bench(plant: Office) -> Bench:
    """Return a bench on which one lot is held."""
    made = Bench(plant)
    made.act(partial(holds.hold, code=LOT, reason="裂"))
    return made


def listed(bench: Bench) -> dict[str, bool]:
    """Return the lots and pieces of the list: whether each has left the house."""
    page = bench.office.read(frozen.now).result()
    return {it.code: it.gone for it in page.things if it.code.startswith(LOT) or it.code in bench.codes}


def sound(bench: Bench) -> bool:
    return bench.office.read(verify.differences).result()[0] == []


def test_the_hold_ends_when_all_of_it_goes_back_and_lives_again_with_it(bench: Bench) -> None:
    done = bench.act(partial(lot_moves.send_back, lot=LOT))
    assert (done["unheld"], done["held_by"]) == (True, "")
    assert listed(bench) == {}
    bench.act(partial(undo.undo, chat_key=bench.chat, number=bench.answers))
    assert listed(bench) == {LOT: False}
    with pytest.raises(Held):
        bench.act(partial(lots.issue, lot=LOT, quantity=Decimal(1), order=bench.order))
    assert sound(bench)


def test_what_was_made_of_it_stays_held_when_the_rest_goes_back(plant: Office) -> None:
    bench = Bench(plant)
    bench.act(partial(lots.issue, lot=LOT, quantity=Decimal(5), order=bench.order))
    bench.act(partial(holds.hold, code=LOT, reason="裂"))
    done = bench.act(partial(lot_moves.send_back, lot=LOT))
    assert (done["unheld"], done["held_by"]) == (False, LOT)
    assert listed(bench) == {LOT: True}
    bench.act(partial(holds.lift, code=LOT))
    assert listed(bench) == {}
    assert sound(bench)


def test_the_hold_lasts_until_the_last_part_is_gone(bench: Bench) -> None:
    part = bench.act(partial(lot_moves.split, lot=LOT, quantity=Decimal(20)))["other"]
    assert bench.act(partial(lot_moves.send_back, lot=LOT))["held_by"] == LOT
    assert listed(bench) == {LOT: True, part: False}
    assert bench.act(partial(lot_moves.send_back, lot=part))["unheld"]
    assert listed(bench) == {}
    assert sound(bench)


@pytest.mark.parametrize("disposition", [Disposition.RETURN, Disposition.SCRAP])
def test_what_a_review_gives_up_is_held_no_more(bench: Bench, disposition: Disposition) -> None:
    review = bench.act(partial(nonconformance.raise_, things=[LOT], defect="裂"), who="zhangwei")["review"]
    number = int(review.removeprefix("NCR-"))
    bench.act(partial(nonconformance.judge, number=number, disposition=disposition))
    assert listed(bench) == {}
    bench.act(partial(undo.undo, chat_key=bench.chat, number=bench.answers))
    assert listed(bench) == {LOT: False}
    assert sound(bench)


@pytest.fixture
def failed(plant: Office) -> Bench:
    """Return a bench with two pieces that failed."""
    made = Bench(plant, numbered=2)
    made.act(partial(passing.pass_units, codes=made.codes, operation="焊接", bad=True, reason="裂"))
    return made


def scrap(bench: Bench, *codes: str) -> bool:
    return bench.act(partial(judging.scrap, codes=codes, reason="裂"))["unheld"]


def test_the_hold_of_a_piece_ends_when_it_is_scrapped_and_lives_again_with_it(failed: Bench) -> None:
    one, two = failed.codes
    for code in failed.codes:
        failed.act(partial(holds.hold, code=code, reason="裂"))
    assert scrap(failed, one)
    assert listed(failed) == {two: False}
    failed.act(partial(undo.undo, chat_key=failed.chat, number=failed.answers))
    assert listed(failed) == {one: False, two: False}
    assert failed.unit(one).status is UnitStatus.FAILED
    assert scrap(failed, one, two)
    assert listed(failed) == {}
    assert sound(failed)


def test_a_piece_scrapped_by_a_review_is_held_no_more(failed: Bench) -> None:
    one = failed.codes[0]
    failed.act(partial(holds.hold, code=one, reason="裂"))
    review = failed.act(partial(nonconformance.raise_, things=[one], defect="裂"), who="zhangwei")["review"]
    number = int(review.removeprefix("NCR-"))
    failed.act(partial(nonconformance.judge, number=number, disposition=Disposition.SCRAP))
    assert listed(failed) == {}
    assert sound(failed)


def test_the_hold_of_an_order_outlives_its_scrapped_pieces(failed: Bench) -> None:
    failed.act(partial(holds.hold, code=failed.order, reason="裂"))
    assert not scrap(failed, *failed.codes)
    page = failed.office.read(frozen.now).result()
    assert failed.order in [it.code for it in page.things]
