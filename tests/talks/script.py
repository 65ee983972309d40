"""A talk as a foreman reads it, played on the stage: who says what where, and every word of the answers.

    张伟@一车间生产群：报工 WO-1001 焊接 50 良       somebody says it in a group (and mentions the bot) …
    郑凯@企业微信：收料 …                            … or in their own chat with the bot
    马骏@设备报修群【接】                            … or presses the newest button of that text
    班长@一车间生产群：✅ WO-1001 焊接：良 50        the bot says exactly this; further lines are indented,
        … 还剩 150                                   `…` is any text, `（改）：` a card that changed in place
    （10 分钟后）                                    a stage direction, see `DIRECTIONS`

What the bot says besides fails the talk. `TALKS=write pytest tests/talks` writes what it says now into the
files: read the difference before it is kept.
"""

import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Final

from bot.sandbox.town import Change
from domain.codes import Kind, write
from tests.talks.appchat import scans
from tests.talks.patience import Unexpected
from tests.talks.pictures import photo
from tests.talks.shown import shown
from tests.talks.staffing import departs, joins, moves, newcomer
from tests.talks.stage import Stage
from tests.talks.tables import TABLE, table

BOT: Final = "班长"
_SAYS: Final = re.compile(
    r"(?P<who>[^@：]+)@(?P<where>[^：【（]+)(?P<how>（[^）]+）)?：(?P<text>.*)", re.DOTALL
)
_PRESSES: Final = re.compile(r"(?P<who>[^@：]+)@(?P<where>[^：【]+)【(?P<button>[^】]+)】")
_PHOTO: Final = re.compile(r"〔(?P<quoted>引用)?照片：(?P<what>[^〕]*)〕")
_INDENT: Final = "    "
_LONG: Final = re.compile(r"〔(?P<times>\d+) 个(?P<what>[^〕]+)〕")


@dataclass(frozen=True, kw_only=True)
class Cue:
    """One statement of a talk: the place it stands at, and its lines."""

    number: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines)

    @property
    def by_bot(self) -> bool:
        """Whether it is what the bot should say."""
        return self.lines[0].startswith(f"{BOT}@")

    @property
    def silent(self) -> bool:
        """Whether nothing is played: a heading, a remark, an empty line."""
        return not self.lines[0] or self.lines[0].startswith("#")


def read(talk: str) -> list[Cue]:
    """Return the statements of a talk; indented lines go on with the one before."""
    cues: list[Cue] = []
    for number, line in enumerate(talk.rstrip("\n").split("\n"), start=1):
        if line.startswith(_INDENT) and cues:
            cues[-1] = Cue(number=cues[-1].number, lines=(*cues[-1].lines, line.removeprefix(_INDENT)))
        else:
            cues.append(Cue(number=number, lines=(line,)))
    return cues


def begins_at(talk: str) -> str | None:
    """Return the hour that a talk's first direction names, if it names one."""
    found = re.search(r"^（从 (\d{4}-\d\d-\d\d \d\d:\d\d) 开始）$", talk, re.MULTILINE)
    return found[1] if found else None


async def play(stage: Stage, talk: str) -> str:
    """Play a talk and return it with what the bot really said; raises Unexpected at the first difference."""
    return await Player(stage, strict=True).play(read(talk))


async def rehearse(stage: Stage, talk: str) -> str:
    """Play a talk and return it with what the bot says now, whatever it said before."""
    return await Player(stage, strict=False).play(read(talk))


class Player:
    """Plays cue after cue."""

    def __init__(self, stage: Stage, *, strict: bool) -> None:
        self._stage = stage
        self._strict = strict
        self._written: list[str] = []

    async def play(self, cues: Sequence[Cue]) -> str:
        """Return the talk as it went."""
        at = 0
        while at < len(cues):
            cue, answers = cues[at], _answers(cues, at + 1)
            at += 1 + len(answers)
            if not cue.silent:
                await self._play(cue)
            self._written += [line if not n else _INDENT + line for n, line in enumerate(cue.lines)]
            self._compare(cue, answers)
        return "\n".join(self._written) + "\n"

    async def _play(self, cue: Cue) -> None:
        try:
            await self._act(cue)
        except Unexpected as trouble:
            went = "\n".join(self._written[-20:])
            raise Unexpected(f"{went}\n第 {cue.number} 行：{cue.text}\n{trouble}") from None

    async def _act(self, cue: Cue) -> None:
        for pattern, act in DIRECTIONS:
            if found := re.fullmatch(pattern, cue.text):
                return await act(self._stage, found)
        if found := _PRESSES.fullmatch(cue.text):
            return await self._stage.presses(found["who"], found["where"], found["button"])
        if found := _SAYS.fullmatch(cue.text):
            return await _say(self._stage, found)
        raise Unexpected(f"第 {cue.number} 行看不懂：{cue.text}")

    def _compare(self, cue: Cue, answers: Sequence[Cue]) -> None:
        """Match what was said with what was expected, in order within each chat."""
        waiting = list(answers)
        for change in self._stage.left():
            said = self._line(change)
            mine = self._expected(waiting, said)
            fits = mine is not None and self._fits(mine.lines, said)
            if self._strict and not fits:
                expected = mine.text if mine else "（什么也不说）"
                raise Unexpected(
                    f"第 {cue.number} 行以后，应该是：\n{expected}\n实际是：\n" + "\n".join(said)
                )
            if mine:
                waiting.remove(mine)
            if not self._strict:
                self._write(mine.lines if mine and fits else said)
            self._stage.takes(change)
        if waiting and self._strict:
            raise Unexpected(f"第 {waiting[0].number} 行的话没有说：\n{waiting[0].text}")
        if self._strict:  # all of it was said; which chat heard first is chance
            for answer in answers:
                self._write(answer.lines)

    def _expected(self, waiting: Sequence[Cue], said: Sequence[str]) -> Cue | None:
        """Return the next words for this chat; where two chats are one, those that fit."""
        here = [it for it in waiting if self._head(it.lines) == self._head(said)]
        written = {it.lines[0].partition("：")[0] for it in here}
        fitting = [it for it in here if self._fits(it.lines, said)] if len(written) > 1 else []
        return next(iter([*fitting, *here]), None)

    def _head(self, lines: Sequence[str]) -> str:
        return self._stage.places.place(lines[0].partition("：")[0])

    def _fits(self, expected: Sequence[str], said: Sequence[str]) -> bool:
        return matches(self._shape(expected), self._shape(said))

    def _shape(self, lines: Sequence[str]) -> Sequence[str]:
        """Return who said it, then the lines as they look here."""
        head, _colon, first = lines[0].partition("：")
        where = self._stage.places.place(head).removeprefix(f"{BOT}@").removesuffix("（改）")
        return [self._stage.places.place(head), *self._stage.places.looks(where, [first, *lines[1:]])]

    def _line(self, change: Change) -> list[str]:
        first, *more = shown(self._stage.world, change) or ["（空）"]
        how = "（改）" if change.kind == "update" else ""
        return [f"{BOT}@{self._stage.name_of(change)}{how}：{first}", *more]

    def _write(self, lines: Sequence[str]) -> None:
        self._written += [lines[0], *(_INDENT + line for line in lines[1:])]


