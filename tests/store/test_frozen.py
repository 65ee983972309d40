"""冻结清单: a hold ends with the last of what it holds, and comes back when that does."""

from decimal import Decimal
from functools import partial

import pytest

from domain.actions import holds, lot_moves, lots, nonconformance, undo
from domain.errors import Held
from domain.models.nonconformance import Disposition
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
    """Return the lots of the list: whether each has left the house."""
    page = bench.office.read(frozen.now).result()
    return {it.code: it.gone for it in page.things if it.code.startswith(LOT)}


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
