"""Calls a command that was understood."""

from commands.kit.context import Context
from commands.kit.dialogue import Run
from notifier.card import Card


def execute(run: Run, ctx: Context) -> Card:
    """Call the command with its arguments and return its card; a DomainError of the action passes through.

    Who may is decided before, by `run.spec.roles` and `run.spec.permission`.
    """
    return run.spec.function(ctx, **{**run.spec.defaults, **run.arguments})
