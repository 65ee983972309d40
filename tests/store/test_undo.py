"""撤: what an act changed is restored, what it made is void, and what stands on it keeps it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from bot.rules import Rules, furnish
from domain.actions import ending, lots, orders, production, release, undo
from domain.clock import FixedClock, wall_milliseconds
from domain.errors import NothingToUndo, StoodUpon, UndoTooLate
from domain.ids import IdMaker
from domain.models.journal import Event, Inbox
from domain.models.lot import Lot, LotStatus
from domain.models.material import Material
from domain.models.routing import BomLine
from domain.models.work_order import OrderStatus, TaskStatus, WorkOrder
from domain.queries import lots as lot_queries
from domain.queries import orders as order_queries
from domain.queries import verify
from domain.queries.people import speaker
from domain.queries.trace import trace as trace_query
from domain.store import inbox
from domain.store.office import Office, open_office
from domain.work import Work
from tests.plants import DEMO

CHAT = "dingtalk:c"


class Floor:
    """People who act in one chat; each act is a message with the next answer number."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.number = 0

    def act(self, user: str, job: Any) -> int:
        self.number += 1
        number = self.number

        def written(work: Work) -> None:
            message = inbox.write_down(
                work, platform="dingtalk", tenant="t", message_id=str(number), chat_key=CHAT, payload={}
            )
            assert message is not None
            actor = speaker(work, platform="dingtalk", user_id=user)
            assert actor is not None
            work.actor, work.message, work.heard_in = replace(actor), message, CHAT
            job(work)
            work.see_rows()
            inbox.mark_done(work, inbox_id=message, person_id=actor.person_id, answer_no=number)

        self.office.write(written).result()
        return number

    def undo(self, user: str, number: int | None = None) -> None:
        self.act(user, partial(undo.undo, chat_key=CHAT, number=number))

    def order(self, code: str) -> order_queries.OrderView:
        return self.office.read(partial(order_queries.order, code=code)).result()


@pytest.fixture
def floor(plant: Office) -> Any:
    yield Floor(plant)
    differences, events = plant.read(verify.differences).result()
    assert differences == []
    assert events > 10


def report(operation: str, good: int, scrap: int = 0) -> Any:
    return partial(
        production.report, order="WO-1001", operation=operation, good=Decimal(good), scrap=Decimal(scrap)
    )


def test_a_report_is_taken_back(floor: Floor) -> None:
    number = floor.act("zhangwei", report("焊接", 50, 2))
    floor.undo("zhangwei", number)
    after = floor.order("WO-1001")
    assert after.status is OrderStatus.RELEASED
    assert after.tasks[0].good == after.tasks[0].scrap == 0
    assert after.tasks[1].status is TaskStatus.WAITING


def test_without_a_number_it_is_my_last(floor: Floor) -> None:
    floor.act("zhangwei", report("焊接", 50))
    floor.act("wangxiulan", report("焊接", 10))
    with pytest.raises(StoodUpon):
        floor.undo("zhangwei")
    floor.undo("wangxiulan")
    assert floor.order("WO-1001").tasks[0].good == 50


def test_what_later_pieces_came_from_stays(floor: Floor) -> None:
    first = floor.act("zhangwei", report("焊接", 50))
    floor.act("zhangwei", report("组装", 30))
    with pytest.raises(StoodUpon):
        floor.undo("zhangwei", first)


@pytest.fixture
def two(postgres_url: str, rules: Rules) -> Iterator[tuple[Floor, Floor]]:
    """Two nodes on one database, the second of which has a clock that is half a minute behind."""
    behind = replace(rules, new_id=IdMaker(node=2, milliseconds=lambda: wall_milliseconds() - 30_000))
    offices = open_office(postgres_url, rules.setting), open_office(postgres_url, behind.setting)
    furnish(offices[0], folder=DEMO, playbook=rules.playbook, starting=True)
    floors = Floor(offices[0]), Floor(offices[1])
    floors[1].number = 100
    yield floors
    assert offices[0].read(verify.differences).result()[0] == []
    for office in offices:
        office.close()