def _answers(cues: Sequence[Cue], start: int) -> list[Cue]:
    found: list[Cue] = []
    for cue in cues[start:]:
        if not cue.by_bot:
            break
        found.append(cue)
    return found


def matches(expected: Sequence[str], said: Sequence[str]) -> bool:
    """Say whether the lines are as expected: `…` is any text, a line `…` any lines."""
    pattern = "\n".join(expected)
    wild = ".*".join(re.escape(part) for part in pattern.split("…"))
    return re.fullmatch(wild, "\n".join(said), re.DOTALL) is not None


async def _say(stage: Stage, found: re.Match[str]) -> None:
    who, where, text = found["who"], found["where"], found["text"]
    text = _LONG.sub(lambda it: it["what"] * int(it["times"]), text)
    how = found["how"] or ""
    picture, posted = _PHOTO.search(text), TABLE.search(text)
    to_bot = "没@" not in how
    say = partial(stage.says, who, where, mention=to_bot, answered=to_bot)
    if posted:
        file = table(posted["name"], posted["rows"])
        if not posted["quoted"]:
            await stage.posts(who, where, mention=False, file=file)
            return
        shot = await stage.posts(who, where, mention=False, answered=False, file=file)
        await say(TABLE.sub("", text), quote=shot)
        return
    if picture is None:
        await say(text)
        return
    drawn, text = photo(*_codes(picture["what"])), _PHOTO.sub("", text)
    if picture["quoted"]:
        shot = await stage.says(who, where, images=(drawn,), mention=False, answered=False)
        await say(text, quote=shot)
    else:
        await say(text, images=(drawn,))


def _codes(what: str) -> Iterator[str]:
    """Yield the texts of the codes on a photo: 流转卡 WO-1001；批次标签 LOT-9 R-0603-10K 5000；码 …；墙."""
    for one in filter(None, what.split("；")):
        kind, *words = one.split()
        match kind:
            case "流转卡":
                yield write(Kind.ORDER, words[0])
            case "批次标签":
                count = Decimal(words[2]) if words[2:] else None
                yield write(Kind.LOT, words[0], material=words[1] if words[1:] else "", quantity=count)
            case "码":
                yield " ".join(words).translate({0x241E: "\x1e", 0x241D: "\x1d", 0x2404: "\x04"})


Direction = Callable[[Stage, re.Match[str]], Awaitable[None]]


async def _begins(_stage: Stage, _found: re.Match[str]) -> None:
    """The hour was set before the stage opened."""


async def _arrives(stage: Stage, found: re.Match[str]) -> None:
    newcomer(stage, found[1], group=found[2])


async def _joins(stage: Stage, found: re.Match[str]) -> None:
    await joins(stage, found[1], department=found[2], number=found[3])


async def _twice(stage: Stage, _found: re.Match[str]) -> None:
    stage.faults.add("redeliver", "dingtalk.push.robot", times=1)
    stage.faults.add("redeliver", "wecom.push.msg", times=1)


DIRECTIONS: Final[tuple[tuple[str, Direction], ...]] = (
    (r"（从 .* 开始）", _begins),
    (r"（(\d+) 分钟后）", lambda stage, found: stage.later(minutes=int(found[1]))),
    (r"（到 (\d\d:\d\d)）", lambda stage, found: stage.until_hour(found[1])),
    (r"（班长重启）", lambda stage, _found: stage.restarts()),
    (r"（新人(.+)进了(.+)）", _arrives),
    (r"（下一句会送来两遍）", _twice),
    (r"（([^（）]+)离职了）", lambda stage, found: departs(stage, found[1])),
    (r"（(.+)离职了，平台没有通知）", lambda stage, found: departs(stage, found[1], quietly=True)),
    (r"（(.+)调到了(.+)）", lambda stage, found: moves(stage, found[1], department=found[2])),
    (r"（([^（）]+)用应用扫了 (.+)）", lambda stage, found: scans(stage, found[1], found[2])),
    (r"（(.+)入职(.+)，工号 (\w+)）", _joins),
    (r"（(.+)打开了(钉钉|企业微信|应用)）", lambda stage, found: stage.enters(found[1], found[2])),
)
