"""漏扫, where the plant only warns: pieces go on at once, and what they have missed is answered meanwhile."""

from functools import partial

import pytest
from sqlalchemy import select

from bot.rules import Rules
from domain.actions import completeness, deciding, judging, making_up, passing, undo
from domain.clock import FixedClock
from domain.errors import StoodUpon, TraceIncomplete
from domain.ids import IdMaker
from domain.models.finding import Finding, FindingStatus
from domain.models.unit import StepResult, UnitStep
from domain.queries import verify
from domain.store import orders
from domain.store.office import Office
from domain.work import Work
from tests.plants import demo
from tests.store.units_plant import Bench, tasks_of


@pytest.fixture
def rules(clock: FixedClock) -> Rules:
    """The demo plant's rules, but that pieces which missed an operation go on."""
    book = demo()
    limits = book.limits.model_copy(update={"missed": "warn"})
    return Rules(playbook=book.model_copy(update={"limits": limits}), clock=clock, new_id=IdMaker(node=1))


def seen_at(office: Office, step: str = "测试") -> Bench:
    """Return a bench whose two pieces were soldered and seen at the test: the assembly is missing."""
    bench = Bench(office, numbered=2)
    bench.act(partial(passing.pass_units, codes=bench.codes, operation="焊接"))
    seen = bench.act(partial(passing.pass_units, codes=bench.codes, operation=step))
    assert seen.taken == tuple(bench.codes)
    assert [it.why for it in seen.skipped] == ["missed", "missed"]
    return bench


def found(bench: Bench) -> list[FindingStatus]:
    query = select(Finding.status).where(~Finding.void)
    return bench.office.read(lambda work: list(work.session.scalars(query))).result()


def assembled(bench: Bench) -> list[tuple[StepResult, bool]]:
    query = select(UnitStep.result, UnitStep.made_up).where(UnitStep.sequence == 20, ~UnitStep.void)
    return bench.office.read(
        lambda work: [(result, made_up) for result, made_up in work.session.execute(query)]
    ).result()


def sound(office: Office) -> None:
    assert office.read(verify.differences).result()[0] == []


def made_up(bench: Bench) -> None:
    if not bench.act(partial(making_up.make_up, number=1))["done"]:
        bench.act(partial(deciding.approve, number=1), who="lizhe")


def test_they_go_on_and_are_asked_about_until_somebody_says_they_were_done(plant: Office) -> None:
    bench = seen_at(plant)
    assert [int(it.good) for it in tasks_of(bench)] == [2, 2, 2, 0]
    assert found(bench) == [FindingStatus.OPEN] * 2
    assert assembled(bench) == [(StepResult.SKIPPED, False)] * 2
    made_up(bench)
    assert found(bench) == [FindingStatus.MADE_UP] * 2
    assert assembled(bench) == [(StepResult.PASSED, True)] * 2
    assert [int(it.good) for it in tasks_of(bench)] == [2, 2, 2, 0], "counted once"
    sound(plant)


def test_the_order_is_not_archived_before_it_is_answered(plant: Office) -> None:
    bench = seen_at(plant)

    def close(work: Work) -> None:
        order = orders.find(work, code=bench.order)
        assert order is not None
        completeness.refuse_close(work, order)

    with pytest.raises(TraceIncomplete):
        bench.act(close)
    bench.act(partial(making_up.approve_skip, number=1, reason="不用"), who="lizhe")
    bench.act(close)
    assert assembled(bench) == [(StepResult.SKIPPED, False)] * 2
    sound(plant)


def test_what_was_really_not_done_goes_back_and_is_done(plant: Office) -> None:
    bench = seen_at(plant)
    one, two = bench.codes
    bench.act(partial(making_up.deny, number=1))
    assert found(bench) == [FindingStatus.OPEN] * 2
    for code in (one, two):
        bench.act(partial(passing.pass_units, codes=[code], operation="包装", bad=True, reason="没组装"))
        bench.act(partial(judging.send_back, codes=[code], operation="组装"))
        bench.act(partial(passing.pass_units, codes=[code], operation="组装"))
    assert found(bench) == [FindingStatus.MADE_UP] * 2
    assert [int(it.good) for it in tasks_of(bench)][:3] == [2, 2, 2]
    sound(plant)


def test_the_scan_is_undone_with_its_finding_and_the_make_up_before_it(plant: Office) -> None:
    bench = seen_at(plant)
    scanned = bench.answers
    made_up(bench)
    with pytest.raises(StoodUpon):
        bench.act(partial(undo.undo, chat_key=bench.chat, number=scanned))
    bench.act(partial(undo.undo, chat_key=bench.chat, number=bench.answers - 1))
    assert found(bench) == [FindingStatus.OPEN] * 2
    assert assembled(bench) == [(StepResult.SKIPPED, False)] * 2
    bench.act(partial(undo.undo, chat_key=bench.chat, number=scanned))
    assert found(bench) == []
    assert [int(it.good) for it in tasks_of(bench)] == [2, 0, 0, 0]
    sound(plant)
