"""The rows of one reported command, written out by hand: what the hand-written programs insert."""

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from domain.clock import SystemClock

SAID: Final = re.compile(r"报工\s+(\S+)\s+(\S+)\s+(\d+)\s*良\s+(\d+)\s*废")
MICRO: Final = 1_000_000
NODE: Final = "bench"
_CLOCK = SystemClock()
Row = tuple[Any, ...]


def ids() -> Iterator[int]:
    """Yield fresh ids, as long as those of the house."""
    return itertools.count(300_000_000_000_000_000)


def now() -> datetime:
    """Return the time, aware."""
    return _CLOCK.now()


def packed(value: Any) -> str:
    """Return compact JSON, as the house writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Heard:
    """A callback taken apart: what the inbox row holds, and what was said."""

    id: int
    user: str
    chat: str
    order: str
    operation: str
    good: int
    scrap: int
    slot: str
    at: datetime
    row: Row


def heard(body: dict[str, Any], *, new_id: int) -> Heard:
    """Return a callback with its inbox row: id, platform, tenant, message, chat, state, payload, at."""
    at, user, chat = now(), body["from"]["userid"], body["chatid"]
    text = body["text"]["content"].removeprefix("@班长 ")
    order, operation, good, scrap = SAID.fullmatch(text).groups()  # type: ignore[union-attr]
    slot = {
        "kind": "req_id",
        "deadline": (at + timedelta(hours=24)).isoformat(),
        "node": NODE,
        "data": {"req_id": body["msgid"], "connection": "1"},
    }
    payload = {
        "platform": "wecom", "tenant": "bench", "message_id": body["msgid"], "kind": "text",
        "chat_id": chat, "chat_kind": "group", "sender_id": user, "sender_name": "", "text": text,
        "guard": "", "card_key": "", "chat_title": "", "media": [], "quoted": "", "slot": slot,
        "sent_at": datetime.fromtimestamp(body["create_time"], UTC).isoformat(),
        "raw": {"cmd": "aibot_msg_callback", "headers": {"req_id": body["msgid"]}, "body": body},
    }  # fmt: skip
    key = f"wecom:{chat}"
    row = (new_id, "wecom", "bench", body["msgid"], key, "pending", packed(payload), at, 0)
    return Heard(new_id, user, key, order, operation, int(good), int(scrap), packed(slot), at, row)


@dataclass(frozen=True)
class Found:
    """What a command reads: who, the order, its operations in sequence, the chat's last answer."""

    person: int
    department: str
    order: int
    quantity: int
    unit: str
    tasks: list[Row]  # id, name, good, scrap, rework, department of each operation; in millionths
    answer: int


@dataclass(frozen=True)
class Done:
    """What a command writes: the task's new figures, event, subjects and reply."""

    task: int
    good: int
    scrap: int
    answer: int
    event: Row
    subjects: list[Row]
    outbox: Row
    said: str


class Refused(Exception):
    """More than is left: the hand-written program too keeps the rule."""


def report(site: int, said: Heard, found: Found, *, event: int, outbox: int) -> Done:
    """Do what was said: the rule, then every row of it."""
    place = next(at for at, task in enumerate(found.tasks) if task[1] == said.operation)
    task = found.tasks[place]
    arrived = found.quantity if place == 0 else found.tasks[place - 1][2]
    good, scrap = task[2] + said.good * MICRO, task[3] + said.scrap * MICRO
    left = (arrived - good - scrap - task[4]) // MICRO
    if left < 0:
        raise Refused
    following = found.tasks[place + 1][1] if place + 1 < len(found.tasks) else ""
    data = {
        "order": said.order, "operation": task[1], "good": str(said.good), "scrap": str(said.scrap),
        "rework": "0", "total_good": str(good // MICRO), "total_scrap": str(scrap // MICRO),
        "open_rework": str(task[4] // MICRO), "left": str(left), "unit": found.unit,
        "next_operation": following, "all_done": False, "line": "", "department": task[5],
    }  # fmt: skip
    stood = {"good": str(task[2] // MICRO), "scrap": str(task[3] // MICRO)}
    stands = {"good": data["total_good"], "scrap": data["total_scrap"]}
    at, answer = now(), found.answer % 999 + 1
    title = f"{said.order} {task[1]}：良 {said.good:,}，废 {said.scrap:,}"
    line = f"累计良 {good // MICRO:,}，废 {scrap // MICRO:,}，返工中 {task[4] // MICRO:,}，还剩 {left:,}"
    return Done(
        task=task[0],
        good=good,
        scrap=scrap,
        answer=answer,
        event=(
            event, site, "work.reported", found.person, found.department, "", said.id, at, at, packed(data),
            packed({"operation_task": {task[0]: stood}}), packed({"operation_task": {task[0]: stands}}),
        ),
        subjects=[("operation_task", task[0], event, True), ("work_order", found.order, event, False)],
        outbox=_reply(site, said, found, outbox, (title, line), answer=answer, at=at),
        said=f"{title}\n{line}\n#{answer}",
    )  # fmt: skip


def _reply(
    site: int, said: Heard, found: Found, new_id: int, text: tuple[str, str], *, answer: int, at: datetime
) -> Row:
    card = {
        "title": text[0], "lines": [text[1]], "table": None, "buttons": [], "mentions": [found.person],
        "tone": "good", "image": None, "file": None, "number": answer, "key": "",
    }  # fmt: skip
    until = at + timedelta(seconds=30)
    return (
        new_id, site, f"reply:{said.id}", said.chat, "wecom", said.chat.removeprefix("wecom:"), "group",
        "reply", False, packed(card), "", said.slot, at, at, at + timedelta(hours=6), "leased", 0, 0,
        NODE, until, "", "",
    )  # fmt: skip


INBOX: Final = "id, platform, tenant, message_id, chat_key, state, payload, received_at, attempts"
LANE: Final = "chat_key, fence, answer_no"
EVENT: Final = (
    "id, site_id, type, actor_id, department, place, message, occurred_at, recorded_at, data, before, after"
)
SUBJECT: Final = "kind, ref, event_id, changed"
OUTBOX: Final = (
    "id, site_id, dedup_key, chat_key, platform, chat_id, chat_kind, kind, urgent, card, card_key, slot, "
    "created_at, not_before, expires_at, state, attempts, unknowns, lease, lease_until, provider_id, reason"
)
SPEAKER: Final = (
    "SELECT p.id, p.department FROM person p JOIN account a ON a.person_id = p.id "
    "WHERE a.site_id = {0} AND a.platform = 'wecom' AND a.user_id = {0} AND a.active AND p.active"
)
ORDER: Final = (
    "SELECT id, quantity, unit, status FROM work_order WHERE site_id = {0} AND code = {0} AND {void}"
)
TASKS: Final = (
    "SELECT id, name, good, scrap, open_rework, department FROM operation_task "
    "WHERE order_id = {0} AND {void} ORDER BY sequence"
)


def insert(table: str, columns: str, mark: str) -> str:
    """Return an INSERT with marks of the driver; a repeated message is ignored."""
    marks = ", ".join([mark] * (columns.count(",") + 1))
    again = " ON CONFLICT DO NOTHING" if table in {"inbox", "chat_lane", "outbox"} else ""
    return f"INSERT INTO {table} ({columns}) VALUES ({marks}){again}"  # noqa: S608 (names of ours)
