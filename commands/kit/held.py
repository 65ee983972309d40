"""What is held, or free again, and why: the lines that the answer and the news have in common."""

from domain.actions.holds import HoldMoved
from notifier.supplies import held_lines


def lines(done: HoldMoved) -> tuple[str, ...]:
    """Return them."""
    return held_lines(done)
