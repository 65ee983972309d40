"""The month's allowances: rows that any node adds to, marks told once, and what the levels mean."""

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from bot.rules import Rules
from domain.clock import FixedClock
from domain.models.journal import Outbox
from domain.models.usage import Bucket, Spent, Usage
from domain.playbook.rules import Budget
from domain.queries.people import title_of
from domain.queries.usage import Allowance, allowances, spending
from domain.store.office import Office, open_office
from notifier import quota
from notifier.metering import Meter, speaking_to, spent
from notifier.quota import Level

GROUP = "dingtalk:cidDemoQuality=="
PUSH = Spent("dingtalk", "push", GROUP)


def record(office: Office, *, units: int = 0, what: Spent = PUSH) -> Level:
    taken = Counter({what: units}) if units else Counter[Spent]()
    return office.write(partial(quota.record, spent=taken)).result()["dingtalk"]


def told(office: Office) -> list[str]:
    read = office.read(lambda work: list(work.session.scalars(select(Outbox).order_by(Outbox.id))))
    return [f"{row.chat_key} {row.card['title']}" for row in read.result()]


def allowance(office: Office, bucket: Bucket) -> Allowance:
    return next(it for it in office.read(allowances).result() if it.bucket is bucket)


def test_every_node_adds_to_the_same_rows(plant: Office, database_url: str, rules: Rules) -> None:
    other = open_office(database_url, rules.setting)
    for office in (plant, other, plant):
        record(office, units=2)
    other.close()
    record(plant, units=1, what=Spent("dingtalk", "session", GROUP, "webhook-1"))
    units = plant.read(lambda work: list(work.session.scalars(select(Usage.units).order_by(Usage.units))))
    assert units.result() == [1, 6]
    assert allowance(plant, Bucket.CALLS).used == 6
    assert [(it.use, it.robot, it.units) for it in plant.read(partial(spending, limit=9)).result()] == [
        ("push", "", 6),
        ("session", "webhook-1", 1),
    ]


def test_each_mark_is_told_once_a_month_on_the_other_platform(plant: Office, clock: FixedClock) -> None:
    assert record(plant, units=3499) is Level.CALM
    assert told(plant) == []
    assert record(plant, units=1) is Level.CALM
    assert record(plant, units=1) is Level.CALM
    warned = "钉钉接口调用额度用了 70 %"
    assert told(plant) == [f"wecom:zhoujianguo {warned}", f"wecom:linxiaowen {warned}"]
    assert record(plant, units=999) is Level.SHORT
    assert record(plant) is Level.SHORT
    warned = "钉钉接口调用额度用了 90 %"
    assert told(plant)[2:] == [f"wecom:zhoujianguo {warned}", f"wecom:linxiaowen {warned}"]
    assert record(plant, units=300) is Level.SPENT, "only the reserve is left"
    clock.advance(timedelta(days=31))
    assert record(plant) is Level.CALM
    assert allowance(plant, Bucket.CALLS).used == 0


def test_marks_passed_in_one_breath_are_told_as_one(plant: Office) -> None:
    record(plant, units=5200)
    assert [line.split()[1] for line in told(plant)] == ["钉钉接口调用额度用了"] * 2
    assert {line.split()[2] for line in told(plant)} == {"104"}


def test_what_is_free_for_the_plant_counts_for_nothing(plant: Office, rules: Rules) -> None:
    rule = Budget(platform="dingtalk", monthly=10, free=("received",))
    rules.playbook = rules.playbook.model_copy(update={"budgets": (rule,)})
    record(plant, units=100, what=Spent("dingtalk", "received", GROUP))
    record(plant, units=3, what=Spent("dingtalk", "session", GROUP))
    assert allowance(plant, Bucket.MESSAGES).used == 3
    assert allowance(plant, Bucket.MESSAGES).percent == 30


def test_a_platform_that_says_the_month_is_over_is_believed_for_an_hour(
    plant: Office, clock: FixedClock
) -> None:
    for _time in range(3):
        plant.write(partial(quota.refused, platform="dingtalk", reason="90020")).result()
    assert told(plant) == [
        "wecom:zhoujianguo 钉钉说本月额度用完了",
        "wecom:linxiaowen 钉钉说本月额度用完了",
    ]
    assert record(plant) is Level.SPENT
    clock.advance(timedelta(hours=1, seconds=1))
    assert record(plant) is Level.CALM


@pytest.mark.parametrize(
    ("used", "short", "left"), [(0, False, True), (89, False, True), (90, True, True), (95, True, False)]
)
def test_how_short_a_month_is(used: int, *, short: bool, left: bool) -> None:
    rule = Budget(platform="dingtalk", monthly=100)
    it = Allowance(
        platform="dingtalk", bucket=Bucket.MESSAGES, month="2026-03", used=used, limit=100, rule=rule
    )
    assert (it.short, it.spent) == (short, not left)


def test_what_is_spent_is_on_whom_one_speaks_to_and_nothing_is_lost() -> None:
    meter = Meter()
    spent("push")
    assert meter.empty
    with speaking_to(meter, platform="wecom", chat_key="wecom:a"):
        spent("push")
        spent("push")
        meter.count("upload", platform="wecom")
    meter.count("received", platform="wecom", chat_key="wecom:b")
    taken = meter.take()
    expected: dict[Any, int] = {
        Spent("wecom", "push", "wecom:a"): 2,
        Spent("wecom", "upload", "wecom:a"): 1,
        Spent("wecom", "received", "wecom:b"): 1,
    }
    assert taken == expected
    assert meter.empty
    meter.put_back(taken)
    assert meter.take() == expected


def test_the_chat_of_the_app_is_called_by_whose_it_is(plant: Office) -> None:
    def called(chat_key: str) -> str:
        return plant.read(lambda work: title_of(work, chat_key=chat_key)).result()

    assert called("wecom:app:zhengkai") == called("wecom:zhengkai") == "郑凯"
    assert called("wecom:app:nobody") == "nobody"
