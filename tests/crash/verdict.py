"""After a run: the outside log against the database, line by line, and what its tables promise."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, func, select, text

from bot.rules import Rules, read_playbook
from domain.clock import SystemClock
from domain.ids import IdMaker
from domain.models.journal import Event, Inbox, InboxState, Outbox, OutboxState
from domain.models.lot import Lot
from domain.models.work_order import OperationTask, WorkOrder
from domain.queries import verify
from domain.store.office import open_office
from notifier.parcels import DOUBT
from tests.crash.deeds import BY_EVENT, SCAN
from tests.crash.ledger import Ledger, Said
from tests.crash.plant import OPERATION

ENDED: Final = (OutboxState.SENT, OutboxState.SUPERSEDED, OutboxState.DEAD)
SHOWN: Final = 10  # of a long list, in the report
FINDINGS: Final = ("lost", "double", "unanswered", "needless", "unmarked", "others")


@dataclass(kw_only=True)
class Verdict:
    """What was found; `wrong` names every broken promise, with examples.

    `needless` were shown again although the platform knew them by a key, or nothing was in doubt;
    `told_again` counts messages that the platforms told more than once, `most_told` how often one of them.
    """

    said: int = 0
    acknowledged: int = 0
    answered: int = 0
    lost: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    needless: list[str] = field(default_factory=list)
    unmarked: list[str] = field(default_factory=list)
    told_again: int = 0
    most_told: int = 0
    repeats: int = 0
    unknowns: int = 0
    others: list[str] = field(default_factory=list)
    outbox: Counter[str] = field(default_factory=Counter)
    events: int = 0

    @property
    def holds(self) -> bool:
        """Whether nothing at all was wrong, and there was something to be wrong."""
        found = [getattr(self, name) for name in FINDINGS]
        return self.acknowledged > 0 and not any(found)

    def wrong(self) -> Iterator[str]:
        """Yield every kind of finding with its first examples."""
        for name in FINDINGS:
            if found := getattr(self, name):
                yield f"{name}: {len(found)}, e.g. " + " | ".join(found[:SHOWN])


def judge(ledger: Ledger, *, database: str, playbook: Path) -> Verdict:
    """Compare the outside log with the database of a process that has ended."""
    verdict = Verdict(said=len(ledger.said))
    engine = create_engine(database)
    try:
        with engine.connect() as connection:
            _effects(verdict, ledger, connection)
            _sums(verdict, connection)
            _ends(verdict, connection)
        _file(verdict, engine)
    finally:
        engine.dispose()
    differences, verdict.events = replayed(database, playbook=playbook)
    verdict.others += [f"verify: {line}" for line in differences]
    verdict.others += [f"an answer to nothing: {it}" for it in ledger.stray]
    return verdict


def _effects(verdict: Verdict, ledger: Ledger, connection: Connection) -> None:
    inbox = {
        (platform, message): id_
        for id_, platform, message in connection.execute(select(Inbox.id, Inbox.platform, Inbox.message_id))
    }
    done = _done(connection)
    by_key = {key: message for message, keys in done.items() for key in keys}
    unknowns, given_up = dict(_unknowns(connection)), _given_up(connection)
    verdict.unknowns = sum(unknowns.values())
    if twice := [
        key for key, count in Counter(key for keys in done.values() for key in keys).items() if count > 1
    ]:
        verdict.double += [f"{key} by two messages" for key in twice]
    for said in ledger.said:
        inbox_id = inbox.get((said.platform, said.message_id)) or by_key.get(said.key, 0)
        verdict.acknowledged += said.counts
        verdict.answered += bool(said.shown)
        verdict.told_again += said.told > 1
        verdict.most_told = max(verdict.most_told, said.told)
        _effect(verdict, said, done.get(inbox_id, []))
        _answer(verdict, said, unknowns=unknowns.get(f"reply:{inbox_id}", 0))
        if said.elsewhere > (f"reply:{inbox_id}" in given_up):
            verdict.others.append(f"{said.room} {said.key}: answered in another chat, too")


def _effect(verdict: Verdict, said: Said, effects: list[str]) -> None:
    name = f"{said.platform} {said.room} {said.key}"
    if said.counts and said.key not in effects:
        verdict.lost.append(name)
    if len(effects) > 1 or (effects and effects[0] != said.key):
        verdict.double.append(f"{name} {effects}")


def _answer(verdict: Verdict, said: Said, *, unknowns: int) -> None:
    name = f"{said.platform} {said.room} {said.key}"
    again = max(0, len(said.shown) - 1)
    verdict.repeats += again
    if said.counts and not said.shown and not said.elsewhere:
        verdict.unanswered.append(name)
    if again and not unknowns:  # what is doubtful under a key is not counted as unknown
        verdict.needless.append(f"{name} shown {said.shown}")
    elif said.shown.count(False) > 1 or again > unknowns:
        verdict.unmarked.append(f"{name} shown {said.shown}, {unknowns} unknown")


def _done(connection: Connection) -> dict[int, list[str]]:
    """What every message came to, by inbox id: one key for each event that changed something."""
    found: dict[int, list[str]] = {}
    kinds = Event.type.in_(("work.reported", "lot.received", *BY_EVENT))
    said = select(Event.message, Event.type, Event.data).where(kinds, Event.message.is_not(None))
    for message, type_, data in connection.execute(said):
        found.setdefault(message or 0, []).append(_key(type_, data))
    return found


def _key(type_: str, data: dict[str, Any]) -> str:
    if type_ in BY_EVENT:
        return BY_EVENT[type_].of(data)
    if data.get("units"):
        return SCAN.of(data)
    thing, amount = ("order", "good") if type_ == "work.reported" else ("lot", "quantity")
    return f"{data[thing]}:{Decimal(data[amount]):f}"


def _unknowns(connection: Connection) -> list[tuple[str, int]]:
    return [(key, count) for key, count in connection.execute(select(Outbox.dedup_key, Outbox.unknowns))]


def _given_up(connection: Connection) -> set[str]:
    """What was given up, and so was told to the next who should know."""
    dead = select(Outbox.dedup_key).where(Outbox.state == OutboxState.DEAD)
    return set(connection.execute(dead).scalars())


def _sums(verdict: Verdict, connection: Connection) -> None:
    """The orders' good counts and the lots are the sum of what the events say."""
    told: Counter[str] = Counter()
    kinds = Event.type.in_(("work.reported", "lot.received"))
    for type_, data in connection.execute(select(Event.type, Event.data).where(kinds)):
        if type_ == "lot.received" or data["operation"] == OPERATION:
            thing, amount = ("lot", "quantity") if type_ == "lot.received" else ("order", "good")
            told[data[thing]] += int(Decimal(data[amount]))
    good = select(WorkOrder.code, func.max(OperationTask.good)).join(
        OperationTask, OperationTask.order_id == WorkOrder.id
    )
    rows = [
        *connection.execute(good.group_by(WorkOrder.code)),
        *connection.execute(select(Lot.code, Lot.on_hand)),
    ]
    kept = {code: int(amount) for code, amount in rows if amount}
    if kept != dict(told):
        wrong = {code for code in kept.keys() | told.keys() if kept.get(code) != told.get(code)}
        verdict.others += [f"sum of {code}: {kept.get(code)}, events {told[code]}" for code in sorted(wrong)]
    if len(rows) != len({code for code, _amount in rows}):
        verdict.others.append("a lot or an order stands twice")


