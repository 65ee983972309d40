"""What an act says of the second pair of eyes that was asked for with it."""

from commands.kit.context import Context
from domain.queries.people import names_by_number
from notifier.text import _, listed


def asked(ctx: Context) -> tuple[str, ...]:
    """Return a line for each approval that this act has asked for: its number, and who was told."""
    asked_for = [it for it in ctx.work.happened if it.type == "approval.asked"]
    return tuple(_line(ctx, str(it.data["approval"]), it.data["called"]) for it in asked_for)


def _line(ctx: Context, approval: str, called: list[str]) -> str:
    if not called:
        return _("现在没有别人能批，{approval} 等当班的补批。").format(approval=approval)
    who = listed(names_by_number(ctx.work, called))
    return _("已请{who}批准：{approval}").format(who=who, approval=approval)
