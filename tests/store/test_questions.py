"""The card of a question says what it was answered with; a press that comes too late does nothing."""

from collections.abc import Sequence
from functools import partial

import pytest
from sqlalchemy import select

from bot import handling, journal
from bot.meaning import Desk
from bot.platforms.base import Incoming
from bot.steps import Failed, Handled
from commands.kit import Registry
from commands.kit.offers import OFFERS
from domain.errors import QuestionGone
from domain.models.journal import Outbox
from domain.store.office import Office
from notifier import parcels
from notifier.card import Card
from notifier.delivery import NOT_IN_PLACE, Delivered
from notifier.post import Parcel

HEAD, OTHER = "lizhe", "zhangwei"


def hear(office: Office, text: str, *, sender: str = HEAD, guard: str = "") -> Sequence[Parcel]:
    """Hear and handle a message; returns what is said at once."""
    incoming = Incoming(
        platform="dingtalk",
        tenant="t",
        message_id=f"{sender} {text} {guard}",
        kind="text",
        chat_id="c",
        chat_kind="group",
        sender_id=sender,
        text=text,
        guard=guard,
    )
    office.write(partial(journal.write_down, incoming=incoming)).result()
    desk = Desk(registry=Registry.discover("commands", choices=OFFERS), node="n", mouths=("dingtalk",))
    try:
        step = office.write(partial(handling.take_next, desk=desk, key="dingtalk:c")).result()
    except Failed as failed:
        if not isinstance(failed.cause, QuestionGone):
            raise
        refuse = partial(handling.refuse, desk=desk, inbox_id=failed.inbox_id, error=failed.cause)
        office.write(refuse).result()
        raise failed.cause from None
    assert isinstance(step, Handled)
    for parcel in step.parcels:
        outcome = Delivered(provider_id=f"card {parcel.out.id}")
        office.write(partial(parcels.settle, parcel=parcel, outcome=outcome)).result()
    return step.parcels


def changes(office: Office) -> list[tuple[str, str]]:
    """Return the cards that are to be changed, and where they stand."""
    job = partial(parcels.claim, lease="n", limit=9, busy_chats=(), reach=("dingtalk:",))
    found = office.write(job).result()
    for parcel in found:
        assert parcel.out.in_place
        office.write(partial(parcels.settle, parcel=parcel, outcome=NOT_IN_PLACE)).result()
    return [(parcel.out.replaces, parcel.out.card.lines[-1]) for parcel in found]


def ask(office: Office) -> tuple[Card, str]:
    """Ask before a dangerous act; returns the card and its name on the platform."""
    (question,) = hear(office, "取消工单 WO-1001 不要了")
    assert [button.say for button in question.out.card.buttons] == ["确认", "取消"]
    return question.out.card, f"card {question.out.id}"


@pytest.mark.parametrize("answer", ["取消", "等等"])
def test_an_answered_question_says_so_in_its_place(plant: Office, answer: str) -> None:
    _card, place = ask(plant)
    assert changes(plant) == []
    hear(plant, answer)
    assert changes(plant) == [(place, f"已回：{answer}")]
    assert (
        plant.read(lambda work: work.session.scalars(select(Outbox.kind)).all()).result().count("change") == 1
    )


def test_a_press_that_comes_too_late_does_nothing(plant: Office) -> None:
    card, _place = ask(plant)
    hear(plant, "取消")
    with pytest.raises(QuestionGone):
        hear(plant, "确认", guard=card.buttons[0].guard)


def test_a_press_of_somebody_who_was_not_asked_does_nothing_and_leaves_it_open(plant: Office) -> None:
    card, place = ask(plant)
    with pytest.raises(QuestionGone):
        hear(plant, "确认", sender=OTHER, guard=card.buttons[0].guard)
    assert changes(plant) == []
    (answer,) = hear(plant, "取消", guard=card.buttons[1].guard)
    assert answer.out.card.title.startswith("「取消工单」没有做")
    assert changes(plant) == [(place, "已回：取消")]


def test_a_late_press_leaves_another_question_open(plant: Office) -> None:
    first, _place = ask(plant)
    hear(plant, "等等")
    hear(plant, "取消工单 WO-1003 不要了")
    with pytest.raises(QuestionGone):
        hear(plant, "确认", guard=first.buttons[0].guard)
    (answer,) = hear(plant, "取消")
    assert answer.out.card.title.startswith("「取消工单」没有做")
