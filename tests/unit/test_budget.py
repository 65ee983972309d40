"""How much may be said where: the playbook's figures, and the platform's where it has none."""

import pytest

from domain.playbook import Playbook
from notifier.budget import LIMITS, Budgets, Need, Spending
from tests.plants import plant


def allowed(budget: Spending, need: Need, *, most: int = 2000, now: float = 1000.0) -> int:
    """How many may go at this moment."""
    for count in range(most):
        if budget.wait(now=now, need=need):
            return count
        budget.spend(now=now)
    return most


@pytest.fixture
def strict() -> Playbook:
    """A plant that lets DingTalk have five a minute, two of them for escalations, and nothing else said."""
    return plant(budgets=[{"platform": "dingtalk", "per_minute": "5", "reserve": "2"}])


def test_the_playbook_sets_how_much_may_be_said_and_what_is_kept_back(strict: Playbook) -> None:
    budget = Budgets.of_plant(strict).of(platform="dingtalk", chat_key="dingtalk:a")
    assert allowed(budget, "ordinary") == 3
    assert allowed(budget, "urgent") == 2


def test_a_platform_without_a_rule_keeps_its_own_limits(strict: Playbook) -> None:
    minute = LIMITS["wecom"][0]
    budget = Budgets.of_plant(strict).of(platform="wecom", chat_key="wecom:a")
    assert allowed(budget, "ordinary") == minute.count - minute.reserve


@pytest.mark.parametrize(("platform", "own"), [("dingtalk", 18), ("wecom", 27)])
def test_a_rule_that_names_no_rate_keeps_the_platforms_own(platform: str, own: int) -> None:
    rules = plant(budgets=[{"platform": platform, "monthly": "3000"}])
    budget = Budgets.of_plant(rules).of(platform=platform, chat_key=f"{platform}:a")
    assert allowed(budget, "urgent") == own


def test_answers_may_use_half_of_what_is_kept_back(strict: Playbook) -> None:
    budget = Budgets.of_plant(strict).of(platform="dingtalk", chat_key="dingtalk:a")
    assert allowed(budget, "ordinary") == 3
    assert allowed(budget, "answer") == 1
    assert allowed(budget, "urgent") == 1


def test_the_hour_counts_too() -> None:
    rule = {"platform": "wecom", "per_minute": "900", "per_hour": "7", "reserve": "0"}
    budget = Budgets.of_plant(plant(budgets=[rule])).of(platform="wecom", chat_key="wecom:a")
    assert allowed(budget, "urgent") == 7
    assert budget.wait(now=1000.0 + 3599, need="urgent") == pytest.approx(1)
    assert allowed(budget, "urgent") == 0


def test_a_punished_destination_waits_out_its_penalty() -> None:
    budget = Budgets().of(platform="dingtalk", chat_key="dingtalk:a")
    budget.block(until=1600.0)
    assert budget.wait(now=1000.0, need="urgent") == 600.0


def test_nodes_share_a_limit_so_that_all_together_stay_under_it() -> None:
    nodes = [Budgets() for _node in range(3)]
    for node in nodes:
        node.share.see(3)
    minute = LIMITS["dingtalk"][0]
    each = [allowed(it.of(platform="dingtalk", chat_key="dingtalk:a"), "urgent") for it in nodes]
    assert each == [6, 6, 6]
    assert sum(each) <= minute.count
    lone = [allowed(it.of(platform="dingtalk", chat_key="dingtalk:b"), "ordinary") for it in nodes]
    assert sum(lone) <= minute.count - minute.reserve


def test_the_part_of_a_node_that_has_gone_is_taken_over_with_what_it_had_spent_of_it() -> None:
    budgets = Budgets()
    budgets.share.see(2)
    budget = budgets.of(platform="dingtalk", chat_key="dingtalk:a")
    for _said in range(4):
        budget.spend(now=1000.0)
    budgets.remember([("dingtalk", "dingtalk:a", 20.0)] * 9, now=1010.0)
    budgets.share.see(1)
    assert allowed(budget, "urgent", now=1010.0) == 18 - 4 - 9
    assert allowed(budget, "urgent", now=1051.0) == 4 + 5, "the oldest is forgotten first"


def test_however_many_nodes_there_are_each_may_say_something() -> None:
    budgets = Budgets()
    budgets.share.see(99)
    assert budgets.share.of(18) == 1


def test_a_node_that_starts_goes_on_from_what_was_said() -> None:
    budgets = Budgets()
    said = [("dingtalk", "dingtalk:a", 10.0)] * 10 + [("dingtalk", "dingtalk:a", 59.0), ("x", "x:a", 1.0)]
    budgets.remember(said, now=1000.0)
    budget = budgets.of(platform="dingtalk", chat_key="dingtalk:a")
    assert allowed(budget, "urgent") == 18 - 11
    assert budget.wait(now=1001.5, need="urgent") == 0.0, "the oldest is a minute old"


def test_a_webhook_is_a_robot_of_its_own_with_the_lower_limit_of_both_platforms() -> None:
    budgets = Budgets()
    assert allowed(budgets.of(platform="wecom", chat_key="wecom:group"), "urgent") == 27
    assert allowed(budgets.of(platform="wecom", chat_key="wecom:hook:workshop"), "urgent") == 18
    assert allowed(budgets.of(platform="dingtalk", chat_key="dingtalk:hook:workshop"), "urgent") == 18
