"""Lots in any order of any acts: balances, identities, circles and holds keep what domain.md says of them."""

import itertools
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from functools import partial
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import initialize, invariant, rule
from sqlalchemy import func, select

from domain.actions import counting, holds, loading, lot_moves, lots, production, requisitions
from domain.errors import NotFound
from domain.models.genealogy import Confidence, Edge, How
from domain.models.lot import Lot, LotStatus
from domain.models.supply import Reservation
from domain.queries.holds import holds_over
from domain.store import edges
from domain.store import lots as lot_store
from domain.store.office import Office
from domain.work import Work
from tests.store.feeders import ORDER, fed
from tests.store.units_plant import Bench
from tests.store.walking import Walk, nothing_is_in_itself, walked

_numbers = itertools.count(10)
LOTS = st.sampled_from(["LOT-A", "LOT-B", "LOT-A-1", "LOT-B-1", "LOT-0004", "LOT-A-2"])
SOME = st.integers(1, 700)


class Store(Walk):
    """Reels of one resistor, one order that uses them, and everybody who may do something with them."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.number = next(_numbers)
        for reel in ("LOT-A", "LOT-B"):
            come = partial(lots.receive, material="R-0603-10K", lot_no=self._own(reel), quantity=Decimal(600))
            bench.act(come)
            bench.act(partial(lots.inspect, lot=self._own(reel), passed=True))
        self.identities = self.office.read(_identities).result()

    def _own(self, lot: str) -> str:
        """Return the code of a reel of this walk."""
        return lot.replace("LOT-A", f"LOT-A{self.number}").replace("LOT-B", f"LOT-B{self.number}")

    @initialize(part=st.integers(1, 500), counted=st.integers(501, 599))
    def a_day_has_begun(self, part: int, counted: int) -> None:
        """A reel is in two parts, the other was counted and held, and is held no more."""
        self.split(lot="LOT-A", quantity=part)
        self.count(lot="LOT-B", counted=counted)
        self.hold(code="LOT-B")
        self.chat.takes_back()

    @rule(lot=LOTS, quantity=SOME)
    def split(self, lot: str, quantity: int) -> None:
        self.tries(partial(lot_moves.split, lot=self._own(lot), quantity=Decimal(quantity)))

    @rule(lot=LOTS, into=LOTS)
    def merge(self, lot: str, into: str) -> None:
        self.tries(partial(lot_moves.merge, lot=self._own(lot), into=self._own(into)))

    @rule(lot=LOTS, counted=st.integers(0, 900))
    def count(self, lot: str, counted: int) -> None:
        self.tries(partial(counting.count, lot=self._own(lot), counted=Decimal(counted)))

    @rule(lot=LOTS, quantity=SOME)
    def issue(self, lot: str, quantity: int) -> None:
        self.tries(partial(lots.issue, lot=self._own(lot), quantity=Decimal(quantity), order=ORDER))

    @rule(lot=LOTS, quantity=SOME)
    def bring_back(self, lot: str, quantity: int) -> None:
        self.tries(partial(lot_moves.bring_back, lot=self._own(lot), quantity=Decimal(quantity), order=ORDER))

    @rule(lot=LOTS)
    def send_back(self, lot: str) -> None:
        self.tries(partial(lot_moves.send_back, lot=self._own(lot)))

    @rule(code=st.one_of(LOTS, st.just(ORDER)))
    def hold(self, code: str) -> None:
        self.tries(partial(holds.hold, code=self._own(code)))

    @rule(code=st.one_of(LOTS, st.just(ORDER)))
    def lift(self, code: str) -> None:
        self.tries(partial(holds.lift, code=self._own(code)))

    @rule(lot=LOTS)
    def load(self, lot: str) -> None:
        self.tries(partial(loading.load, station="ST-101", slot="3", lot=self._own(lot), order=ORDER))

    @rule(lot=LOTS, left=st.one_of(st.none(), SOME))
    def exchange(self, lot: str, left: int | None) -> None:
        rest = None if left is None else Decimal(left)
        self.tries(partial(loading.exchange, station="ST-101", slot="3", lot=self._own(lot), left=rest))

    @rule()
    def unload(self) -> None:
        self.tries(partial(loading.unload, station="ST-101", slot="3"))

    @rule(good=st.integers(1, 12))
    def report(self, good: int) -> None:
        said = partial(production.report, order=ORDER, operation="贴片", good=Decimal(good))
        self.tries(said, who="liuyang")

    @rule()
    def request(self) -> None:
        self.tries(partial(requisitions.request, order=ORDER))

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
        whole_reels = [self._own(it) for it in ("LOT-A", "LOT-B", "LOT-0004")]
        self.office.read(partial(_held, codes=whole_reels)).result()

    @invariant()
    def identities_stay(self) -> None:
        """Invariant 5."""
        now = self.office.read(_identities).result()
        assert {lot: now[lot] for lot in self.identities} == self.identities
        self.identities |= now


def _balances(work: Work) -> None:
    out, into = _along(work, Edge.parent_kind, Edge.parent_id), _along(work, Edge.child_kind, Edge.child_id)
    for lot in work.session.scalars(select(Lot).where(~Lot.void)):
        came, went = lot.received + lot.returned + lot.split_in, lot.issued + lot.scrapped + lot.split_out
        assert lot.on_hand >= 0, lot.code
        assert came == went + lot.on_hand, lot.code
        assert (lot.status is LotStatus.CONSUMED) <= (lot.on_hand == 0), lot.code
        assert out[lot.id, How.CONSUMED] == lot.issued - lot.returned, lot.code
        assert out[lot.id, How.DIVIDED] + out[lot.id, How.MERGED] == lot.split_out, lot.code
        assert into[lot.id, How.DIVIDED] + into[lot.id, How.MERGED] == lot.split_in, lot.code
    aside = select(Reservation).where(Reservation.until.is_(None), ~Reservation.void)
    assert all(one.quantity > 0 for one in work.session.scalars(aside))


def _along(work: Work, kind: Any, ref: Any) -> defaultdict[tuple[int, How], Decimal]:
    """Return how much went along the living edges of each lot, each way."""
    query = select(ref, Edge.how, func.sum(Edge.quantity)).where(kind == "lot", ~Edge.void)
    rows = work.session.execute(query.where(Edge.ended_at.is_(None)).group_by(ref, Edge.how))
    return defaultdict(Decimal, {(lot, how): total for lot, how, total in rows})


def _circles(work: Work) -> None:
    nothing_is_in_itself(work)
    for edge in work.session.scalars(select(Edge).where(~Edge.void, Edge.ended_at.is_(None))):
        exact = edge.child_kind == "lot"
        assert edge.confidence is (Confidence.EXACT if exact else Confidence.SHARED)


def _held(work: Work, *, codes: Sequence[str]) -> None:
    for code in codes:
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
    done = walked(partial(Store, bench), plant, walks=8, steps=30)
    assert done >= {"lot.split", "hold.placed", "lot.adjusted", "act.voided"}, "the walk went nowhere"
