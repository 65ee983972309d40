"""Calls a command that was understood."""

from commands.kit.context import Context
from commands.kit.dialogue import Run
from commands.kit.spec import NO_DEFAULT
from notifier.card import Card


def execute(run: Run, ctx: Context) -> Card:
    """Call the command with its arguments and return its card; a DomainError of the action passes through.

    Who may is decided before, by `run.spec.roles` and `run.spec.permission`.
    """
    defaults = {slot.name: slot.default for one in run.spec.phrasings for slot in one.slots}
    given = {name: value for name, value in defaults.items() if value is not NO_DEFAULT}
    return run.spec.function(ctx, **{**given, **run.arguments})
