"""Batched rows: a repeat is ignored by its key, an id that is taken is an error; errors hold no values."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError

from domain.models.journal import Inbox, InboxState
from domain.store.office import Office
from domain.work import Work

SAID = "报工 WO-1001 机密 50 良"


def row(work: Work, message_id: str, *, row_id: int) -> dict[str, Any]:
    return {
        "id": row_id,
        "platform": "dingtalk",
        "tenant": "t",
        "message_id": message_id,
        "chat_key": "dingtalk:a",
        "state": InboxState.PENDING,
        "payload": {"text": SAID},
        "received_at": work.now,
        "attempts": 0,
    }


def hear(office: Office, message_id: str, *, row_id: int) -> None:
    office.write(lambda work: work.add_row("inbox", row(work, message_id, row_id=row_id))).result()


def heard(work: Work) -> list[str]:
    return list(work.session.scalars(select(Inbox.message_id)))


def test_the_same_message_again_is_ignored(office: Office) -> None:
    hear(office, "m1", row_id=1)
    hear(office, "m1", row_id=2)
    assert office.read(heard).result() == ["m1"]


def test_another_message_with_an_id_that_is_taken_is_an_error_and_not_lost_in_silence(office: Office) -> None:
    hear(office, "m1", row_id=1)
    with pytest.raises(IntegrityError):
        hear(office, "m2", row_id=1)


def test_what_people_said_stands_in_no_error_of_the_database(office: Office) -> None:
    hear(office, "m1", row_id=1)
    with pytest.raises(DBAPIError) as refused:
        hear(office, "m2", row_id=1)
    assert SAID not in str(refused.value)
