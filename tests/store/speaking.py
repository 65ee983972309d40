"""Jobs done as somebody's message, as the house does them."""

import itertools
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from domain.actions import undo
from domain.errors import DomainError
from domain.queries.people import speaker
from domain.store import inbox
from domain.store.office import Office
from domain.work import Work
from notifier.act import act

T = TypeVar("T")


class ToldTwice(Exception):
    """The message is known already: nothing was done."""


MANAGER = "zhoujianguo"
EVERYTHING = frozenset({"manager", "warehouse", "quality"})
_numbers = itertools.count(5000)


def heard(
    work: Work,
    job: Callable[[Work], T],
    *,
    who: str,
    chat: str,
    message_id: str,
    answer: int | None = None,
    roles: Collection[str] | None = None,
) -> T:
    """Do a job as one message of this account, with these `roles` if any are given; raises ToldTwice."""
    message = inbox.write_down(
        work, platform="dingtalk", tenant="t", message_id=message_id, chat_key=chat, payload={}
    )
    if message is None:
        raise ToldTwice
    found = (speaker(work, platform=it, user_id=who) for it in ("dingtalk", "wecom"))
    actor = next(filter(None, found), None)
    assert actor is not None
    work.actor = actor if roles is None else replace(actor, roles=frozenset(roles))
    work.message, work.heard_in = message, chat
    done = job(work)
    work.see_rows()
    inbox.mark_done(work, inbox_id=message, person_id=actor.person_id, answer_no=answer)
    return done


def says(office: Office, who: str, job: Callable[[Work], Any], *, chat: str = "c", answer: int = 0) -> Any:
    """Do a job as this account, as one message with an answer number, and announce it."""

    def written(work: Work) -> Any:
        message_id = f"{chat}/{answer or work.new_id()}"
        announced = partial(act, job=job)
        return heard(work, announced, who=who, chat=chat, message_id=message_id, answer=answer or None)

    return office.write(written).result()


class Chat:
    """A chat of its own, in which every act is one message with the next answer number.

    The plant's manager does it with `roles`; `answers` is the newest number, `done` are the numbers of those
    that were not refused. What happens is told to others only where it is `announced`.
    """

    def __init__(
        self, office: Office, *, roles: Collection[str] = EVERYTHING, announced: bool = False
    ) -> None:
        self.office, self.roles, self.announced = office, roles, announced
        self.chat = f"dingtalk:{next(_numbers)}"
        self.answers = 0
        self.done: list[int] = []

    def act(self, job: Callable[[Work], T], *, who: str = MANAGER) -> T:
        """Do it as one message of somebody; a refusal is raised."""
        self.answers += 1
        number, roles = self.answers, self.roles if who == MANAGER else None
        whole = partial(act, job=job) if self.announced else job

        def written(work: Work) -> T:
            told = f"{self.chat}/{number}"
            return heard(work, whole, who=who, chat=self.chat, message_id=told, answer=number, roles=roles)

        done = self.office.write(written).result()
        self.done.append(number)
        return done

    def tries(self, job: Callable[[Work], Any], *, who: str = MANAGER) -> bool:
        """Do it; a refusal is as good as a success, a bug is not. Says which it was."""
        with suppress(DomainError):
            self.act(job, who=who)
            return True
        return False

    def takes_back(self, back: int = 0, *, who: str = MANAGER) -> bool:
        """Undo the last act that was not refused, or one so far `back`; says whether that was refused.

        Undoing is an act itself, so two of it in a row are the second one's refusal.
        """
        number = self.done[max(0, len(self.done) - 1 - back)] if self.done else 1
        return self.tries(partial(undo.undo, chat_key=self.chat, number=number), who=who)
