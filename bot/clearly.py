"""What a person at the terminal is told when the plant's rules or its database cannot be used."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import typer
from rich.console import Console
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from domain.playbook import PlaybookInvalid
from domain.store.version import NewerDatabase

UNUSABLE: Final = 2
"""The exit code: nothing was done, somebody must see to it first."""


@contextmanager
def clearly(database: str) -> Iterator[None]:
    """Say in a sentence why nothing could be done, and end with `UNUSABLE`; `database` is its URL."""
    try:
        yield
    except PlaybookInvalid as problem:
        why = str(problem)
    except NewerDatabase as problem:
        why = newer(database, problem)
    except DBAPIError as problem:
        why = f"数据库用不了：{_where(database)}：{problem.orig}"
    else:
        return
    Console(stderr=True).print(why, markup=False, soft_wrap=True)
    raise typer.Exit(UNUSABLE)


def newer(database: str, problem: NewerDatabase) -> str:
    """Return what to do with a database that a newer version has written."""
    where = _where(database)
    return (
        f"数据库 {where} 是更新版本的班长写的（结构 {problem}），这个版本不认识它，什么都没有改动。\n"
        "请装回更新的版本再启动，或者恢复升级之前的备份。\n"
        f"The database {where} was written by a newer version (schema {problem}), which this one does not "
        "know; nothing was changed.\nStart the newer version, or restore the backup from before the upgrade."
    )


def _where(database: str) -> str:
    return make_url(database).render_as_string(hide_password=True)
