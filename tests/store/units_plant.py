"""A plant for tests of pieces: an order with four operations, and acts that are one message each."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TypeVar

from domain.actions import orders, release, units
from domain.models.unit import Unit
from domain.models.work_order import OperationTask
from domain.queries.people import speaker
from domain.store import inbox
from domain.store import orders as order_store
from domain.store import units as unit_store
from domain.store.office import Office
from domain.work import Work

T = TypeVar("T")
EVERYTHING = frozenset({"manager", "warehouse", "quality"})
_numbers = itertools.count(7000)


class Bench:
    """An order of its own on the demo plant, and `act`: one act as one message of one person."""

    def __init__(
        self, office: Office, *, quantity: int = 40, numbered: int = 0, product: str = "TS-300"
    ) -> None:
        self.office = office
        self.chat = f"dingtalk:{next(_numbers)}"
        self.order = f"WO-{next(_numbers)}"
        self.answers = 0
        draft = partial(orders.draft, product=product, quantity=Decimal(quantity), code=self.order)
        self.act(draft)
        self.act(partial(release.release, order=self.order))
        self.codes: list[str] = []
        if numbered:
            self.codes = self.act(partial(units.generate, order=self.order, count=numbered))["units"]

    def act(self, job: Callable[[Work], T], *, who: str = "zhoujianguo") -> T:
        """Do it as one message of somebody with every role; a refusal is raised."""
        self.answers += 1

        def written(work: Work) -> T:
            message = inbox.write_down(
                work,
                platform="dingtalk",
                tenant="t",
                message_id=f"{self.chat}/{self.answers}",
                chat_key=self.chat,
                payload={},
            )
            actor = speaker(work, platform="dingtalk", user_id=who)
            assert message is not None
            assert actor is not None
            roles = EVERYTHING if who == "zhoujianguo" else actor.roles
            work.actor, work.message, work.heard_in = replace(actor, roles=roles), message, self.chat
            done = job(work)
            work.see_rows()
            inbox.mark_done(work, inbox_id=message, person_id=actor.person_id, answer_no=self.answers)
            return done

        return self.office.write(written).result()

    def unit(self, code: str) -> Unit:
        """Return a piece as it stands."""
        found = self.office.read(lambda work: unit_store.find(work, code=code)).result()
        assert found is not None
        return found


def tasks_of(bench: Bench) -> list[OperationTask]:
    """Return the operations of the bench's order, in sequence."""

    def look(work: Work) -> list[OperationTask]:
        found = order_store.find(work, code=bench.order)
        assert found is not None
        return list(order_store.tasks(work, found))

    return bench.office.read(look).result()
