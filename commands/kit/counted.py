"""How what was counted is said: this report, and what the operation has come to."""

from domain.actions.production import Reported
from notifier.text import _, number


def title(done: Reported) -> str:
    """Say what was reported: WO-1001 焊接：良 50，废 2."""
    this = [_("良 {n}").format(n=number(done["good"]))]
    this += [_("废 {n}").format(n=number(done["scrap"]))] if done["scrap"] else []
    this += [_("返 {n}").format(n=number(done["rework"]))] if done["rework"] else []
    return _("{order} {operation}：{counts}").format(
        order=done["order"], operation=done["operation"], counts=_("，").join(this)
    )


def total(done: Reported) -> str:
    """Say what the operation has come to, and what is left."""
    return _("累计良 {good}，废 {scrap}，返工中 {rework}，还剩 {left}").format(
        good=number(done["total_good"]),
        scrap=number(done["total_scrap"]),
        rework=number(done["open_rework"]),
        left=number(done["left"]),
    )
