"""Nobody approves their own; what waits happens when another approves, and an order waits for its reviews."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import initialize, invariant, rule
from sqlalchemy import select

from bot.rules import Rules
from domain.actions import deciding, ending, nonconformance, orders, production, release, timers, undo
from domain.clock import FixedClock
from domain.errors import DomainError, NotYourOwn, Stale, UnbookedScrap, UndecidedItems, WrongState
from domain.models.approval import Approval, ApprovalStatus
from domain.models.floor import Timer, TimerStatus
from domain.models.nonconformance import Disposition, NonConformance, NonConformanceItem
from domain.models.work_order import OrderStatus
from domain.playbook.floor import EyesOn
from domain.queries import approvals as waiting
from domain.queries import orders as views
from domain.store import orders as order_store
from domain.store.office import Office
from domain.work import Work
from notifier import timers as due
from tests.store.speaking import Chat, says
from tests.store.walking import Walk, walked

NIGHT = timedelta(hours=14)


def scrapped(pieces: int) -> Callable[[Work], Any]:
    return partial(
        production.report, order="WO-1001", operation="焊接", good=Decimal(1), scrap=Decimal(pieces)
    )


def asked(office: Office) -> list[Approval]:
    return list(office.read(lambda work: work.session.scalars(select(Approval)).all()).result())


def opened(office: Office, clock: FixedClock, *, over: bool = True) -> None:
    """Open the paste, and let its time pass."""
    says(office, "zhangwei", partial(timers.start, thing="LOT-0008", word="开封"))
    if over:
        clock.advance(timedelta(hours=24))
        for one in office.read(timers_due).result():
            office.write(partial(due.fire_timer, timer_id=one)).result()


def timers_due(work: Work) -> list[int]:
    return list(work.session.scalars(select(Timer.id).where(Timer.due_at <= work.now)))


def clock_of(office: Office) -> Timer:
    return office.read(lambda work: work.session.scalars(select(Timer)).one()).result()


def test_scrap_above_the_limit_asks_and_below_it_does_not(plant: Office) -> None:
    says(plant, "zhangwei", scrapped(10))
    assert asked(plant) == []
    says(plant, "zhangwei", scrapped(11))
    (one,) = asked(plant)
    assert (one.status, one.done, one.code) == (ApprovalStatus.PENDING, True, "SP-1")


def test_a_button_is_stale_once_it_is_decided(plant: Office) -> None:
    says(plant, "zhangwei", scrapped(11))
    says(plant, "wangxiulan", partial(deciding.approve, number=1, pressed=True))
    with pytest.raises(Stale):
        says(plant, "sunpeng", partial(deciding.refuse, number=1, pressed=True))
    with pytest.raises(WrongState):
        says(plant, "sunpeng", partial(deciding.refuse, number=1))


def test_a_waiver_waits_for_another_who_is_on_shift(plant: Office, clock: FixedClock) -> None:
    opened(plant, clock)
    waive = partial(timers.waive, thing="LOT-0008", reason="粘度合格")
    assert says(plant, "wangxiulan", waive)["waits"] == "SP-1"
    assert clock_of(plant).status is TimerStatus.EXPIRED
    with pytest.raises(NotYourOwn):
        says(plant, "wangxiulan", partial(deciding.approve, number=1))
    says(plant, "sunpeng", partial(deciding.approve, number=1))
    assert clock_of(plant).status is TimerStatus.WAIVED


def test_alone_at_night_it_is_done_marked_and_waits(plant: Office, clock: FixedClock) -> None:
    opened(plant, clock)
    clock.advance(NIGHT)
    assert not says(plant, "liuyang", partial(timers.waive, thing="LOT-0008", reason="粘度合格"))["waits"]
    assert clock_of(plant).status is TimerStatus.WAIVED
    (one,) = asked(plant)
    assert (one.done, one.status) == (True, ApprovalStatus.PENDING)
    assert plant.read(waiting.overdue).result() == [], "nobody is there to be told"
    clock.advance(timedelta(hours=10))
    assert plant.read(waiting.overdue).result() == [one.id]
    assert plant.write(partial(due.remind_of_approval, approval_id=one.id)).result()
    assert plant.read(waiting.overdue).result() == []
    with pytest.raises(NotYourOwn):
        says(plant, "liuyang", partial(deciding.approve, number=1))


def test_what_the_plant_calls_safety_waits_also_at_night(
    plant: Office, rules: Rules, clock: FixedClock
) -> None:
    safety: tuple[EyesOn, ...] = ("waiver",)
    eyes = rules.playbook.approvals.model_copy(update={"safety": safety})
    rules.playbook = rules.playbook.model_copy(update={"approvals": eyes})
    opened(plant, clock)
    clock.advance(NIGHT)
    assert (
        says(plant, "liuyang", partial(timers.waive, thing="LOT-0008", reason="粘度合格"))["waits"] == "SP-1"
    )
    assert clock_of(plant).status is TimerStatus.EXPIRED


def test_an_approval_goes_with_the_act_it_was_asked_for(plant: Office) -> None:
    says(plant, "zhangwei", scrapped(11), answer=1)
    says(plant, "wangxiulan", partial(deciding.approve, number=1), chat="w", answer=1)
    with pytest.raises(DomainError, match="stood_upon"):
        says(plant, "zhangwei", partial(undo.undo, chat_key="c", number=1), answer=2)
    says(plant, "wangxiulan", partial(undo.undo, chat_key="w", number=1), chat="w", answer=2)
    says(plant, "zhangwei", partial(undo.undo, chat_key="c", number=1), answer=3)
    assert all(it.void for it in asked(plant))


_numbers = itertools.count(9000)
FIVE = ("zhangwei", "wangxiulan", "sunpeng", "zhaojun", "liuyang")
WHO = st.sampled_from(FIVE)
NUMBERS = st.integers(1, 6)
WAYS = st.sampled_from([it for it in Disposition if it is not Disposition.PENDING])


class Eyes(Walk):
    """Five people scrap, review, judge, approve, complete and take back, each as they please."""

    takers = FIVE

    def __init__(self, office: Office) -> None:
        super().__init__(Chat(office, announced=True))
        self.code = f"WO-{next(_numbers)}"
        draft = partial(orders.draft, product="TS-300", quantity=Decimal(30), code=self.code)
        self.tries(draft, who="wangxiulan")
        self.tries(partial(release.release, order=self.code), who="wangxiulan")

    @initialize(who=WHO, quantity=st.integers(1, 5), scrap=st.integers(8, 10), way=WAYS)
    def a_day_has_begun(self, who: str, quantity: int, scrap: int, way: Disposition) -> None:
        """Scrap waits for a second pair of eyes, a review was judged, another came and went."""
        self.scraps(who="zhangwei", scrap=scrap)
        self.reviews(who="liuyang", quantity=quantity)
        self.judges(who="sunpeng", number=1, way=way, part=None)
        self.reviews(who=who, quantity=quantity)
        self.chat.takes_back(who=who)

    @rule(who=WHO, scrap=st.integers(8, 14))
    def scraps(self, who: str, scrap: int) -> None:
        job = partial(production.report, order=self.code, operation="焊接", good=Decimal(0))
        self.tries(partial(job, scrap=Decimal(scrap)), who=who)

    @rule(who=WHO, number=NUMBERS, yes=st.booleans())
    def decides(self, who: str, number: int, yes: bool) -> None:  # noqa: FBT001 (drawn by hypothesis)
        self.tries(partial(deciding.approve if yes else deciding.refuse, number=number), who=who)

    @rule(who=WHO, quantity=st.integers(1, 5))
    def reviews(self, who: str, quantity: int) -> None:
        job = partial(nonconformance.raise_, things=[self.code], defect="虚焊")
        self.tries(partial(job, quantity=Decimal(quantity)), who=who)

    @rule(who=WHO, number=NUMBERS, way=WAYS, part=st.sampled_from([None, Decimal(1), Decimal(2)]))
    def judges(self, who: str, number: int, way: Disposition, part: Decimal | None) -> None:
        self.tries(partial(nonconformance.judge, number=number, disposition=way, quantity=part), who=who)

    @rule(who=WHO, number=NUMBERS)
    def closes(self, who: str, number: int) -> None:
        self.tries(partial(nonconformance.close, number=number), who=who)

    @rule(who=WHO, number=NUMBERS)
    def reopens(self, who: str, number: int) -> None:
        self.tries(partial(nonconformance.reopen, number=number, reason="再看"), who=who)

    @rule()
    def finishes(self) -> None:
        """Report all that is left, and complete: an undecided item forbids it."""
        for operation in ("焊接", "组装", "测试", "包装"):
            left = self.office.read(partial(_left, code=self.code, operation=operation)).result()
            if left:
                job = partial(production.report, order=self.code, operation=operation)
                self.tries(partial(job, good=left), who="liuyang")
        pending = self.office.read(partial(_undecided, code=self.code)).result()
        done = self.tries(partial(ending.complete, order=self.code), who="wangxiulan")
        assert not (done and pending), "completed with an undecided item"

    @invariant()
    def nobody_has_decided_about_their_own(self) -> None:
        decided = asked(self.office)
        assert all(it.decided_by is None or it.decided_by != it.asked_by for it in decided)

    @invariant()
    def reviews_stand_where_their_items_stand(self) -> None:
        def look(work: Work) -> None:
            for it in work.session.scalars(select(NonConformance).where(~NonConformance.void)):
                pending = _pending_of(work, it.id)
                assert (it.status.value in ("open", "investigating")) == bool(pending), it.code

        self.office.read(look).result()


def _left(work: Work, *, code: str, operation: str) -> Decimal:
    if order_store.find(work, code=code) is None:
        return Decimal(0)
    tasks = views.order(work, code=code).tasks
    return next(it.left + it.open_rework for it in tasks if it.name == operation)


def _undecided(work: Work, *, code: str) -> bool:
    order = order_store.find(work, code=code)
    if order is None or order.status is OrderStatus.COMPLETED:
        return False
    return order_store.undecided_review(work, order_id=order.id) is not None


def _pending_of(work: Work, review_id: int) -> list[NonConformanceItem]:
    query = select(NonConformanceItem).where(
        NonConformanceItem.nonconformance_id == review_id,
        NonConformanceItem.disposition == Disposition.PENDING,
        ~NonConformanceItem.void,
    )
    return list(work.session.scalars(query))


def test_an_order_waits_for_what_is_undecided(plant: Office) -> None:
    says(plant, "zhangwei", partial(nonconformance.raise_, things=["WO-1001"], quantity=Decimal(2)))
    for operation in ("焊接", "组装", "测试", "包装"):
        job = partial(production.report, order="WO-1001", operation=operation, good=Decimal(200))
        says(plant, "zhangwei", job)
    with pytest.raises(UndecidedItems):
        says(plant, "wangxiulan", partial(ending.complete, order="WO-1001"))
    says(plant, "sunpeng", partial(nonconformance.judge, number=1, disposition=Disposition.SCRAP))
    with pytest.raises(UnbookedScrap) as unbooked:
        says(plant, "wangxiulan", partial(ending.complete, order="WO-1001"))
    assert (unbooked.value.judged, unbooked.value.booked) == (Decimal(2), Decimal(0))
    says(plant, "sunpeng", partial(nonconformance.reopen, number=1, reason="是好的"))
    says(plant, "sunpeng", partial(nonconformance.judge, number=1, disposition=Disposition.USE_AS_IS))
    says(plant, "wangxiulan", partial(ending.complete, order="WO-1001"))


def test_who_raised_it_does_not_give_it_away_alone(plant: Office) -> None:
    says(plant, "sunpeng", partial(nonconformance.raise_, things=["LOT-0003"], defect="受潮"))
    scrap = partial(nonconformance.judge, number=1, disposition=Disposition.SCRAP)
    with pytest.raises(NotYourOwn):
        says(plant, "sunpeng", scrap)
    says(plant, "zhaojun", scrap)


@pytest.mark.slow
def test_in_any_order_nobody_decides_about_their_own(plant: Office) -> None:
    done = walked(partial(Eyes, plant), plant, walks=10, steps=25)
    assert done >= {"approval.asked", "nonconformance.raised", "nonconformance.judged", "act.voided"}, (
        "it went nowhere"
    )
