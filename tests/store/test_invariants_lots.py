"""Lots in any order of any acts: balances, identities, circles and holds keep what domain.md says of them."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from functools import partial
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from domain.actions import counting, holds, loading, lot_moves, lots, production, requisitions, undo
from domain.errors import DomainError, NotFound
from domain.models.genealogy import Confidence, Edge, How
from domain.models.journal import Event
from domain.models.lot import Lot, LotStatus
from domain.models.supply import Reservation
from domain.queries import verify
from domain.queries.holds import holds_over
from domain.store import edges
from domain.store import lots as lot_store
from domain.store.office import Office
from domain.work import Work
from tests.store.feeders import ORDER, fed
from tests.store.units_plant import Bench

LOTS = st.sampled_from(["LOT-R2", "LOT-R3", "LOT-R2-1", "LOT-R3-1", "LOT-0004", "LOT-R2-2"])
SOME = st.integers(1, 700)


class Store(RuleBasedStateMachine):
    """Reels of one resistor, one order that uses them, and everybody who may do something with them."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self.office, self.bench = bench.office, bench
        self.identities = self.office.read(_identities).result()

    def act(self, job: Callable[[Work], Any], who: str = "zhoujianguo") -> None:
        """Do it; a refusal is as good as a success, a bug is not."""
        with suppress(DomainError):
            self.bench.act(job, who=who)

    @rule(lot=LOTS, quantity=SOME)
    def split(self, lot: str, quantity: int) -> None:
        self.act(partial(lot_moves.split, lot=lot, quantity=Decimal(quantity)))

    @rule(lot=LOTS, into=LOTS)
    def merge(self, lot: str, into: str) -> None:
        self.act(partial(lot_moves.merge, lot=lot, into=into))

    @rule(lot=LOTS, counted=st.integers(0, 900))
    def count(self, lot: str, counted: int) -> None:
        self.act(partial(counting.count, lot=lot, counted=Decimal(counted)))

    @rule(lot=LOTS, quantity=SOME)
    def issue(self, lot: str, quantity: int) -> None:
        self.act(partial(lots.issue, lot=lot, quantity=Decimal(quantity), order=ORDER))

    @rule(lot=LOTS, quantity=SOME)
    def bring_back(self, lot: str, quantity: int) -> None:
        self.act(partial(lot_moves.bring_back, lot=lot, quantity=Decimal(quantity), order=ORDER))

    @rule(lot=LOTS)
    def send_back(self, lot: str) -> None:
        self.act(partial(lot_moves.send_back, lot=lot))

    @rule(code=st.one_of(LOTS, st.just(ORDER)))
    def hold(self, code: str) -> None:
        self.act(partial(holds.hold, code=code))

    @rule(code=st.one_of(LOTS, st.just(ORDER)))
    def lift(self, code: str) -> None:
        self.act(partial(holds.lift, code=code))

    @rule(lot=LOTS)
    def load(self, lot: str) -> None:
        self.act(partial(loading.load, station="ST-101", slot="3", lot=lot, order=ORDER))

    @rule(lot=LOTS, left=st.one_of(st.none(), SOME))
    def exchange(self, lot: str, left: int | None) -> None:
        rest = None if left is None else Decimal(left)
        self.act(partial(loading.exchange, station="ST-101", slot="3", lot=lot, left=rest))

    @rule()
    def unload(self) -> None:
        self.act(partial(loading.unload, station="ST-101", slot="3"))

    @rule(good=st.integers(1, 12))
    def report(self, good: int) -> None:
        said = partial(production.report, order=ORDER, operation="贴片", good=Decimal(good))
        self.act(said, who="liuyang")

    @rule()
    def request(self) -> None:
        self.act(partial(requisitions.request, order=ORDER))

    @rule(back=st.integers(0, 5))
    def undo(self, back: int) -> None:
        number = max(1, self.bench.answers - back)
        self.act(partial(undo.undo, chat_key=self.bench.chat, number=number))

    @invariant()
    def every_lot_balances(self) -> None:
        """Invariant 2, and what the living edges say of it."""
        self.office.read(_balances).result()

    @invariant()
    def nothing_was_made_of_itself(self) -> None:
        """Invariant 3."""
        self.office.read(_circles).result()

    @invariant()
    def what_is_held_is_not_released(self) -> None:
        """Invariant 4: in the same instant for all that was split off it."""
        self.office.read(_held).result()

    @invariant()
    def identities_stay(self) -> None:
        """Invariant 5."""
        now = self.office.read(_identities).result()
        assert {lot: now[lot] for lot in self.identities} == self.identities
        self.identities |= now

    def teardown(self) -> None:
        """State = sum of events."""
        differences, _events = self.office.read(verify.differences).result()
        assert differences == []


