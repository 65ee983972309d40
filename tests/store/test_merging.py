"""Ordinary messages that pile up are said as one, by rows: nothing vanishes, nothing urgent is merged."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import select, update

from domain.clock import FixedClock
from domain.models.journal import Outbox, OutboxState
from domain.queries.outbox import unheard_in
from domain.store.office import Office
from notifier import merging, parcels, post
from notifier.card import Button, Card
from notifier.delivery import Delivered, Retry
from notifier.post import Address, Parcel

CHAT = Address(platform="dingtalk", chat_id="c", chat_kind="group")


def queue(office: Office, title: str, *, kind: str = "notice", buttons: int = 0, **more: Any) -> None:
    pressed = tuple(Button(text="接", say=f"接 {title} {number}") for number in range(buttons))
    card = Card(title=title, lines=("第一行", "第二行"), buttons=pressed, key=more.pop("card_key", ""))
    more.setdefault("to", CHAT)
    office.write(partial(post.post, card=card, kind=kind, dedup_key=title, **more)).result()


def claim(office: Office) -> Sequence[Parcel]:
    return office.write(
        partial(parcels.claim, lease="n", limit=32, busy_chats=(), reach=["dingtalk:"])
    ).result()


def rows(office: Office) -> dict[str, Outbox]:
    read = office.read(lambda work: {it.dedup_key: it for it in work.session.scalars(select(Outbox))})
    return read.result()


def test_five_that_wait_for_one_chat_are_said_as_one(office: Office) -> None:
    for number in range(5):
        queue(office, f"n{number}", buttons=int(number == 2))
    (parcel,) = claim(office)
    card = parcel.out.card
    assert (card.title, card.lines[0], len(card.lines)) == ("5 条通知", "n0 · 第一行", 5)
    assert [(it.text, it.say) for it in card.buttons] == [("接 n2 0", "接 n2 0")]
    ended = [row for key, row in rows(office).items() if key.startswith("n")]
    assert {row.state for row in ended} == {OutboxState.SUPERSEDED}
    assert {row.reason for row in ended} == {f"merged into {parcel.out.id}"}
    seen = office.read(partial(unheard_in, chat_key=CHAT.key, since=ended[0].created_at, limit=9)).result()
    assert [it.merged for it in seen] == [True] * 5


def test_four_are_said_one_by_one_and_so_are_answers_and_calls(office: Office) -> None:
    for number in range(4):
        queue(office, f"n{number}")
    for number in range(9):
        queue(office, f"reply{number}", kind="reply")
        queue(office, f"call{number}", kind="alert", urgent=True)
    assert [parcel.out.card.title for parcel in claim(office)] == ["call0"]
    assert not [row for row in rows(office).values() if row.state is OutboxState.SUPERSEDED]


def test_where_the_month_is_short_two_are_enough(office: Office) -> None:
    queue(office, "a")
    queue(office, "b", kind="digest")
    held = update(Outbox).values(reason=merging.HELD)
    office.write(lambda work: work.session.execute(held)).result()
    (parcel,) = claim(office)
    assert parcel.out.card.title == "2 条通知"


def test_what_has_been_held_for_its_hour_alone_is_said(office: Office) -> None:
    queue(office, "a")
    held = update(Outbox).values(reason=merging.HELD)
    office.write(lambda work: work.session.execute(held)).result()
    (parcel,) = claim(office)
    assert (parcel.out.card.title, parcel.held) == ("a", True)


def test_beyond_ten_lines_the_rest_is_counted_and_of_one_card_the_newest_counts() -> None:
    cards = [Card(title=f"n{number}") for number in range(12)]
    many = merging.summary([*cards, Card(title="old", key="k"), Card(title="new", key="k")])
    assert many.title == "13 条通知"
    assert many.lines[-1] == "另有 3 条，说「没送到」查看。"
    assert len(many.lines) == 11


def test_messages_whose_buttons_do_not_fit_wait_for_the_next_one(office: Office) -> None:
    for number in range(8):
        queue(office, f"n{number}", buttons=2 if number < 4 else 0)
    (first,) = claim(office)
    assert len(first.out.card.buttons) == 4
    assert [key for key, row in rows(office).items() if row.state is OutboxState.PENDING] == ["n2", "n3"]


def test_what_has_moved_on_or_expired_is_not_merged(office: Office) -> None:
    for number in range(5):
        queue(office, f"n{number}", guard_id=1 if number else None, guard_generation=3)
    assert [parcel.out.card.title for parcel in claim(office)] == ["n0"]
    reasons = [row.reason for key, row in sorted(rows(office).items()) if key != "n0"]
    assert reasons == ["state moved on"] * 4


def test_what_may_have_arrived_is_repeated_as_such_and_not_as_a_line(office: Office) -> None:
    for number in range(6):
        queue(office, f"n{number}")
    doubted = update(Outbox).where(Outbox.dedup_key.in_(["n0", "n3"])).values(unknowns=1)
    office.write(lambda work: work.session.execute(doubted)).result()
    (first,) = claim(office)
    assert (first.out.card.title, first.out.repeat) == ("n0", 1)
    office.write(partial(parcels.settle, parcel=first, outcome=Delivered())).result()
    queue(office, "n6")
    (merged,) = claim(office)
    assert merged.out.card.title == "5 条通知"
    assert [key for key, row in rows(office).items() if row.state is OutboxState.PENDING] == ["n3"]


def test_calls_that_are_said_as_one_go_round_by_another_door(plant: Office, clock: FixedClock) -> None:
    """A person's own chat on a platform that is down: five calls are one, and it is said on the other one."""
    own = Address(platform="dingtalk", chat_id="zhoujianguo", chat_kind="direct")
    for number in range(5):
        queue(plant, f"call{number}", kind="alert", to=own)
    (merged,) = claim(plant)
    away = Retry(reason="down")
    plant.write(partial(parcels.settle, parcel=merged, outcome=away)).result()
    clock.advance(timedelta(minutes=6))
    assert plant.read(parcels.waiting_calls).result() == [merged.out.id]
    assert plant.write(partial(parcels.go_round, outbox_id=merged.out.id)).result()
