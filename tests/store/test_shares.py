"""The part of a rate that a dead node had is another's within seconds, with what it had spent of it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from bot.rules import Rules
from bot.ticks import Ticks
from domain.clock import FixedClock
from domain.models.journal import Outbox
from domain.store import nodes
from domain.store.office import Office, open_office
from domain.work import Work
from notifier.budget import Budgets, Spending
from notifier.outbox import Dispatcher

CHAT = "dingtalk:cidBusy"


def has_said(work: Work, *, node: str, times: int) -> None:
    """Write what a node has just said in the busy chat."""
    fixed: dict[str, Any] = {
        "site_id": work.site_id, "chat_key": CHAT, "platform": "dingtalk", "chat_id": "cidBusy",
        "chat_kind": "group", "kind": "reply", "card": {}, "created_at": work.now, "not_before": work.now,
        "expires_at": work.now, "ended_at": work.now, "state": "sent", "lease": node, "urgent": False,
        "card_key": "", "attempts": 1, "unknowns": 0, "provider_id": "", "reason": "delivered",
    }  # fmt: skip
    rows = [{**fixed, "id": work.new_id(), "dedup_key": f"{node}:{one}"} for one in range(times)]
    work.session.execute(insert(Outbox), rows)


def left(budget: Spending, *, now: float) -> int:
    """Say how many urgent messages may go now; spends them."""
    count = 0
    while not budget.wait(now=now, need="urgent"):
        budget.spend(now=now)
        count += 1
    return count


async def test_a_dead_nodes_part_is_taken_over_at_the_next_tick(
    postgres_url: str, rules: Rules, clock: FixedClock
) -> None:
    mine = open_office(postgres_url, rules.setting, node="mine")
    other = open_office(postgres_url, rules.setting, node="other")
    try:
        dispatcher = dispatching(mine, clock)
        ticks = Ticks(office=mine, dispatcher=dispatcher, clock=clock)
        other.read(nodes.alive).result()
        assert mine.read(nodes.alive).result() == {"mine", "other"}
        share = dispatcher.budgets.share
        await ticks.tick()
        clock.advance(timedelta(seconds=3))
        await ticks.tick()
        assert share.of(18) == 9
        other.write(lambda work: has_said(work, node="other", times=5)).result()
    finally:
        other.close()
    await ticks.tick()
    budget = dispatcher.budgets.of(platform="dingtalk", chat_key=CHAT)
    assert (share.of(18), left(budget, now=clock.monotonic())) == (18, 13)
    mine.close()


def dispatching(office: Office, clock: FixedClock) -> Dispatcher:
    async def write(job: Any) -> Any:
        return office.write(job).result()

    return Dispatcher(write=write, mouths={}, clock=clock, node="mine", budgets=Budgets())
