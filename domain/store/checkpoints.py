"""SQLite's log is brought into the database file beside the writer, not in somebody's commit."""

import sqlite3
import threading
from typing import Final

import structlog
from sqlalchemy.engine import make_url

EVERY: Final = 32
"""Commits between two checkpoints: of a message each, some 600 pages."""
TRIES: Final = 4
log = structlog.get_logger()


class Checkpoints:
    """A thread that makes checkpoints which hold up neither writer nor readers.

    SQLite's own come every 1,000 pages, in the commit that passes them: 5 to 10 ms for one message in forty,
    and for whoever waits behind it. The log begins anew only where all of it has been brought in, which a
    writer that commits meanwhile prevents: so it is tried again at once, when little is left.
    """

    def __init__(self, url: str) -> None:
        self._path = str(make_url(url).database).removeprefix("file:")
        self._connection: sqlite3.Connection | None = None
        self._commits = 0
        self._due = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="office-checkpoint", daemon=True)
        self._thread.start()

    def note_commit(self) -> None:
        """Count a commit; returns at once."""
        self._commits += 1
        if self._commits >= EVERY:
            self._commits = 0
            self._due.set()

    def close(self) -> None:
        """Finish the one under way, and end."""
        self._closing = True
        self._due.set()
        self._thread.join()

    def _run(self) -> None:
        while self._due.wait() and not self._closing:
            self._due.clear()
            try:
                self.bring_in()
            except sqlite3.Error as error:  # the log has it all: the next one brings it in, or the writer
                log.warning("checkpoint.failed", error=str(error))
        if self._connection is not None:
            self._connection.close()

    def bring_in(self) -> bool:
        """Make a checkpoint now; False if a writer or reader has kept a part of it out."""
        self._connection = self._connection or _opened(self._path)
        return any(_checkpoint(self._connection) for _ in range(TRIES))


def _opened(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA synchronous=FULL").close()
    return connection


def _checkpoint(connection: sqlite3.Connection) -> bool:
    _busy, pages, done = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    return bool(done >= pages)
