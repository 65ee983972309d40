"""A stage: the real house on pretend clouds, people who speak and press, and no word that nobody expects."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from sqlalchemy import func, select

from bot.app import House
from bot.sandbox.dingtalk import DingTalkCloud, Limits
from bot.sandbox.faults import Faults
from bot.sandbox.plant import settle
from bot.sandbox.recorder import Recorder
from bot.sandbox.town import BOT, Change, Post, Resident, Room
from bot.sandbox.wecom import WeComCloud
from bot.sandbox.world import World
from bot.settings import DEMO_PLAYBOOK, Settings
from domain.models.journal import IS_WAITING, Inbox, InboxState, Outbox
from domain.queries import verify
from domain.work import Work
from notifier.budget import Budgets
from tests.plants import demo, local
from tests.talks.patience import Unexpected, until
from tests.talks.places import Places
from tests.talks.shown import shown
from tests.talks.standing import StandingClock
from tests.talks.ways_in import USUAL, Clouds, WayIn, joined

SHIFT: Final = "2026-03-02 13:05"  # a Monday after lunch: no digest is due
A_SENTENCE: Final = timedelta(seconds=10)  # that long it takes to say one, so rates are those of people

PATIENT: Final = Limits(http_seconds=30.0, card_seconds=30.0)  # a busy machine is no silent bot


class Stage:
    """`async with Stage(url, tmp_path) as stage`: the demo plant at an hour, with everybody in their groups.

    Everything that the bot says must be taken with `hears`: at the next line or at the end, whatever nobody
    has taken fails the talk; so do a broken rule of the wire and a state that is not the sum of its events.
    """

    def __init__(
        self,
        database_url: str,
        folder: Path,
        *,
        at: str | None = None,
        playbook: Path = DEMO_PLAYBOOK,
        ways: Sequence[WayIn] = USUAL,
    ) -> None:
        self.clock = StandingClock(local(at or SHIFT))
        self.world = World(clock=self.clock)
        settle(self.world, demo())
        self._greet()
        self.faults = Faults()
        self.recorder = Recorder(self.clock)
        given = {"faults": self.faults, "recorder": self.recorder}
        self.dingtalk = DingTalkCloud(self.world, limits=PATIENT, **given)  # type: ignore[arg-type]
        self.wecom = WeComCloud(self.world, **given)  # type: ignore[arg-type]
        self._database_url, self._folder, self._playbook = database_url, folder, playbook
        self._clouds, self._ways = Clouds(dingtalk=self.dingtalk, wecom=self.wecom), ways
        self.places = Places(self.world, ways)
        self._exits = AsyncExitStack()
        self._changes = self.world.subscribe()
        self._said: list[Change] = []

    async def __aenter__(self) -> Self:
        await self._exits.enter_async_context(self.dingtalk)
        await self._exits.enter_async_context(self.wecom)
        await self.opens()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                await self.idle()
                self.silent()
                self.sound()
        finally:
            await self.closes()
            await self._exits.aclose()

    def _greet(self) -> None:
        """Let somebody have written in every chat once, before the bot came: WeCom opens a chat only then."""
        for room in tuple(self.world.rooms.values()):
            self.world.say(room.members[0], room.id, text="大家好", mention_bot=room.kind == "group")

    # the house

    async def opens(self) -> None:
        """Start the house and wait until both platforms hear."""
        self.house = House(self._settings(), clock=self.clock, budgets=Budgets({}))
        await self.house.start()
        self.house.ticks.stop()  # the talk moves the clock: nothing happens by the machine's own seconds
        for way in self._ways:
            await way.opens(self._clouds, url=f"http://127.0.0.1:{self.house.http_port}")
        await until(lambda: all(way.ready(self._clouds) for way in self._ways), "没有连上两个平台")

    async def closes(self) -> None:
        """Stop the house."""
        for way in self._ways:
            way.shuts(self._clouds)
        await self.house.stop()

    async def restarts(self) -> None:
        """Stop the house and start it again on the same database."""
        self.silent()
        await self.closes()
        await until(lambda: not any(way.ready(self._clouds) for way in self._ways), "没有断开两个平台")
        await self.opens()
        await self.later()

    def _settings(self) -> Settings:
        return Settings(
            _env_file=None,
            database_url=self._database_url,
            data_dir=self._folder / "data",
            **{
                "http_port": 0,
                **joined(self._ways, self._clouds, playbook=self._playbook, into=self._folder),
            },
        )

    # who and where

    def person(self, name: str) -> Resident:
        """Return who is called so."""
        return self.places.person(name)

    def room(self, where: str, *, who: str = "") -> Room:
        """Return the group of this title, or (钉钉, 企业微信, 应用) this person's own chat there."""
        return self.places.room(where, who=who)

    # what people do

    async def says(
        self,
        who: str,
        where: str,
        text: str = "",
        *,
        images: tuple[bytes, ...] = (),
        quote: Post | None = None,
        mention: bool = True,
        answered: bool = True,
    ) -> Post:
        """Let a person post (in a group the bot is mentioned); returns when the house has nothing to do."""
        given = {"text": text, "images": images, "quote": quote.id if quote else None}
        return await self.posts(who, where, mention=mention, answered=answered, **given)

    async def posts(
        self, who: str, where: str, *, mention: bool = True, answered: bool = True, **what: Any
    ) -> Post:
        """Let a person post anything that the world can carry: a file, a recording."""
        await self._turn()
        room = self.room(where, who=who)
        to_bot = mention and room.kind == "group"
        post = self.world.say(self.person(who).id, room.id, mention_bot=to_bot, **what)
        await self._answered(room, wait=answered)
        return post

    async def enters(self, who: str, where: str) -> None:
        """Let a person open their own chat with the bot."""
        await self._turn()
        room = self.room(where, who=who)
        self.world.enter(self.person(who).id, room.id)
        await self._answered(room, wait=room.platform == "wecom")

    async def presses(self, who: str, where: str, button: str) -> None:
        """Let a person press the button of this text on the newest post that has it there."""
        room = self.room(where, who=who)
        for post in reversed(self.places.posts_at(room)):
            keys = [it["key"] for it in post.body.get("buttons", ()) if it["text"] == button]
            if keys:
                return await self.presses_on(who, post, keys[0])
        raise Unexpected(f"在「{where}」里没有「{button}」这个按钮")

    async def presses_on(self, who: str, post: Post, key: str) -> None:
        """Let a person press a button of one post, also one that the others do not see any more."""
        await self._turn()
        self.world.click(self.person(who).id, post.id, key)
        await self._answered(self.world.rooms[post.room_id], wait=True)

    async def _turn(self) -> None:
        await self.idle()
        self.silent()
        self.clock.advance(A_SENTENCE)

    async def _answered(self, room: Room, *, wait: bool) -> None:
        if wait:
            await until(lambda: self._spoke_in(room), f"班长在「{room.title}」里没有回答")
        await self.idle()

    def _spoke_in(self, room: Room) -> bool:
        self._listen()
        place = self.places.place_of(room)
        return any(self.places.place_of(it.room_id) == place for it in self._said)

    async def later(self, *, minutes: float = 0) -> None:
        """Move the clock of house and clouds, let what is due happen."""
        await self.idle()
        self.silent()
        self.clock.advance(timedelta(minutes=minutes))
        while await self.house.ticks.tick():
            pass
        self.house.dispatcher.wake()
        await self.idle()

    async def until_hour(self, hour: str) -> None:
        """Move the clock to the next time it shows `hour` (08:07) in the plant, in steps of ten minutes."""
        zone = demo().zone
        here = self.clock.now().astimezone(zone)
        there = datetime.combine(here.date(), datetime.strptime(hour, "%H:%M").time(), tzinfo=zone)  # noqa: DTZ007 (an hour)
        there += timedelta(days=1) if there <= here else timedelta()
        await self.later(minutes=(there - here).total_seconds() / 60)

    # what the bot says

    def _listen(self) -> None:
        while not self._changes._queue.empty():
            change = self._changes._queue.get_nowait()
            by_bot = change.post is not None and change.post.author == BOT
            if by_bot or change.kind == "notice":
                self._said.append(change)

    def left(self) -> list[Change]:
        """Return what was said and not taken yet, in order."""
        self._listen()
        return list(self._said)

    def takes(self, change: Change) -> None:
        """Take one of the things said: it was expected."""
        self._said.remove(change)

    def hears(self, where: str, *pieces: str, who: str = "") -> Post:
        """Take the next thing that the bot has said there; every piece must stand in it."""
        room = self.room(where, who=who)
        here = [change for change in self.left() if change.room_id == room.id]
        if not here:
            raise Unexpected(f"班长在「{where}」里什么也没说，本来应该说：{pieces}")
        said = "\n".join(shown(self.world, here[0]))
        missing = [piece for piece in pieces if piece not in said]
        if missing:
            raise Unexpected(f"班长在「{where}」里说的没有 {missing}：\n{said}")
        self.takes(here[0])
        assert here[0].post is not None
        return here[0].post

    def silent(self) -> None:
        """Nothing has been said that nobody expected."""
        if left := self.left():
            said = "\n\n".join(
                "\n".join([self.name_of(change), *shown(self.world, change)]) for change in left
            )
            raise Unexpected(f"没有料到的话：\n{said}")

    def name_of(self, change: Change) -> str:
        """Return where it was said, as talks write it."""
        return self.places.name(self.world.rooms[change.room_id])

    def sound(self) -> None:
        """No rule of the wire was broken, and the state is the sum of the events."""
        assert not self.recorder.violations, self.recorder.violations
        assert self.house.office is not None
        differences, _count = self.house.office.read(verify.differences).result()
        assert not differences, "\n".join(differences)

    # waiting

    async def idle(self) -> None:
        """Wait until everything heard is handled and everything due is said."""
        await until(self._at_rest, "班长停不下来")

    def _at_rest(self) -> bool:
        house = self.house
        if not (house.ear.idle and house.dispatcher.idle) or self.wecom.app.courier.busy:
            return False
        assert house.office is not None
        return not house.office.read(_in_hand).result() and house.contacts.at_rest()


def _in_hand(work: Work) -> int:
    heard = select(func.count()).select_from(Inbox).where(Inbox.state == InboxState.PENDING)
    due = select(func.count()).select_from(Outbox)
    due = due.where(IS_WAITING, Outbox.not_before <= work.now)
    return work.session.execute(heard).scalar_one() + work.session.execute(due).scalar_one()
