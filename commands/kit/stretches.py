"""The day, shift or night that a question is about, and from when until when that is."""

from datetime import date

from commands.kit.context import Context
from commands.kit.times import Evening
from notifier.digests import days
from notifier.digests.days import Stretch
from notifier.text import _, moment


def stretch(ctx: Context, *, day: date | None, shift: str) -> Stretch:
    """Return what was asked about: 昨晚 is the night shift that began yesterday, where the plant has one."""
    evening = isinstance(day, Evening)
    return days.stretch(ctx.work.playbook, now=ctx.work.now, day=day, shift=shift, evening=evening)


def called(meant: Stretch) -> str:
    """Return its name: 03-01 夜班."""
    return f"{meant.day:%m-%d} {meant.shift}".strip()


def span(ctx: Context, meant: Stretch) -> str:
    """Say from when until when it is."""
    zone = ctx.work.playbook.zone
    if meant.ends > ctx.work.now:
        return _("{since} 到现在").format(since=moment(meant.begins, zone))
    return _("{since} 到 {until}").format(since=moment(meant.begins, zone), until=moment(meant.ends, zone))
