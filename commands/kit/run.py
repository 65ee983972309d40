"""Calls a command that was understood."""

from commands.kit.context import Context
from commands.kit.dialogue import Run
from commands.kit.once import refuse_twice
from notifier.card import Card


def execute(run: Run, ctx: Context) -> Card:
    """Call the command with its arguments and return its card; a DomainError of the action passes through.

    Who may is decided before, by `run.spec.roles` and `run.spec.permission`. Raises PressedAlready.
    """
    if not run.spec.reads:
        refuse_twice(ctx)
    return run.spec.function(ctx, **{**run.spec.defaults, **run.arguments})
