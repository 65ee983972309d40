"""Jobs done as somebody's message, as the house does them."""

from collections.abc import Callable
from typing import Any

from domain.queries.people import speaker
from domain.store import inbox
from domain.store.office import Office
from domain.work import Work
from notifier.act import act


def says(office: Office, who: str, job: Callable[[Work], Any], *, chat: str = "c", answer: int = 0) -> Any:
    """Do a job as this account, as one message with an answer number."""

    def written(work: Work) -> Any:
        message = inbox.write_down(
            work,
            platform="dingtalk",
            tenant="t",
            message_id=f"{chat}/{answer or work.new_id()}",
            chat_key=chat,
            payload={},
        )
        platforms = ("dingtalk", "wecom")
        actor = next(filter(None, (speaker(work, platform=it, user_id=who) for it in platforms)), None)
        assert actor is not None
        assert message is not None
        work.actor, work.message, work.heard_in = actor, message, chat
        done = act(work, job)
        work.see_rows()
        inbox.mark_done(work, inbox_id=message, person_id=actor.person_id, answer_no=answer or None)
        return done

    return office.write(written).result()
