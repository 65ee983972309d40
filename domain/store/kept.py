"""A connection that a worker keeps: the pool's hand-over and check cost as much as three statements."""

from sqlalchemy import Connection, Engine

from domain.clock import SystemClock

STALE_SECONDS = 1.0
_clock = SystemClock()


class KeptConnection:
    """One connection of the engine's pool for one thread.

    The pool checks it before it hands it out: again after a second without work, and whenever a job failed.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._used = 0.0
        self.uncommitted = False  # whether a transaction is under way whose COMMIT was not sent yet

    def take(self) -> Connection:
        """Return the connection, outside of any transaction."""
        now = _clock.monotonic()
        if now - self._used > STALE_SECONDS:
            self.give_back()
        self._used = now
        if self._connection is None:
            self._connection = self._engine.connect()
        self.uncommitted = True
        return self._connection

    def give_back(self) -> None:
        """Let the pool look after it; the next job gets one that works."""
        connection, self._connection = self._connection, None
        self.uncommitted = False
        if connection is not None:
            connection.close()
