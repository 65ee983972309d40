"""What may be said of people and trouble: signed on, handed over, called, judged, undone."""

from decimal import Decimal
from functools import partial
from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import rule

from domain.actions import andons, deciding, handover, nonconformance, sign_on, undo
from domain.models.nonconformance import Disposition
from domain.queries import handovers
from domain.store import andons as andon_store
from domain.store import timers as timer_store
from notifier import timers as rounds
from tests.machine.plant import PEOPLE, WHICH, Acting, Person

STATIONS = st.sampled_from(["ST-101", "ST-201", "ST-202", "ST-203", "ST-204", "ST-999"])


class Floor(Acting):
    """Acts of people at their places, and what the clock brings about."""

    @rule(who=PEOPLE, station=STATIONS)
    def sign_on(self, who: Person, station: str) -> None:
        self.act(who, partial(sign_on.sign_on, station=station))

    @rule(who=PEOPLE)
    def sign_off(self, who: Person) -> None:
        self.act(who, sign_on.sign_off)

    @rule(who=PEOPLE, taken=st.booleans())
    def hand_over(self, who: Person, taken: bool) -> None:  # noqa: FBT001 (drawn by hypothesis)
        self.act(who, handover.take if taken else partial(handover.give, note="看着点"))

    @rule(
        who=PEOPLE,
        kind=st.sampled_from(["缺料", "设备", "品质", "安全"]),
        text=st.sampled_from(["", "机器停了"]),
    )
    def call(self, who: Person, kind: str, text: str) -> None:
        self.act(who, partial(andons.raise_, kind=kind, text=text, chat_key=self.chat))

    @rule(who=PEOPLE, which=WHICH, verb=st.sampled_from(["take", "contain", "mend", "confirm", "not mended"]))
    def answer_call(self, who: Person, which: int, verb: str) -> None:
        jobs: dict[str, Any] = {
            "take": andons.acknowledge,
            "contain": andons.contain,
            "mend": andons.resolve,
            "confirm": andons.confirm,
            "not mended": andons.reopen,
        }
        number = self.number("andon", which, among=lambda it: it.status != "closed")
        self.act(who, partial(jobs[verb], number=number))

    @rule()
    def what_is_due_is_done(self) -> None:
        """Let the house do what its clocks say."""
        for andon in self._due(lambda work: andon_store.due(work, at=work.now, besides=())):
            self.by_clock(partial(rounds.fire_andon, andon_id=andon))
        for timer in self._due(timer_store.due):
            self.by_clock(partial(rounds.fire_timer, timer_id=timer))
        for late in self._due(lambda work: [it.id for it in handovers.late(work)]):
            self.by_clock(partial(rounds.remind_of_handover, handover_id=late))

    def _due(self, ask: Any) -> list[int]:
        return list(self.office.read(ask).result())


class Quality(Acting):
    """Acts of judging and approving, and of taking back."""

    @rule(who=PEOPLE, which=WHICH, yes=st.sampled_from([True, True, False]))
    def decide(self, who: Person, which: int, yes: bool) -> None:  # noqa: FBT001 (drawn by hypothesis)
        number = self.number("approval", which, among=lambda it: it.status == "pending")
        self.act(who, partial(deciding.approve if yes else deciding.refuse, number=number))

    @rule(
        who=PEOPLE,
        which=WHICH,
        table=st.sampled_from(["work_order", "lot", "unit", "unit"]),
        quantity=st.integers(0, 4),
    )
    def review(self, who: Person, which: int, table: str, quantity: int) -> None:
        said: dict[str, Any] = {"quantity": Decimal(quantity), "defect": "虚焊"}
        bad = ("failed", "quarantined", "returned", "running", "released")
        things = [self.of(table, which, among=lambda it: it.status in bad)]
        self.act(who, partial(nonconformance.raise_, things=things, **said))

    @rule(
        who=PEOPLE,
        which=WHICH,
        disposition=st.sampled_from([it for it in Disposition if it is not Disposition.PENDING]),
        quantity=st.integers(0, 3),
    )
    def judge_review(self, who: Person, which: int, disposition: Disposition, quantity: int) -> None:
        said: dict[str, Any] = {"quantity": Decimal(quantity) or None, "disposition": disposition}
        number = self.number("nonconformance", which, among=lambda it: it.status in ("open", "investigating"))
        self.act(who, partial(nonconformance.judge, number=number, **said))

    @rule(who=PEOPLE, which=WHICH, done=st.booleans())
    def end_review(self, who: Person, which: int, done: bool) -> None:  # noqa: FBT001 (drawn by hypothesis)
        again = partial(nonconformance.reopen, reason="又出现了")
        number = self.number(
            "nonconformance", which, among=lambda it: it.status in ("dispositioned", "closed")
        )
        self.act(who, partial(nonconformance.close if done else again, number=number))

    @rule(who=PEOPLE, back=st.integers(0, 12), own=st.sampled_from([True, True, False]))
    def undo(self, who: Person, back: int, own: bool) -> None:  # noqa: FBT001 (drawn by hypothesis)
        number, author = self.acts[-1 - back % len(self.acts)] if self.acts else (1, who)
        self.act(author if own else who, partial(undo.undo, chat_key=self.chat, number=number))

    @rule(who=PEOPLE)
    def undo_the_last(self, who: Person) -> None:
        self.act(who, partial(undo.undo, chat_key=self.chat))