def _balances(work: Work) -> None:
    for lot in work.session.scalars(select(Lot).where(~Lot.void)):
        came, went = lot.received + lot.returned + lot.split_in, lot.issued + lot.scrapped + lot.split_out
        assert lot.on_hand >= 0, lot.code
        assert came == went + lot.on_hand, lot.code
        assert (lot.status is LotStatus.CONSUMED) <= (lot.on_hand == 0), lot.code
        assert _along(work, lot, out=True, how=How.CONSUMED) == lot.issued - lot.returned, lot.code
        parts = _along(work, lot, out=True, how=How.DIVIDED) + _along(work, lot, out=True, how=How.MERGED)
        assert parts == lot.split_out, lot.code
        gotten = _along(work, lot, out=False, how=How.DIVIDED) + _along(work, lot, out=False, how=How.MERGED)
        assert gotten == lot.split_in, lot.code
    aside = select(Reservation).where(Reservation.until.is_(None), ~Reservation.void)
    assert all(one.quantity > 0 for one in work.session.scalars(aside))


def _along(work: Work, lot: Lot, *, out: bool, how: How) -> Decimal:
    kind, ref = (Edge.parent_kind, Edge.parent_id) if out else (Edge.child_kind, Edge.child_id)
    query = select(func.sum(Edge.quantity)).where(kind == "lot", ref == lot.id, Edge.how == how, ~Edge.void)
    return work.session.scalar(query.where(Edge.ended_at.is_(None))) or Decimal(0)


def _circles(work: Work) -> None:
    for edge in work.session.scalars(select(Edge).where(~Edge.void, Edge.ended_at.is_(None))):
        child, parent = (edge.child_kind, edge.child_id), (edge.parent_kind, edge.parent_id)
        assert not edges.is_above(work, child, of=parent), edge.id
        exact = edge.child_kind == "lot"
        assert edge.confidence is (Confidence.EXACT if exact else Confidence.SHARED)


def _held(work: Work) -> None:
    for code in ("LOT-R2", "LOT-R3", "LOT-0004"):
        with suppress(NotFound):
            whole = lot_store.known(work, code=code)
            if not holds_over(work, kind="lot", ref=whole.id):
                continue
            assert whole.status is not LotStatus.RELEASED
            for part in work.session.scalars(select(Lot).where(Lot.parent_id == whole.id, ~Lot.void)):
                living = edges.divided(work, source=whole, part=part)
                assert living is None or holds_over(work, kind="lot", ref=part.id)


def _identities(work: Work) -> dict[int, tuple[int, str, str]]:
    return {it.id: (it.material_id, it.supplier, it.lot_no) for it in work.session.scalars(select(Lot))}


@pytest.mark.slow
def test_lots_keep_their_rules_in_any_order_of_any_acts(plant: Office) -> None:
    bench = fed(plant)

    class HereAndNow(Store):
        def __init__(self) -> None:
            super().__init__(bench)

    run_state_machine_as_test(
        HereAndNow, settings=settings(max_examples=8, stateful_step_count=30, deadline=None)
    )
    done = plant.read(lambda work: set(work.session.scalars(select(Event.type)))).result()
    assert {"lot.split", "hold.placed", "lot.adjusted"} <= done, "the walk went nowhere"