def _ends(verdict: Verdict, connection: Connection) -> None:
    """Nothing is left in hand, and every message that was to be sent has an end with a reason."""
    left = select(Inbox.state, func.count()).where(Inbox.state != InboxState.DONE).group_by(Inbox.state)
    verdict.others += [f"inbox {state}: {count}" for state, count in connection.execute(left)]
    query = select(Outbox.state, Outbox.kind, Outbox.reason, func.count())
    for state, kind, reason, count in connection.execute(
        query.group_by(Outbox.state, Outbox.kind, Outbox.reason)
    ):
        verdict.outbox[f"{kind} {state}: {reason}"] += count
        if state not in ENDED or not reason:
            verdict.others.append(f"outbox {kind} {state} ({reason or 'no reason'}): {count}")
        if state == OutboxState.DEAD and not reason.startswith(
            DOUBT
        ):  # doubt may end: `_answer` looks for it
            verdict.others.append(f"outbox {kind} dead ({reason}): {count}")


def _file(verdict: Verdict, engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        for check in ("integrity_check", "foreign_key_check"):
            found = [tuple(row) for row in connection.execute(text(f"PRAGMA {check}"))]
            if found not in ([], [("ok",)]):
                verdict.others.append(f"{check}: {found[:SHOWN]}")


def replayed(database: str, *, playbook: Path) -> tuple[list[str], int]:
    """Return what `banzhang verify` finds in a database, and how many events it has replayed."""
    rules = Rules(playbook=read_playbook(playbook), clock=SystemClock(), new_id=IdMaker())
    office = open_office(database, rules.setting)
    try:
        differences, events = office.read(verify.differences).result()
    finally:
        office.close()
    return list(differences), events
