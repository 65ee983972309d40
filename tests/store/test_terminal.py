"""A terminal answers as a chat does: an act, a question, and a refusal of either."""

import pytest

from bot.terminal import Terminal
from domain.store.office import Office


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("报工 WO-1001 焊接 5", "WO-1001 焊接：良 5"),
        ("报工 WO-9999 焊接 5", "没有找到工单「WO-9999」"),
        ("WO-1001 到哪了", "WO-1001 已下达"),
        ("WO-9999 到哪了", "没有找到工单「WO-9999」"),
    ],
)
def test_what_is_said_is_answered(plant: Office, said: str, answer: str) -> None:
    assert answer in Terminal(plant).say(said, job_number="1004").plain_text()
