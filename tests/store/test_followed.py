"""Cards by which somebody was called or asked follow their andon where they stand, without a new message."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from domain.actions import andons as acts
from domain.clock import FixedClock
from domain.models.andon import Andon
from domain.models.journal import Outbox, OutboxState
from domain.queries.people import speaker
from domain.store.office import Office
from domain.work import Work
from notifier import parcels, timers
from notifier.act import act
from notifier.delivery import NOT_IN_PLACE, Delivered, Outcome, Refused, Retry, Unknown
from notifier.post import CHANGE, LONGEST_KEY, Parcel, dedup

CALLED = "dingtalk:majun"


def do(office: Office, job: Callable[[Work], object], *, by: str = "majun") -> None:
    def acted(work: Work) -> None:
        work.actor = speaker(work, platform="dingtalk", user_id=by) or work.actor
        act(work, job)

    office.write(acted).result()


def call(office: Office) -> None:
    do(office, partial(acts.raise_, kind="设备", place="ST-201"), by="zhangwei")


def escalate(office: Office) -> None:
    andon_id = office.read(lambda work: work.session.scalars(select(Andon.id)).one()).result()
    assert office.write(partial(timers.fire_andon, andon_id=andon_id)).result()


def deliver(office: Office, outcome: Callable[[Parcel], Outcome]) -> list[Parcel]:
    """Send whatever waits, some rounds long; returns what went to who was called."""
    went: list[Parcel] = []
    job = partial(parcels.claim, lease="n", limit=32, busy_chats=(), reach=["dingtalk:", "wecom:"])
    for _round in range(8):  # a round may be empty, where all that was due is superseded
        for parcel in office.write(job).result():
            went.append(parcel)
            office.write(partial(parcels.settle, parcel=parcel, outcome=outcome(parcel))).result()
    return [it for it in went if it.chat_key == CALLED]


def as_card(parcel: Parcel) -> Outcome:
    """Take everything, as a card that can be changed."""
    return Delivered() if parcel.out.in_place else Delivered(provider_id=f"card {parcel.out.id}")


def ended(office: Office) -> list[tuple[OutboxState, str]]:
    """Return how the changes of cards in the chat of who was called have ended."""
    rows = office.read(lambda work: list(work.session.scalars(select(Outbox)))).result()
    return [(it.state, it.reason) for it in rows if it.kind == CHANGE and it.chat_key == CALLED]


def buttons(went: Sequence[Parcel]) -> list[tuple[bool, list[str]]]:
    return [(it.out.in_place, [button.say for button in it.out.card.buttons]) for it in went]


def test_the_card_of_who_is_called_goes_with_its_andon_to_the_end(plant: Office) -> None:
    call(plant)
    (called,) = deliver(plant, as_card)
    assert not called.out.in_place, "a call is a message of its own: it must ring"
    do(plant, partial(acts.acknowledge, number=1))
    (taken,) = deliver(plant, as_card)
    assert (taken.out.in_place, taken.out.replaces) == (True, f"card {called.out.id}")
    do(plant, partial(acts.resolve, number=1))
    do(plant, partial(acts.confirm, number=1), by="zhangwei")
    went = deliver(plant, as_card)
    assert buttons([called, taken, *went]) == [(False, ["接 A-1"]), (True, ["解决 A-1"]), (True, [])]
    assert any("已关闭" in line for line in went[-1].out.card.lines)


def test_a_new_call_takes_the_buttons_of_the_old_one_once(plant: Office) -> None:
    call(plant)
    (first,) = deliver(plant, as_card)
    do(plant, partial(acts.acknowledge, number=1))
    deliver(plant, as_card)
    do(plant, partial(acts.reopen, number=1), by="zhangwei")
    again, old = deliver(plant, as_card)
    assert (again.out.in_place, again.out.replaces) == (False, "")
    assert (old.out.replaces, old.out.card.buttons) == (f"card {first.out.id}", ())
    do(plant, partial(acts.acknowledge, number=1))
    (taken,) = deliver(plant, as_card)
    assert taken.out.replaces == f"card {again.out.id}"


def test_a_card_whose_buttons_are_still_right_costs_no_call(plant: Office, clock: FixedClock) -> None:
    call(plant)
    deliver(plant, as_card)
    clock.advance(timedelta(minutes=10))
    escalate(plant)
    assert deliver(plant, as_card) == [], "the head was called; whoever was first can still take it"


@pytest.mark.parametrize("provider_id", ["", "card"])
def test_what_cannot_be_changed_is_tried_once_at_most(plant: Office, provider_id: str) -> None:
    def fixed(parcel: Parcel) -> Outcome:
        return NOT_IN_PLACE if parcel.out.in_place else Delivered(provider_id=provider_id)

    call(plant)
    deliver(plant, fixed)
    do(plant, partial(acts.acknowledge, number=1))
    assert len(deliver(plant, fixed)) == (1 if provider_id else 0)
    assert ended(plant) == ([(OutboxState.SUPERSEDED, NOT_IN_PLACE.reason)] if provider_id else [])
    do(plant, partial(acts.resolve, number=1))
    assert deliver(plant, fixed) == []


def test_the_change_of_a_card_that_never_came_is_not_said(plant: Office) -> None:
    call(plant)
    job = partial(parcels.claim, lease="n", limit=32, busy_chats=(), reach=["dingtalk:", "wecom:"])
    on_its_way = plant.write(job).result()
    assert CALLED in [it.chat_key for it in on_its_way]
    do(plant, partial(acts.acknowledge, number=1))
    for parcel in on_its_way:
        away = partial(parcels.settle, parcel=parcel, outcome=Retry(reason="503", after=60.0))
        plant.write(away).result()
    assert [it for it in deliver(plant, as_card) if it.out.in_place] == []
    assert set(ended(plant)) == {(OutboxState.SUPERSEDED, "its card never came")}


@pytest.mark.parametrize("refused", [Refused(reason="no"), Unknown(reason="?"), None])
def test_a_change_that_is_never_said_is_told_nobody_instead(
    plant: Office, clock: FixedClock, refused: Outcome | None
) -> None:
    def never(parcel: Parcel) -> Outcome:
        return (refused or Retry(reason="503", after=0.0)) if parcel.out.in_place else as_card(parcel)

    call(plant)
    deliver(plant, never)
    do(plant, partial(acts.acknowledge, number=1))
    for _round in range(3):
        deliver(plant, never)
        clock.advance(timedelta(minutes=6))
    assert {state for state, _reason in ended(plant)} == {OutboxState.SUPERSEDED}
    rows = plant.read(lambda work: list(work.session.scalars(select(Outbox.dedup_key)))).result()
    assert not [key for key in rows if key.startswith("instead:")]


def test_of_calls_that_waited_out_an_outage_only_the_newest_is_said(plant: Office, clock: FixedClock) -> None:
    call(plant)
    for _rung in range(4):
        clock.advance(timedelta(minutes=31))
        escalate(plant)
    deliver(plant, as_card)
    rows = plant.read(lambda work: list(work.session.scalars(select(Outbox)))).result()
    calls = [it for it in rows if it.card_key.startswith("call-") and it.chat_key.endswith("zhoujianguo")]
    assert len(calls) > 1, "the last rung is called again and again"
    assert [it.state for it in calls].count(OutboxState.SENT) == 1


def test_keys_of_long_chat_ids_are_short_and_never_alike() -> None:
    long = "dingtalk:" + "x" * 250
    assert dedup("1", "wecom:zhangwei") == "1:wecom:zhangwei"
    assert len(dedup("1", long)) == LONGEST_KEY
    assert dedup("1", f"{long}a") != dedup("1", f"{long}b")
