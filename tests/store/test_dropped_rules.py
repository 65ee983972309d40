"""An andon outlives its rule: what the playbook has dropped is the plant manager's until it is closed."""

from datetime import timedelta
from functools import partial

from bot.rules import Rules
from domain.actions import andon_timers, andons
from domain.clock import FixedClock
from domain.queries.andons import andon as view
from domain.store import andons as rows
from domain.store.office import Office


def test_a_dropped_kind_is_called_for_all_the_same(plant: Office, rules: Rules, clock: FixedClock) -> None:
    plant.write(partial(andons.raise_, kind="缺料", text="没料", place="L2")).result()
    kept = tuple(kind for kind in rules.playbook.andon_kinds if kind.name != "缺料")
    rules.playbook = rules.playbook.model_copy(update={"andon_kinds": kept})
    clock.advance(timedelta(hours=1))
    due = plant.read(partial(rows.due, at=clock.now())).result()
    plant.write(partial(andon_timers.run_timer, andon_id=due[0])).result()
    found = plant.read(lambda work: view(work, due[0])).result()
    assert found.holder == rules.playbook.person(rules.playbook.site.plant_manager).name
    assert found.due_at is not None
    assert found.due_at > clock.now()
