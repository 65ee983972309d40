"""绑定: who may confirm, for how long, and which request."""

from datetime import timedelta
from functools import partial

import pytest

from domain.actions import bindings
from domain.actions.bindings import Bound
from domain.clock import FixedClock
from domain.errors import NotFound, NotPermitted
from domain.queries.people import speaker
from domain.store.office import Office
from domain.work import Work


def ask(office: Office, user: str, job_number: str) -> Bound:
    job = partial(
        bindings.request,
        platform="wecom",
        user_id=user,
        sender_name=user,
        chat_key=f"wecom:{user}",
        job_number=job_number,
    )
    return office.write(job).result()


def confirm(office: Office, who: str, code: str) -> None:
    def as_leader(work: Work) -> None:
        actor = speaker(work, platform="dingtalk", user_id=who)
        assert actor is not None
        work.actor = actor
        bindings.confirm(work, code=code)

    office.write(as_leader).result()


def bound(office: Office, user: str) -> str:
    found = office.read(partial(speaker, platform="wecom", user_id=user)).result()
    return found.name if found else ""


def test_the_leader_confirms_and_the_account_is_the_employees(plant: Office) -> None:
    confirm(plant, "wangxiulan", ask(plant, "new", "1004")["code"])
    assert bound(plant, "new") == "张伟"


def test_nobody_else_confirms(plant: Office) -> None:
    code = ask(plant, "new", "1004")["code"]
    with pytest.raises(NotPermitted):
        confirm(plant, "zhaojun", code)
    assert bound(plant, "new") == ""


def test_a_request_that_nobody_answered_in_time_is_void(plant: Office, clock: FixedClock) -> None:
    code = ask(plant, "new", "1004")["code"]
    clock.advance(timedelta(days=2, minutes=1))
    with pytest.raises(NotFound):
        confirm(plant, "wangxiulan", code)
    assert bound(plant, "new") == ""


def test_an_account_has_one_request_at_a_time(plant: Office) -> None:
    first, second = ask(plant, "new", "1004"), ask(plant, "new", "1005")
    with pytest.raises(NotFound):
        confirm(plant, "wangxiulan", first["code"])
    assert first["code"] != second["code"]
