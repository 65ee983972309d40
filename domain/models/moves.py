"""States move by a table: `move()` is the only place that assigns a status."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar

from domain.errors import WrongState


class Moving:
    """Mixed into every mapped class that has a status; the class's `MOVES` table stands above it."""

    MOVES: ClassVar[Mapping[Any, frozenset[Any]]]
    status: Any
    code: Any

    @property
    def standing(self) -> str:
        """The status with what has it (`lot:released`), for sentences: some words mean several states."""
        return self._named(self.status)

    def _named(self, status: StrEnum) -> str:
        return f"{getattr(self, '__tablename__', '')}:{status.value}"

    def may_move(self, to: StrEnum) -> bool:
        """Say whether the table has this move."""
        return to in self.MOVES[self.status]

    def move(self, to: StrEnum) -> None:
        """Assign the status if the table allows it; raises WrongState."""
        if not self.may_move(to):
            raise WrongState(thing=str(self.code), status=self.standing, wanted=self._named(to))
        self.status = to

    def leave(self, here: StrEnum, *, to: StrEnum) -> None:
        """Move only out of `here`, where the table has other ways to the same state; raises WrongState."""
        if self.status is not here:
            raise WrongState(thing=str(self.code), status=self.standing, wanted=self._named(to))
        self.move(to)


def table(rows: dict[Any, tuple[Any, ...]]) -> Mapping[Any, frozenset[Any]]:
    """Build a MOVES table: every status is a row, a final one with no exits."""
    return {status: frozenset(exits) for status, exits in rows.items()}
