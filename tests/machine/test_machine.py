"""Any order of any acts, by anybody, with crashes and redeliveries in between, leaves the plant sound (R10).

pytest tests/machine                                 # a thousand steps on each database
HYPOTHESIS_PROFILE=nightly pytest tests/machine -m slow    # ten thousand
"""

import os
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.floor import Floor, Quality
from tests.machine.lots import Lots
from tests.machine.orders import Orders
from tests.machine.sentences import Sentences
from tests.machine.stage import Stage, on_postgres, on_sqlite
from tests.machine.trace import Trace
from tests.machine.units import Boxes, Units
from tests.plants import demo
from tests.postgres import Server

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
RUNS, STEPS = (200, 60) if NIGHTLY else (22, 55)
KINDS = 30
"""So many kinds of events there are at the least, or the walk went nowhere."""
PROMISED = 10_000 if NIGHTLY else 1_000


class Plant(Orders, Lots, Units, Boxes, Trace, Floor, Quality, Sentences):
    """Everything at once."""


BLOCK, WARN = "block", "warn"
"""Whether pieces that have missed an operation stay before it, or go on and it is asked about."""
PLAYED = [("sqlite", BLOCK), ("postgresql", WARN), ("sqlite", WARN), ("postgresql", BLOCK)]


@pytest.fixture(params=PLAYED if NIGHTLY else PLAYED[:2], ids="-".join)
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Stage:
    """Return where the machine plays, on both databases."""
    database, missed = request.param
    limits = demo().limits.model_copy(update={"missed": missed})
    playbook = demo().model_copy(update={"limits": limits})
    if database == "sqlite":
        template = Path(request.getfixturevalue("sqlite_url").removeprefix("sqlite:///"))
        return on_sqlite(template, tmp_path, playbook)
    server: Server = request.getfixturevalue("postgres_server")
    url: str = request.getfixturevalue("postgres_url")
    return on_postgres(server, url.rpartition("/")[2].partition("?")[0], playbook)


@pytest.mark.slow
@pytest.mark.again
@pytest.mark.timeout(3600 if NIGHTLY else 400)
def test_any_order_of_any_acts_leaves_the_plant_sound(stage: Stage) -> None:
    class HereAndNow(Plant):
        steps = 0
        done: ClassVar[set[str]] = set()
        refused: ClassVar[set[str]] = set()

    HereAndNow.stage = stage
    run_state_machine_as_test(
        HereAndNow,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            report_multiple_bugs=False,
            phases=(Phase.explicit, Phase.reuse, Phase.generate),  # what broke is told act by act
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert HereAndNow.steps >= PROMISED
    assert len(HereAndNow.done) >= KINDS, sorted(HereAndNow.done)
