"""The log of the embedded database is brought in beside its writer, and begins anew."""

from functools import partial
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.rules import Rules
from domain.store import claims
from domain.store.checkpoints import EVERY, Checkpoints
from domain.store.office import SqliteOffice
from domain.work import Work
from tests.talks.patience import until

MARK = "brought-in-beside-the-writer"


def put(number: int, work: Work) -> None:
    claims.put_setting(work, f"{MARK}-{number}", {"n": number})


async def test_after_so_many_commits_what_was_written_is_in_the_file_itself(
    sqlite_url: str, rules: Rules
) -> None:
    file = Path(str(make_url(sqlite_url).database))

    def is_in(number: int) -> bool:
        return f"{MARK}-{number}".encode() in file.read_bytes()

    office = SqliteOffice(sqlite_url, rules.setting)
    office.write(partial(put, 0)).result()
    assert not is_in(0), "a commit is in the log first"
    for number in range(1, EVERY):
        office.write(partial(put, number)).result()
    await until(partial(is_in, EVERY - 1), "no checkpoint came")
    office.close()


def test_a_log_that_is_all_in_begins_anew(sqlite_url: str, rules: Rules) -> None:
    log = Path(f"{make_url(sqlite_url).database}-wal")
    office = SqliteOffice(sqlite_url, rules.setting)
    beside = Checkpoints(sqlite_url)
    sizes = []
    for number in range(6):
        office.write(partial(put, number)).result()
        assert beside.bring_in()
        sizes.append(log.stat().st_size)
    assert len(set(sizes[1:])) == 1, "each commit is written where the one before stood"
    beside.close()
    office.close()
