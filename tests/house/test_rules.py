"""Every rule holds in the whole tree, and every rule can fail."""

from collections.abc import Callable, Iterator

import pytest

from tests.house import rules
from tests.house.tree import Source, texts

Rule = Callable[[Source], Iterator[str]]

# rule -> (path, text) that break it, (path, text) that look alike and do not
SAMPLES: dict[Rule, tuple[list[tuple[str, str]], list[tuple[str, str]]]] = {
    rules.no_async_in_the_heart: (
        [("domain/a.py", "async def f(): ..."), ("commands/a.py", "import asyncio")],
        [("bot/a.py", "async def f(): await g()"), ("domain/a.py", "def f(): ...")],
    ),
    rules.only_move_assigns_a_status: (
        [
            ("domain/actions/a.py", "order.status = DONE"),
            ("domain/models/a.py", "def move(): ...\ndef other(x): x.status = DONE"),
            ("notifier/a.py", "setattr(order, 'status', DONE)"),
            ("domain/actions/a.py", "run(update(Order).where(x).values(status=DONE))"),
        ],
        [
            ("domain/models/a.py", "class A:\n def move(self, to): self.status = to"),
            ("domain/a.py", "if order.status == DONE: status = 1"),
            ("domain/actions/a.py", "run(insert(Order).values(status=NEW))"),
            ("bot/sandbox/a.py", "post.status = 'seen'"),
        ],
    ),
    rules.only_the_office_commits: (
        [("domain/store/people.py", "session.commit()"), ("bot/a.py", "connection.rollback()")],
        [("domain/store/office.py", "session.commit()"), ("tests/a.py", "connection.commit()")],
    ),
    rules.nothing_loads_lazily: (
        [
            ("domain/models/a.py", "lots = relationship()"),
            ("domain/models/a.py", "lots = orm.relationship('Lot', lazy='select')"),
        ],
        [("domain/models/a.py", "lots = relationship('Lot', lazy='raise')")],
    ),
    rules.time_is_handed_in: (
        [
            ("domain/a.py", "from datetime import datetime\nx = datetime.now(UTC)"),
            ("bot/a.py", "import datetime\nx = datetime.datetime.now()"),
            ("notifier/a.py", "import time\nx = Field(default_factory=time.time)"),
            ("notifier/a.py", "from time import monotonic\nx = monotonic()"),
            ("commands/a.py", "from datetime import date\nx = date.today()"),
        ],
        [
            ("domain/clock.py", "x = time.time()"),
            ("bot/a.py", "x = clock.now()"),
            ("tests/a.py", "time.time()"),
        ],
    ),
    rules.settings_alone_read_the_environment: (
        [("bot/app.py", "import os\nos.environ['A']"), ("domain/a.py", "from os import getenv")],
        [
            ("bot/settings.py", "os.environ['A']"),
            ("tests/a.py", "os.environ['A']"),
            ("domain/a.py", "os.environ.setdefault('LIBRARY_SMALL', '1')"),
        ],
    ),
    rules.only_the_shell_catches_everything: (
        [
            ("domain/a.py", "try: f()\nexcept Exception: pass"),
            ("bot/platforms/a.py", "try: f()\nexcept (OSError, Exception): pass"),
            ("notifier/a.py", "try: f()\nexcept: pass"),
        ],
        [
            ("bot/hear.py", "try: f()\nexcept Exception: pass"),
            ("domain/a.py", "try: f()\nexcept OSError: pass"),
        ],
    ),
    rules.a_file_is_one_room: (
        [("bot/a.py", "x = 1\n" * 301), ("bot/utils.py", ""), ("domain/common/a.py", "")],
        [("bot/a.py", "x = 1\n" * 300), ("deploy/a.lock", "x\n" * 900), ("bot/utility_bill.py", "")],
    ),
    rules.nothing_is_left_for_later: (
        [("docs/a.md", "this is a TO" + "DO"), ("bot/a.py", "# FIX" + "ME: soon")],
        [("docs/a.md", "what to do"), ("commands/a.py", "待办")],
    ),
    rules.a_suppression_has_a_reason: (
        [
            ("bot/a.py", "x  # noqa"),
            ("bot/a.py", "x  # noqa: S108"),
            ("tests/a.py", "x  # noqa: S108, S109 -"),
        ],
        [
            ("bot/a.py", "x  # noqa: S108 (the test needs it)"),
            ("bot/a.py", "x  # noqa: S1, S2 - short paths"),
        ],
    ),
    rules.fakes_not_mocks: (
        [("tests/a.py", "from unittest.mock import patch"), ("tests/a.py", "import unittest.mock")],
        [("tests/a.py", "import unittest")],
    ),
    rules.a_sleep_in_a_test_has_a_reason: (
        [("tests/a.py", "import time\ntime.sleep(1)"), ("tests/a.py", "await_ = asyncio.sleep(0.1)")],
        [
            ("tests/a.py", "time.sleep(1)  # the disk's own time"),
            ("tests/a.py", "asyncio.sleep(0)"),
            ("tests/crash/a.py", "time.sleep(1)"),
        ],
    ),
    rules.sql_stays_in_its_rooms: (
        [("domain/actions/a.py", "from sqlalchemy import select"), ("bot/web/a.py", "import sqlite3")],
        [
            ("domain/queries/a.py", "from sqlalchemy import select"),
            ("bot/a.py", "from domain.store import office"),
        ],
    ),
    rules.arguments_are_named: (
        [
            ("domain/a.py", "def f(a, b, c, d): ..."),
            ("bot/a.py", "class A:\n def f(self, a, b, c, /, d): ..."),
        ],
        [
            ("domain/a.py", "def f(a, b, c, *, d): ..."),
            ("commands/a.py", "def f(ctx, a, b, c): ..."),
            ("domain/a.py", "class A:\n def f(self, a, b, c): ...\n def _f(a, b, c, d): ..."),
        ],
    ),
    rules.commands_know_only_their_kit: (
        [
            ("commands/a.py", "from commands.report import report"),
            ("commands/a.py", "from commands import report"),
            ("commands/a.py", "from notifier.outbox import Dispatcher"),
            ("commands/a.py", "from domain.store.people import People"),
            ("commands/a.py", "from bot.app import App"),
        ],
        [
            (
                "commands/a.py",
                "from commands.kit import command\nfrom notifier.card import Card\nimport decimal",
            ),
            ("commands/kit/a.py", "from commands.kit import grammar"),
            ("commands/a.py", "from domain.actions import production"),
        ],
    ),
}


