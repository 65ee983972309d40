"""What was said to whom."""

from collections.abc import Sequence

from sqlalchemy import select

from domain.models.journal import Outbox
from domain.queries.people import Reach
from domain.work import Work


def told_of(work: Work, *, event_id: int) -> Sequence[Reach]:
    """Return the chats that were told of an event."""
    work.see_rows()
    query = select(Outbox.platform, Outbox.chat_id, Outbox.chat_kind).where(Outbox.event_id == event_id)
    return [
        Reach(platform=platform, chat_id=chat_id, kind=kind)
        for platform, chat_id, kind in work.session.execute(query)
    ]
