"""What an outcome does to a message: repeats, lost leases, rows nobody can read, storms after an outage."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select, update
from structlog.testing import capture_logs

from domain.clock import FixedClock
from domain.models.journal import Outbox, OutboxState
from domain.store import nodes
from domain.store.office import Office, SqliteOffice
from notifier import parcels, post
from notifier.budget import Budgets
from notifier.card import Card
from notifier.delivery import Delivered, Outcome, Outgoing, Retry, Unknown
from notifier.outbox import Dispatcher
from notifier.post import Address, Parcel
from tests.talks.patience import until


def to(chat: str) -> Address:
    return Address(platform="dingtalk", chat_id=chat, chat_kind="group")


def queue(office: Office, key: str, *, chat: str = "c", kind: str = "reply", **more: Any) -> None:
    card = Card(title=key, key=more.pop("card_key", ""))
    job = partial(post.post, to=to(chat), card=card, kind=kind, dedup_key=key, **more)
    office.write(job).result()


def claim(office: Office, *, busy: Sequence[str] = ()) -> Sequence[Parcel]:
    job = partial(parcels.claim, lease="n", limit=9, busy_chats=busy, reach=["dingtalk:"])
    return office.write(job).result()


def rows(office: Office) -> dict[str, Outbox]:
    read = office.read(lambda work: {it.dedup_key: it for it in work.session.scalars(select(Outbox))})
    return read.result()


def settle(office: Office, clock: FixedClock, outcome: Outcome) -> Parcel:
    (parcel,) = claim(office)
    office.write(partial(parcels.settle, parcel=parcel, outcome=outcome)).result()
    clock.advance(timedelta(minutes=3))
    return parcel


def test_after_an_unknown_outcome_a_message_is_repeated_once_and_no_more(
    office: Office, clock: FixedClock
) -> None:
    queue(office, "m")
    assert settle(office, clock, Unknown(reason="no answer")).out.repeat == 0
    assert settle(office, clock, Unknown(reason="no answer")).out.repeat == 1
    assert claim(office) == []
    assert rows(office)["m"].state is OutboxState.DEAD
    assert "unknown" in rows(office)["m"].reason


def test_where_a_key_protects_it_is_repeated_as_the_same_message(office: Office, clock: FixedClock) -> None:
    queue(office, "m")
    for _time in range(4):
        assert settle(office, clock, Unknown(reason="no answer", keyed=True)).out.repeat == 0
    settle(office, clock, Delivered())
    assert rows(office)["m"].state is OutboxState.SENT


def test_where_a_message_may_be_known_is_remembered_until_it_has_arrived(
    office: Office, clock: FixedClock
) -> None:
    """There it is said again unmarked, by any other door as a repeat; nothing is merged with it."""
    queue(office, "m", kind="notice")
    settle(office, clock, Unknown(reason="no answer", keyed=True, door="app#0"))
    for _time in range(6):
        queue(office, f"later {_time}", kind="notice")
    assert settle(office, clock, Retry(reason="busy")).out.known_at == "app#0"
    out = settle(office, clock, Delivered()).out
    assert (out.key, out.at("app").repeat, out.at("line").repeat, out.at("").repeat) == ("m", 0, 1, 1)
    assert rows(office)["m"].provider_id == ""


def test_what_dead_nodes_had_in_their_hands_is_never_given_up(office: Office, clock: FixedClock) -> None:
    queue(office, "m")
    for _kill in range(4):
        assert len(claim(office)) == 1
        office.write(partial(nodes.forget_dead, starting=True)).result()
    assert settle(office, clock, Delivered()).out.repeat == 4
    assert rows(office)["m"].state is OutboxState.SENT


def test_a_row_that_nobody_can_read_ends_alone(office: Office) -> None:
    queue(office, "bad", chat="a")
    queue(office, "good", chat="b")
    spoilt = update(Outbox).where(Outbox.dedup_key == "bad").values(card={"what": 1})
    office.write(lambda work: work.session.execute(spoilt)).result()
    with capture_logs() as logs:
        assert [parcel.out.key for parcel in claim(office)] == ["good"]
    assert rows(office)["bad"].state is OutboxState.DEAD
    assert rows(office)["bad"].reason.startswith("unreadable")
    assert "outbox.unreadable" in [line["event"] for line in logs]


def test_what_is_urgent_does_not_wait_for_a_busy_chat(office: Office) -> None:
    queue(office, "reply")
    queue(office, "alert", kind="alert", urgent=True)
    assert [parcel.out.key for parcel in claim(office, busy=["dingtalk:c"])] == ["alert"]
    assert claim(office, busy=["dingtalk:c"]) == [], "it is in this node's hands"


def test_after_an_outage_only_the_newest_call_of_an_andon_is_said(office: Office, clock: FixedClock) -> None:
    gone: dict[str, Any] = {
        "guard_id": 1,
        "guard_generation": 0,
    }  # an andon that is gone
    for number in range(3):
        queue(office, f"call {number}", kind="alert", card_key="andon-1", **gone)
        clock.advance(timedelta(minutes=30))
    queue(office, "other", kind="alert")
    said = [parcel.out.key for _turn in range(4) for parcel in claim(office)]
    assert said == ["call 2", "other"]
    ended = {key: row.reason for key, row in rows(office).items() if row.state is OutboxState.SUPERSEDED}
    assert ended == {"call 0": "newer call waits", "call 1": "newer call waits"}


class Mouth:
    """Says everything, to be looked at afterwards."""

    name = "dingtalk"

    def __init__(self) -> None:
        self.said: list[str] = []

    def reach(self) -> tuple[str, ...]:
        return ("",)

    async def send(self, out: Outgoing) -> Outcome:
        self.said.append(out.key)
        return Delivered()


async def test_a_parcel_whose_lease_was_lost_while_it_waited_is_not_sent(
    sqlite_url: str, rules: Any, clock: FixedClock
) -> None:
    office = SqliteOffice(sqlite_url, rules.setting)

    async def write(job: Any) -> Any:
        return office.write(job).result()

    mouth = Mouth()
    dispatcher = Dispatcher(
        write=write, mouths={"dingtalk": mouth}, clock=clock, node="n", budgets=Budgets({})
    )
    queue(office, "lost", chat="a")
    queue(office, "kept", chat="b")
    parcels = claim(office)
    taken = update(Outbox).where(Outbox.dedup_key == "lost").values(lease="other node")
    office.write(lambda work: work.session.execute(taken)).result()
    dispatcher.hand(parcels)
    clock.advance(timedelta(seconds=25))
    await until(lambda: dispatcher.idle, "no rest")
    assert mouth.said == ["kept"]
    assert rows(office)["kept"].state is OutboxState.SENT
    office.close()


def test_a_chat_beyond_this_nodes_reach_is_left_to_others(sqlite_url: str, rules: Any) -> None:
    """Who does not hold WeCom's one connection still sends what goes by the app."""
    office = SqliteOffice(sqlite_url, rules.setting)
    for chat in ("wr1", "app:li", "hook:line_%"):
        queue(office, chat, chat=chat)

    def claimed(*reach: str) -> list[str]:
        job = partial(parcels.claim, lease="n", limit=9, busy_chats=(), reach=reach)
        return [parcel.out.key for parcel in office.write(job).result()]

    assert claimed() == []
    assert claimed("wecom:") == []
    assert claimed("dingtalk:app:", "dingtalk:hook:line_%") == ["app:li", "hook:line_%"]
    assert claimed("dingtalk:") == ["wr1"]
    office.close()


def test_what_has_ended_meanwhile_does_not_wait_again_for_a_node_that_stood_still(
    plant: Office, clock: FixedClock
) -> None:
    """Its lease ran out, it expired, somebody was told; then its old holder writes an outcome."""
    queue(plant, "n", kind="notice", chat="cidDemoQuality==")
    (parcel,) = claim(plant)
    clock.advance(timedelta(hours=7))
    old = update(Outbox).values(lease_until=datetime(2020, 1, 1, tzinfo=UTC))
    plant.write(lambda work: work.session.execute(old)).result()
    assert plant.write(partial(parcels.bury_expired, outbox_id=parcel.out.id)).result()
    assert not plant.write(partial(parcels.settle, parcel=parcel, outcome=Retry(reason="late"))).result()
    assert rows(plant)["n"].state is OutboxState.DEAD