@pytest.mark.parametrize("rule", rules.RULES)
def test_the_rule_holds(rule: Rule) -> None:
    wrong = [problem for source in texts() if applies(rule, source) for problem in rule(source)]
    assert not wrong, "\n".join([str(rule.__doc__), *wrong])


@pytest.mark.parametrize(
    ("rule", "path", "text"), [(rule, *bad) for rule, (bads, _) in SAMPLES.items() for bad in bads]
)
def test_the_rule_sees_what_breaks_it(rule: Rule, path: str, text: str) -> None:
    assert list(rule(Source(path, text)))


@pytest.mark.parametrize(
    ("rule", "path", "text"), [(rule, *good) for rule, (_, goods) in SAMPLES.items() for good in goods]
)
def test_the_rule_leaves_its_neighbours_alone(rule: Rule, path: str, text: str) -> None:
    assert not list(rule(Source(path, text)))


def test_every_rule_has_samples() -> None:
    assert set(SAMPLES) == set(rules.RULES)


def applies(rule: Rule, source: Source) -> bool:
    """Rules about text see every file, rules about code see Python."""
    about_text = rule in (rules.a_file_is_one_room, rules.nothing_is_left_for_later)
    return not source.path.startswith("domain/store/migrations/versions/") and (
        about_text or source.path.endswith(".py")
    )
