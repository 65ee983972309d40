"""One bad row stops nothing: andons and digests are fired alone, what fails is counted and tried again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from bot.rules import Rules
from bot.ticks import Ticks
from domain.actions import andons as acts
from domain.clock import FixedClock
from domain.models.andon import Andon
from domain.models.journal import JobFire
from domain.playbook.rules import DigestKind
from domain.queries import andons
from domain.store.office import Office
from domain.work import Work
from notifier.act import act
from notifier.budget import Budgets
from notifier.outbox import Dispatcher
from notifier.schedule import RENDERINGS
from tests.playbooks import complaints, written


@pytest.fixture
def ticks(plant: Office, clock: FixedClock) -> Ticks:
    async def write(job: Any) -> Any:
        return plant.write(job).result()

    speechless = Dispatcher(write=write, mouths={}, clock=clock, node="n", budgets=Budgets({}))
    return Ticks(office=plant, dispatcher=speechless, clock=clock)


def call(office: Office, place: str) -> int:
    number = office.write(
        lambda work: act(work, lambda it: acts.raise_(it, kind="缺料", place=place))["andon"]
    ).result()
    return int(number.removeprefix("A-"))


def spoil(work: Work) -> None:
    """Write what no rule can add a delay to into the oldest andon."""
    oldest = select(Andon.id).order_by(Andon.id).limit(1).scalar_subquery()
    long_due = datetime(2026, 1, 1, tzinfo=UTC)
    never = datetime(9999, 12, 31, 23, tzinfo=UTC)
    work.session.execute(update(Andon).where(Andon.id == oldest).values(called_at=never, due_at=long_due))


def mend(work: Work) -> None:
    oldest = select(Andon.id).order_by(Andon.id).limit(1).scalar_subquery()
    work.session.execute(update(Andon).where(Andon.id == oldest).values(called_at=work.now))


def rungs(work: Work) -> dict[int, int]:
    return {it.number: it.rung for it in work.session.scalars(select(Andon))}


def fired(work: Work) -> list[str]:
    return list(work.session.scalars(select(JobFire.job)))


async def test_an_andon_that_cannot_be_fired_keeps_no_other_and_no_digest_waiting(
    plant: Office, ticks: Ticks, clock: FixedClock
) -> None:
    bad, good = call(plant, "SMT1"), call(plant, "SMT2")
    plant.write(spoil).result()
    before = plant.read(rungs).result()
    clock.advance(timedelta(hours=1))
    with capture_logs() as logs:
        assert await ticks.tick() > 0
    after = plant.read(rungs).result()
    assert after[good] > before[good]
    assert after[bad] == before[bad]
    assert plant.read(fired).result(), "the stand-up of this hour"
    assert ticks.failing == 1
    told = [line for line in logs if line["event"] == "ticks.job_failed"]
    assert [line["times"] for line in told] == [1]
    assert told[0]["incident"]


async def test_what_fails_is_tried_again_ever_more_slowly_until_it_can_be_done(
    plant: Office, ticks: Ticks, clock: FixedClock
) -> None:
    bad = call(plant, "SMT1")
    plant.write(spoil).result()
    with capture_logs() as logs:
        for _second in range(30):
            clock.advance(timedelta(seconds=1))
            await ticks.tick()
    assert len([line for line in logs if line["event"] == "ticks.job_failed"]) == 4
    plant.write(mend).result()
    clock.advance(timedelta(hours=1))
    await ticks.tick()
    assert ticks.failing == 0
    assert plant.read(rungs).result()[bad] > 0


def test_an_andon_whose_kind_the_playbook_has_dropped_is_shown_by_its_code(
    plant: Office, rules: Rules
) -> None:
    number = call(plant, "SMT1")
    code = rules.playbook.andon_kind("缺料").code
    kept = tuple(it for it in rules.playbook.andon_kinds if it.code != code)
    rules.playbook = rules.playbook.model_copy(update={"andon_kinds": kept})
    assert plant.read(lambda work: andons.numbered(work, number).kind).result() == code
    assert [it.kind for it in plant.read(andons.live).result()] == [code]


def test_every_kind_of_digest_has_a_rendering() -> None:
    assert set(get_args(DigestKind)) == set(RENDERINGS)


def test_a_digest_that_nobody_can_write_is_refused_with_the_playbook(tmp_path: Path) -> None:
    chats = "chats:\n  - {code: all, platform: dingtalk, id: c1, name: 全厂}\n"
    weekly = "digests:\n  - {code: w, kind: weekly, chats: [all]}\n"
    said = complaints(written(tmp_path, chats=chats, digests=weekly))
    assert any("digests.yaml:2" in line for line in said), said
