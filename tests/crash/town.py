"""The outside world of a run: both pretend clouds with redelivery and mishaps, watched at the wire."""

import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bot.sandbox import dingtalk
from bot.sandbox.dingtalk import DingTalkCloud
from bot.sandbox.faults import Faults
from bot.sandbox.plant import settle
from bot.sandbox.recorder import Direction, Recorder
from bot.sandbox.town import BOT, Post
from bot.sandbox.wecom import WeComCloud
from bot.sandbox.wecom.app import AppLimits
from bot.sandbox.wecom.app.payloads import number_of
from bot.sandbox.wecom.limits import Limits as WeComLimits
from bot.sandbox.world import World
from domain.clock import Clock
from domain.playbook import load
from tests.crash import deeds
from tests.crash.ledger import REPEATED, Ledger

PLENTY: Final = 10_000_000
REDELIVERIES: Final = 600  # seconds during which a message that nobody acknowledged is told again
MISHAPS: Final = {"duplicate": 0.05, "redeliver": 0.04, "redeliver_new": 0.03, "reorder": 0.03, "late": 0.03}
ANSWERS: Final = (
    re.compile(r"(WO-\d+) 焊接：良 ([\d,]+)"),
    re.compile(r"(LOT-\w+) 已收 ([\d,]+)"),
)
OK: Final = 200
INSTEAD: Final = "没能发到"
KEPT: Final = "wecom.push.msg"


class Watch(Recorder):
    """A recorder that tells the ledger what the clouds tell the bot, and what its stream has acknowledged."""

    def __init__(self, clock: Clock, ledger: Ledger) -> None:
        super().__init__(clock, limit=2_000)
        self._ledger = ledger
        self._pushed: dict[str, str] = {}

    def record(self, direction: Direction, door: str, payload: Any, *, status: int | None = None) -> None:
        super().record(direction, door, payload, status=status)
        if direction == "out":
            self._told(door, payload)
        if door == "dingtalk.stream" and isinstance(payload, dict):
            push_id = str(payload.get("headers", {}).get("messageId"))
            if direction == "out":
                self._note(push_id, payload)
            elif payload.get("code") == OK and push_id in self._pushed:
                self._ledger.acknowledge("dingtalk", self._pushed[push_id])

    def _note(self, push_id: str, payload: dict[str, Any]) -> None:
        if message := _on_the_stream(payload):
            self._pushed[push_id] = message

    def _told(self, door: str, payload: Any) -> None:
        if message := TELLS[door](payload) if door in TELLS else "":
            self._ledger.tell(door.partition(".")[0], message)


def _on_the_stream(payload: dict[str, Any]) -> str:
    data = payload.get("data")
    return str(json.loads(data).get("msgId", "")) if isinstance(data, str) else ""


def _by_the_app(payload: str) -> str:
    found = re.search(r"<MsgId>(\d+)</MsgId>", payload)
    return found[1] if found else ""


TELLS: Final[Mapping[str, Callable[[Any], str]]] = {
    "dingtalk.stream": _on_the_stream,
    "dingtalk.http.robot": lambda data: str(data.get("msgId", "")),
    "wecom.push.msg": lambda frame: str(frame.get("body", frame).get("msgid", "")),
    "wecom.app.push": _by_the_app,
}
"""Where the clouds tell the bot what people say, and how what is told there is known."""


@dataclass(frozen=True, kw_only=True)
class Town:
    """The world, its clouds and their switches."""

    world: World
    faults: Faults
    dingtalk: DingTalkCloud
    wecom: WeComCloud
    ledger: Ledger
    seen: set[tuple[str, str]] = field(default_factory=set)

    @property
    def violations(self) -> list[str]:
        """Rules of the wire that the bot has broken."""
        recorders = (self.dingtalk.recorder, self.wecom.recorder)
        return [f"{it.door} {it.rule} {it.detail}" for one in recorders for it in one.violations]

    async def watch(self) -> None:
        """Tell the ledger what the bot says in the rooms, for ever; an answer may also finish a stream."""
        with self.world.subscribe() as changes:
            async for change in changes:
                if change.post is not None and change.post.author == BOT:
                    self._answered(change.post)

    def _answered(self, post: Post) -> None:
        text = f"{post.body.get('title', '')}\n{post.body.get('text', '')}".replace("\\", "")
        found = [it for pattern in ANSWERS if (it := pattern.search(text))]
        for key in (*(f"{it[1]}:{it[2].replace(',', '')}" for it in found), *deeds.shown(text)):
            if (post.id, key) in self.seen:
                continue  # a later version of the same post says it no second time
            self.seen.add((post.id, key))
            self.ledger.answer(post.room_id, key, repeated=REPEATED in text, instead=INSTEAD in text)
            if self.world.rooms[post.room_id].platform == "wecom" and (said := self.ledger.by_key.get(key)):
                self.wecom.forget(said.post_id)


@asynccontextmanager
async def opened(playbook: Path, ledger: Ledger, *, seed: int) -> AsyncIterator[Town]:
    """Give the town of this playbook, its clouds listening."""
    world = World()
    settle(world, load(playbook))
    faults = Faults(seed=seed)
    ding_limits = dingtalk.Limits(
        redeliver_robot=(1.0,) * REDELIVERIES, webhook_per_minute=None, qps=None, ping_seconds=None
    )
    app_limits = AppLimits(per_minute=PLENTY, per_hour=PLENTY, hook_per_minute=PLENTY)
    wecom_limits = WeComLimits(per_minute=PLENTY, per_hour=PLENTY, in_flight=PLENTY, subscribes=PLENTY)
    async with (
        DingTalkCloud(world, faults=faults, recorder=Watch(world.clock, ledger), limits=ding_limits) as first,
        WeComCloud(
            world,
            faults=faults,
            recorder=Watch(world.clock, ledger),
            limits=wecom_limits,
            app_limits=app_limits,
        ) as second,
    ):
        yield Town(world=world, faults=faults, dingtalk=first, wecom=second, ledger=ledger)


def make_trouble(faults: Faults) -> None:
    """Switch on what goes wrong all through a run: redelivery, reordering, lost and refused answers."""
    keep(faults)
    for kind, chance in MISHAPS.items():
        faults.add(kind, "*.push.robot", chance=chance, seconds=0.3)  # type: ignore[arg-type]
        faults.add(kind, "wecom.push.msg", chance=chance, seconds=0.3)  # type: ignore[arg-type]
    faults.add("lost", "dingtalk.webhook", chance=0.01)
    faults.add("status", "dingtalk.webhook", chance=0.01)
    faults.add("lost", "wecom.respond_msg", chance=0.002)
    faults.add("cut", "*.push.*", chance=0.002)


def by_app_id(post_id: str) -> str:
    """Return how the app's callback names what somebody has posted there."""
    return str(number_of(f"{post_id}-0"))


def keep(faults: Faults) -> None:
    """Have WeCom keep what it tells on the line until it is answered: the pages promise no redelivery."""
    faults.add("deaf", KEPT)
