"""The machine itself: one act as one message, what may go wrong on the way, and what is checked after it."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar, Final, TypeVar

import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from domain.errors import DomainError
from domain.queries import verify
from domain.store.office import Office
from domain.work import Work
from notifier.act import act
from tests.machine import invariants as always
from tests.machine import moves, recount, snapshot, taken
from tests.machine.snapshot import Snapshot
from tests.machine.stage import Stage
from tests.store.speaking import ToldTwice, heard

T = TypeVar("T")
TOLD: Final = 60
NOTHING: Final = "没有这个"
EVERYTHING: Final = frozenset({"manager", "team_leader", "warehouse", "quality", "purchasing", "engineer"})
REPLAYED: Final = 20
"""So many steps between two replays of the journal."""

ALWAYS: Final[Sequence[Callable[[Snapshot, Snapshot], None]]] = (
    always.quantities_of_operations_add_up,
    always.operations_stand_where_their_pieces_are,
    always.lots_balance,
    always.genealogy_is_acyclic,
    always.a_unit_has_one_parent_and_sits_in_one_container,
    always.only_released_unexpired_lots_are_consumed,
    always.a_hold_reaches_every_descendant_at_once,
    always.identity_of_a_lot_never_changes_after_first_use,
    always.nothing_is_deleted,
    always.routes_and_boms_of_released_orders_are_frozen,
    always.a_unit_past_an_operation_went_through_it,
    always.nobody_approves_their_own,
    always.an_order_does_not_complete_undecided,
    always.an_order_does_not_close_with_findings,
    always.edges_say_how_sure_they_are,
    always.closed_containers_hold_what_their_label_says,
    always.an_open_andon_has_a_holder_and_a_due_time,
    recount.every_operation_counts_what_came_through_it,
    taken.a_report_takes_what_its_pieces_take,
    taken.a_piece_in_a_station_came_in,
    taken.open_rework_is_what_failed_and_is_not_settled,
    taken.a_box_that_is_shipped_was_closed,
    taken.what_is_away_is_in_something_that_left,
    moves.states_move_only_by_the_tables,
)


def _spoken(job: Callable[..., Any]) -> str:
    if not isinstance(job, partial):
        return job.__name__
    return f"{job.func.__module__}.{job.func.__name__} {job.keywords}"


class PowerCut(Exception):
    """The process ends after the act and before the commit."""


@dataclass(frozen=True)
class Person:
    """Who acts: an account, and whether with every role or with their own."""

    account: str
    anything: bool = True

    def __repr__(self) -> str:
        return f"{self.account}{'' if self.anything else ' (own roles)'}"


LEADER, HEAD, NIGHT = Person("wangxiulan"), Person("lizhe"), Person("liuyang")
ALL_MAY: Final = (LEADER, LEADER, HEAD, NIGHT, Person("zhangwei"), Person("sunpeng"))
OWN_ROLES: Final = tuple(
    Person(name, anything=False) for name in ("sunpeng", "zhangwei", "linxiaowen", "liuyang")
)
PEOPLE: Final = st.sampled_from((*ALL_MAY, *OWN_ROLES))
WHICH: Final = st.integers(0, 99)
ANY: Final = 88
"""From here on a drawn number names anything that exists, whether it fits or not."""
NOBODY: Final = 98
"""From here on it names nothing at all."""


class Acting(RuleBasedStateMachine):
    """An office on a database of its own, and `act`; what exists can be drawn by number."""

    stage: ClassVar[Stage]
    steps: ClassVar[int] = 0
    done: ClassVar[set[str]] = set()
    refused: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.database = self.stage.raise_curtain()
        self.office: Office = self.database.open()
        self.chat = "dingtalk:machine"
        self.answers = 0
        self.told: list[str] = []
        self.acts: list[tuple[int, Person]] = []
        self.since_replay = 0
        self.mishap = ""
        self.journal: Sequence[Any] = ()
        self.now = self.look()
        self.before = self.now

    def look(self) -> Snapshot:
        """Read everything, with the events since the last look."""
        seen = self.office.read(lambda work: snapshot.read(work, known=self.journal)).result()
        self.journal = seen.journal
        return seen

    def act(self, who: Person, job: Callable[[Work], T]) -> T | None:
        """Do it as one message of somebody; None where it was refused, which must leave no trace."""
        self.answers += 1
        self.told.append(f"#{self.answers} {who}: {_spoken(job)}")
        mishap, self.mishap = self.mishap, ""
        number = self.answers
        if mishap in ("power cut", "power cut and restart"):
            self._cut(lambda work: self._heard(work, who, job, number))
            if mishap.endswith("restart"):
                self.reopen()
        try:
            result = self.office.write(lambda work: self._heard(work, who, job, number)).result()
        except DomainError as refusal:
            self.told[-1] += f" -- {refusal!r}"
            self.refused.add(type(refusal).__name__)
            self._unmoved(refusal)
            return None
        self.acts.append((number, who))
        self._checked()
        if mishap == "told twice":
            told = self.office.write(lambda work: self._heard(work, who, job, number)).result()
            assert told is None, "one message had two effects"
            self._unmoved("told again")
        return result

    def _heard(self, work: Work, who: Person, job: Callable[[Work], T], number: int) -> T | None:
        told, roles = f"{self.chat}/{number}", EVERYTHING if who.anything else None
        whole = partial(act, job=job)
        try:
            return heard(
                work, whole, who=who.account, chat=self.chat, message_id=told, answer=number, roles=roles
            )
        except ToldTwice:
            return None

    def _cut(self, job: Callable[[Work], Any]) -> None:
        """Let the act be done up to its commit, and no further."""

        def dies(work: Work) -> None:
            job(work)
            work.session.flush()
            raise PowerCut

        try:
            self.office.write(dies).result()
        except (PowerCut, DomainError) as ended:
            self._unmoved(ended)

    def by_clock(self, job: Callable[[Work], Any]) -> None:
        """Let the house do what is due."""
        self.office.write(job).result()
        self._checked()

    def _unmoved(self, why: object) -> None:
        seen = self.look()
        assert not seen.events, (why, [event.type for event in seen.events])
        assert not (changed := snapshot.differences(self.now, seen)), (why, changed)

    def _checked(self) -> None:
        self.before, self.now = self.now, self.look()
        self.done.update(event.type for event in self.now.events)
        try:
            for law in ALWAYS:
                law(self.before, self.now)
        except AssertionError as broken:
            broken.add_note("\n".join(["what was done until then:", *self.told[-TOLD:]]))
            raise

    def reopen(self) -> None:
        """End the process and start it again on the same database."""
        self.office.close()
        self.office = self.database.open()
        self._unmoved("restarted")

    @rule(mishap=st.sampled_from(["power cut", "power cut and restart", "told twice", "told twice"]))
    def something_goes_wrong_with_the_next(self, mishap: str) -> None:
        self.mishap = mishap

    @rule()
    def restart(self) -> None:
        self.reopen()

    @rule(minutes=st.sampled_from([1, 5, 20, 20, 90, 300, 60 * 26]))
    def time_passes(self, minutes: int) -> None:
        self.database.clock.advance(timedelta(minutes=minutes))

    @invariant()
    def state_is_the_sum_of_events(self) -> None:
        """Replay the journal from empty every few steps."""
        type(self).steps += 1
        self.since_replay += 1
        if self.since_replay >= REPLAYED:
            self.replay()

    def replay(self) -> None:
        """Replay the journal from empty; it gives the state that there is."""
        self.since_replay = 0
        found, _events = self.office.read(verify.differences).result()
        assert found == []

    def teardown(self) -> None:
        try:
            self.replay()
        finally:
            self.office.close()
            self.database.drop()

    def of(self, table: str, which: int, *, among: Callable[[Any], bool] = lambda _row: True) -> str:
        """Return the code of a thing that exists (as a rule one `among` them), or of none at all."""
        return self.several(table, which, 1, among=among)[0]

    def several(
        self, table: str, which: int, count: int, *, among: Callable[[Any], bool] = lambda _row: True
    ) -> list[str]:
        """Return the codes of some neighbours that exist."""
        found = self.rows(table, which, among=among)
        start = which % len(found) if found else 0
        codes = [str(row.code) for row in itertools.islice(itertools.cycle(found), start, start + count)]
        return list(dict.fromkeys(codes)) or [NOTHING]

    def number(self, table: str, which: int, *, among: Callable[[Any], bool]) -> int:
        """Return the number of a thing that exists, or of none."""
        found = self.rows(table, which, among=among)
        return int(found[which % len(found)].number) if found else 999

    def rows(self, table: str, which: int, *, among: Callable[[Any], bool]) -> list[Any]:
        """Return what may be meant by a drawn number: what fits, anything, or nothing."""
        rows = self.now.living(table) if which < NOBODY else []
        return [row for row in rows if among(row)] or rows if which < ANY else rows