def test_what_stands_on_an_act_of_another_node_keeps_it_whatever_the_clocks_say(
    two: tuple[Floor, Floor],
) -> None:
    ahead, behind = two
    first = ahead.act("zhangwei", report("焊接", 50))
    later = behind.act("wangxiulan", report("焊接", 10))
    assert ids_of(ahead, first) > ids_of(ahead, later), "the later act was to have the lower ids"
    with pytest.raises(StoodUpon):
        ahead.undo("zhangwei", first)
    behind.undo("wangxiulan", later)
    assert ahead.order("WO-1001").tasks[0].good == 50
    behind.undo("zhangwei", first)
    assert ahead.order("WO-1001").tasks[0].good == 0


def ids_of(floor: Floor, number: int) -> list[int]:
    acts = select(Inbox.id).where(Inbox.answer_no == number)
    query = select(Event.id).where(Event.message.in_(acts))
    return list(floor.office.read(lambda work: work.session.scalars(query).all()).result())


def test_twice_is_once(floor: Floor) -> None:
    number = floor.act("zhangwei", report("焊接", 50))
    floor.undo("zhangwei", number)
    with pytest.raises(NothingToUndo):
        floor.undo("zhangwei", number)


def test_my_own_window_passes_the_leader_still_may(floor: Floor, clock: FixedClock) -> None:
    number = floor.act("zhangwei", report("焊接", 50))
    clock.advance(timedelta(minutes=11))
    with pytest.raises(UndoTooLate):
        floor.undo("zhangwei", number)
    floor.undo("wangxiulan", number)
    assert floor.order("WO-1001").tasks[0].good == 0


def test_a_released_order_is_a_draft_again_and_can_be_released(floor: Floor) -> None:
    number = floor.act("wangxiulan", partial(release.release, order="WO-1002"))
    floor.undo("wangxiulan", number)
    assert floor.order("WO-1002").status is OrderStatus.DRAFT
    floor.act("wangxiulan", partial(release.release, order="WO-1002"))
    assert [task.status for task in floor.order("WO-1002").tasks][:2] == [
        TaskStatus.READY,
        TaskStatus.WAITING,
    ]


def test_a_completed_order_keeps_its_last_report(floor: Floor) -> None:
    for operation in ("焊接", "组装", "测试"):
        floor.act("zhangwei", report(operation, 200))
    last = floor.act("zhangwei", report("包装", 200))
    floor.act("wangxiulan", partial(ending.complete, order="WO-1001"))
    with pytest.raises(StoodUpon, match=r"order\.completed"):
        floor.undo("zhangwei", last)
    assert floor.order("WO-1001").status is OrderStatus.COMPLETED


def test_a_draft_that_was_taken_back_may_be_said_again(floor: Floor) -> None:
    job = partial(orders.draft, product="TS-300", quantity=Decimal(5), code="WO-2000")
    number = floor.act("wangxiulan", job)
    floor.undo("wangxiulan", number)
    floor.act("wangxiulan", job)
    assert floor.order("WO-2000").status is OrderStatus.DRAFT


def test_an_issue_gives_the_lot_back_and_the_edge_is_void(floor: Floor, rules: Rules) -> None:
    material, lot = rules_lot(floor)
    number = floor.act("zhoujianguo", lambda work: _issue(work, lot))
    traced = floor.office.read(partial(trace_query, code=lot)).result()
    assert [link.code for link in traced.went_into.links] == ["WO-1001"]
    floor.undo("zhoujianguo", number)
    traced = floor.office.read(partial(trace_query, code=lot)).result()
    assert traced.went_into.links == ()
    assert floor.office.read(partial(lot_queries.lot, code=lot)).result().issued == 0
    del material, rules


def _issue(work: Work, lot: str) -> None:
    work.actor = replace(work.actor, roles=frozenset({"warehouse", "manager"}))
    lots.issue(work, lot=lot, quantity=Decimal(10), order="WO-1001")


def rules_lot(floor: Floor) -> tuple[str, str]:
    """Return a released lot of a material that WO-1001 needs."""

    def find(work: Work) -> tuple[str, str]:
        query = (
            select(Material.code, Lot.code)
            .join(BomLine, BomLine.material_id == Material.id)
            .join(WorkOrder, WorkOrder.bom_id == BomLine.bom_id)
            .join(Lot, Lot.material_id == Material.id)
            .where(WorkOrder.code == "WO-1001", Lot.status == LotStatus.RELEASED, Lot.on_hand >= 10)
        )
        row = work.session.execute(query).first()
        assert row is not None
        return row[0], row[1]

    return floor.office.read(find).result()
