"""Acts in whatever order: what every such walk has, and how it is made to go somewhere."""

from collections import defaultdict
from collections.abc import Callable
from graphlib import TopologicalSorter
from typing import Any, ClassVar

import hypothesis.strategies as st
from hypothesis import Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import select

from domain.models.genealogy import Edge
from domain.models.journal import Event
from domain.queries import verify
from domain.store.office import Office
from domain.work import Work
from tests.store.speaking import MANAGER, Chat


class Walk(RuleBasedStateMachine):
    """Acts of people in one chat, each of them a message that may be taken back."""

    takers: ClassVar[tuple[str, ...]] = (MANAGER,)

    def __init__(self, chat: Chat) -> None:
        super().__init__()
        self.chat, self.office = chat, chat.office

    def tries(self, job: Callable[[Work], Any], *, who: str = MANAGER) -> bool:
        """Do it as one message; a refusal is as good as a success, a bug is not."""
        return self.chat.tries(job, who=who)

    @rule(data=st.data(), back=st.integers(0, 5))
    def take_back(self, data: st.DataObject, back: int) -> None:
        self.chat.takes_back(back, who=data.draw(st.sampled_from(self.takers)))

    def teardown(self) -> None:
        """State = sum of events."""
        differences, _events = self.office.read(verify.differences).result()
        assert differences == []


def walked(walk: Callable[[], Walk], office: Office, *, walks: int, steps: int) -> set[str]:
    """Walk so often so far; returns the types of all events that have come of it.

    All walks are in one plant, so none can be shortened: what was found would be hidden by the time-out.
    """
    how = settings(max_examples=walks, stateful_step_count=steps, deadline=None, phases=[Phase.generate])
    run_state_machine_as_test(walk, settings=how)  # type: ignore[arg-type] # any factory will do
    return office.read(lambda work: set(work.session.scalars(select(Event.type)))).result()


def nothing_is_in_itself(work: Work) -> None:
    """Invariant 3: the genealogy that stands has no circle; raises CycleError."""
    living = select(Edge.parent_kind, Edge.parent_id, Edge.child_kind, Edge.child_id).where(
        Edge.ended_at.is_(None), ~Edge.void
    )
    parts: dict[tuple[str, int], set[tuple[str, int]]] = defaultdict(set)
    for kind, ref, whole_kind, whole_ref in work.session.execute(living):
        parts[whole_kind, whole_ref].add((kind, ref))
    TopologicalSorter(parts).prepare()
