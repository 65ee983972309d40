"""Where the month is short the dispatcher lets ordinary messages wait for their hour, and nothing else."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from bot.rules import Rules
from domain.clock import FixedClock
from domain.models.journal import Outbox, OutboxState
from domain.models.usage import Spent
from domain.store.office import Office, SqliteOffice
from notifier import merging, metering, post
from notifier.budget import Budgets
from notifier.card import Card
from notifier.delivery import Delivered, Outcome, Outgoing
from notifier.metering import Meter
from notifier.outbox import Dispatcher
from notifier.post import Address
from tests.talks.patience import until

GROUP = Address(platform="dingtalk", chat_id="cidDemoQuality==", chat_kind="group")


class Mouth:
    """Says everything by a push, which is counted."""

    name = "dingtalk"

    def __init__(self) -> None:
        self.said: list[str] = []

    def reach(self) -> tuple[str, ...]:
        return ("",)

    async def send(self, out: Outgoing) -> Outcome:
        metering.spent("push")
        self.said.append(out.card.title)
        return Delivered()


@pytest.fixture
def mouth() -> Mouth:
    """A mouth that has said nothing yet."""
    return Mouth()


def queue(office: Office, title: str, *, kind: str = "notice", urgent: bool = False) -> None:
    job = partial(
        post.post, to=GROUP, card=Card(title=title), kind=kind, dedup_key=f"{kind} {title}", urgent=urgent
    )
    office.write(job).result()


def rows(office: Office) -> Sequence[Outbox]:
    return office.read(lambda work: work.session.scalars(select(Outbox).order_by(Outbox.id)).all()).result()


async def once(dispatcher: Dispatcher) -> None:
    """Claim and send whatever is due now."""
    while await dispatcher._claim():
        await until(lambda: dispatcher.idle, "no rest")


@pytest.fixture
def limited(rules: Rules) -> Rules:
    """The demo plant, with twenty calls a month."""
    (dingtalk,) = (it for it in rules.playbook.budgets if it.platform == "dingtalk")
    few = dingtalk.model_copy(update={"monthly_calls": 20})
    rules.playbook = rules.playbook.model_copy(update={"budgets": (few,)})
    return rules


async def test_ordinary_messages_wait_for_the_full_hour_and_go_as_one(
    sqlite_url: str, limited: Rules, clock: FixedClock, mouth: Mouth
) -> None:
    office = SqliteOffice(sqlite_url, limited.setting)

    async def write(job: Any) -> Any:
        return office.write(job).result()

    meter = Meter()
    dispatcher = Dispatcher(
        write=write, mouths={"dingtalk": mouth}, clock=clock, node="n", budgets=Budgets({}), meter=meter
    )
    for _unit in range(18):
        meter.count("push", platform="dingtalk")
    await dispatcher.write_down()
    clock.advance(timedelta(minutes=10))
    for title in ("a", "b"):
        queue(office, title)
    queue(office, "answer", kind="reply")
    queue(office, "call", kind="alert", urgent=True)
    await once(dispatcher)
    assert sorted(mouth.said) == ["answer", "call"]
    assert {row.reason for row in rows(office) if row.state is OutboxState.PENDING} == {merging.HELD}
    clock.advance(timedelta(minutes=50))
    await once(dispatcher)
    assert mouth.said[2:] == ["2 条通知"]
    assert summed(meter.take()) == {("dingtalk", "push"): 3}
    office.close()


def summed(taken: Any) -> dict[tuple[str, str], int]:
    """Sum what was counted by platform and use."""
    found: dict[tuple[str, str], int] = {}
    for it, units in taken.items():
        assert isinstance(it, Spent)
        found[it.platform, it.use] = found.get((it.platform, it.use), 0) + units
    return found
