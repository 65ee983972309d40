"""Buttons that have their effect once: pressed again, they name the answer that stands already."""

from dataclasses import replace

from commands.kit.context import Context
from domain.errors import PressedAlready
from domain.queries.presses import standing_answer
from notifier.card import Button

ONCE = "once:"


def once(ctx: Context, buttons: tuple[Button, ...]) -> tuple[Button, ...]:
    """Return the buttons of an answer, each guarded by the message it answers and its own place."""
    message = ctx.work.message
    return tuple(
        button if button.guard or message is None else replace(button, guard=f"{ONCE}{message}:{place}")
        for place, button in enumerate(buttons)
    )


def refuse_twice(ctx: Context) -> None:
    """Raise PressedAlready if the pressed button has had its effect, unless that was undone since."""
    if not ctx.guard.startswith(ONCE):
        return
    number = standing_answer(ctx.work, guard=ctx.guard)
    if number is not None:
        raise PressedAlready(number=f"#{number}")


def message_of(guard: str) -> int | None:
    """Return the message whose answer has the button with this guard; None where it is none of those."""
    kind, _colon, rest = guard.partition(":")
    number = rest.partition(":")[0]
    return int(number) if f"{kind}:" == ONCE and number.isdecimal() else None
