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

    def may_move(self, to: StrEnum) -> bool:
        """Say whether the table has this move."""
        return to in self.MOVES[self.status]

    def move(self, to: StrEnum) -> None:
        """Assign the status if the table allows it; raises WrongState."""
        if not self.may_move(to):
            raise WrongState(thing=str(self.code), status=self.status.value, wanted=to.value)
        self.status = to


def table(rows: dict[Any, tuple[Any, ...]]) -> Mapping[Any, frozenset[Any]]:
    """Build a MOVES table: every status is a row, a final one with no exits."""
    return {status: frozenset(exits) for status, exits in rows.items()}
