"""A job within a job: what it raises is taken back alone, what ends the transaction ends both."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot import journal
from domain.models.journal import Inbox
from domain.models.people import Chat
from domain.store.office import Office
from domain.work import Work
from tests.store.test_hearing import said, states


class Bug(Exception):
    """What a handler did not expect."""


def spoil(work: Work) -> None:
    """Fail in a flush, which takes the whole transaction with it."""
    columns = {"site_id": work.site_id, "platform": "p", "chat_id": "c", "kind": "group", "title": ""}
    for _ in range(2):
        work.session.add(Chat(chat_key="p:twice", **columns))
        work.session.flush()
        work.session.expunge_all()


def test_what_raises_is_taken_back_and_the_rest_stands(plant: Office) -> None:
    def job(work: Work) -> Any:
        assert journal.write_down(work, incoming=said("m1"))
        return work.attempt(fails)

    def fails(work: Work) -> None:
        assert work.session.scalars(select(Inbox.message_id)).all() == ["m1"]
        assert journal.write_down(work, incoming=said("m2"))
        work.see_rows()
        raise Bug

    assert isinstance(plant.write(job).result().error, Bug)
    assert list(plant.read(states).result()) == ["m1"]


def test_what_succeeds_is_committed_with_it(plant: Office) -> None:
    def job(work: Work) -> Any:
        journal.write_down(work, incoming=said("m1"))
        return work.attempt(partial(journal.write_down, incoming=said("m2")))

    assert plant.write(job).result().result is True
    assert sorted(plant.read(states).result()) == ["m1", "m2"]


def test_what_ends_the_transaction_ends_the_job(plant: Office) -> None:
    def job(work: Work) -> Any:
        journal.write_down(work, incoming=said("m1"))
        return work.attempt(spoil)

    with pytest.raises(IntegrityError):
        plant.write(job).result()
    assert plant.read(states).result() == {}


def test_a_half_within_a_half_is_taken_back_and_so_is_the_one_around_it(plant: Office) -> None:
    def job(work: Work) -> Any:
        journal.write_down(work, incoming=said("m1"))
        return work.attempt(around)

    def around(work: Work) -> None:
        journal.write_down(work, incoming=said("m2"))
        work.see_rows()
        assert isinstance(work.attempt(within).error, Bug)
        raise Bug

    def within(work: Work) -> None:
        journal.write_down(work, incoming=said("m3"))
        work.see_rows()
        raise Bug

    assert isinstance(plant.write(job).result().error, Bug)
    assert list(plant.read(states).result()) == ["m1"]
