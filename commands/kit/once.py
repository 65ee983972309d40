"""Buttons that have their effect once: pressed again, they name the answer that stands already."""

from dataclasses import replace

from commands.kit.context import Context
from domain.errors import PressedAlready
from domain.store import events, inbox
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
    for act in inbox.acts_by_button(ctx.work, chat_key=ctx.work.heard_in, guard=ctx.guard):
        done = events.of_act(ctx.work, message=act.id)
        if not any(events.is_void(ctx.work, event.id) for event in done):
            raise PressedAlready(number=f"#{act.answer_no}")
