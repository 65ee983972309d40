"""The same by words: heard, journalled and handled as the process does it, and told twice."""

from functools import partial
from typing import Any, Final

import hypothesis.strategies as st
from hypothesis.stateful import rule
from sqlalchemy import func, select

from bot import handling, journal
from bot.meaning import Desk
from bot.platforms.base import Incoming
from bot.steps import Failed, Handled, Idle, Read, Step
from commands.kit import Registry
from commands.kit.offers import OFFERS
from domain.errors import DomainError
from domain.models.journal import Inbox, InboxState
from domain.work import Work
from tests.machine.plant import PEOPLE, WHICH, Acting, Person

SENTENCES: Final = (
    "报工 {order} {step} {count}良",
    "报工 {order} {step} {count}良 1废 虚焊",
    "过站 {unit} {step}",
    "{unit}",
    "{lot}",
    "冻结 {lot} 品质可疑",
    "解冻 {lot}",
    "拆分 {lot} {count}",
    "发料 {lot} {count} {order}",
    "暂停 {order} 换线",
    "恢复 {order}",
    "装箱 BOX-1 {unit}",
    "封箱 BOX-1",
    "上岗 ST-201",
    "下岗",
    "撤",
    "确认",
    "取消",
    "领料 {order}",
    "批准 SP-1",
    "{order} 履历",
    "没有人这样说话",
)
STEPS: Final = st.sampled_from(["焊接", "组装", "测试", "包装"])
DESK: Final = Desk(registry=Registry.discover("commands", choices=OFFERS), node="n", mouths=("dingtalk",))


class Sentences(Acting):
    """People who speak to the plant in a chat of their own."""

    @rule(who=PEOPLE, words=st.sampled_from(SENTENCES), which=WHICH, count=st.integers(1, 5), step=STEPS)
    def say(self, who: Person, words: str, which: int, count: int, step: str) -> None:
        """Say it; the platform tells it twice, the second time after it was handled."""
        self.answers += 1
        named = {"order": "work_order", "unit": "unit", "lot": "lot"}
        things = {word: self.of(table, which) for word, table in named.items()}
        text = words.format(**things, count=count, step=step)
        self.told.append(f"#{self.answers} {who} says {text}")
        said = Incoming(
            platform="dingtalk",
            tenant="t",
            message_id=f"said/{self.answers}",
            kind="text",
            chat_id=f"to-{who.account}",
            chat_kind="direct",
            sender_id=who.account,
            text=text,
        )
        self._hear(said)
        self._checked()
        before = self._counted()
        self._hear(said)
        self._unmoved("told again")
        assert before == self._counted(), "a message told again has had another effect"

    def _hear(self, said: Incoming) -> None:
        """Journal it and handle what waits in its chat, as the process does."""
        self.office.write(partial(journal.write_down, incoming=said)).result()
        for _ in range(4):
            if isinstance(self._step(journal.chat_key(said)), Idle):
                return
        raise AssertionError("a message is handled again and again")

    def _step(self, key: str) -> Step:
        write: Any = self.office.write
        try:
            step: Step = write(partial(handling.take_next, desk=DESK, key=key)).result()
            if isinstance(step, Read):
                return self._answer(step)
        except Failed as failed:
            return self._refused(failed.inbox_id, failed.cause)
        assert isinstance(step, Handled | Idle)
        return step

    def _answer(self, step: Read) -> Step:
        try:
            card = self.office.read(partial(handling.look, desk=DESK, step=step)).result()
        except DomainError as refusal:
            return self._refused(step.inbox_id, refusal)
        job = partial(handling.answer, desk=DESK, inbox_id=step.inbox_id, card=card)
        return self.office.write(job).result()

    def _refused(self, inbox_id: int, cause: Exception) -> Step:
        if not isinstance(cause, DomainError):
            raise cause
        self.refused.add(type(cause).__name__)
        job = partial(handling.refuse, desk=DESK, inbox_id=inbox_id, error=cause)
        return self.office.write(job).result()

    def _counted(self) -> list[tuple[str, int]]:
        """Return how many messages stand where; none waits for ever."""

        def look(work: Work) -> list[tuple[str, int]]:
            rows = work.session.execute(select(Inbox.state, func.count()).group_by(Inbox.state)).all()
            return [(str(state), count) for state, count in rows]

        found = self.office.read(look).result()
        assert InboxState.PENDING not in dict(found), found
        return found
