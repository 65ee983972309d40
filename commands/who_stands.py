"""谁在岗: who stands at which station, or stood there in a shift."""

from datetime import datetime

from commands.kit import Context, GoneDay, LineName, ShiftName, StationName, command, stretches
from domain.queries import sign_ons
from domain.queries.sign_ons import SignOnView
from notifier.card import Button, Card
from notifier.digests.days import Stretch
from notifier.text import _, moment


@command(
    "谁在岗 [<station>] [<line>] [<day>] [<shift>]",
    "在岗",
    "谁在",
    "谁在上班",
    "有谁在",
    "有几个人",
    "谁没下岗",
    "谁还没下岗",
    reads=True,
    permission="order.view",
    examples=("谁在岗", "谁在岗 L2", "昨天夜班谁在岗"),
)
def who_stands(
    ctx: Context,
    station: StationName = "",
    line: LineName = "",
    day: GoneDay | None = None,
    shift: ShiftName = "",
) -> Card:
    """现在谁在哪个工位，做什么工序，用什么设备，几点上的岗；说哪一天、哪一班，就是那时候谁在岗。"""
    meant = stretches.stretch(ctx, day=day, shift=shift) if day or shift else None
    if meant and not meant.begins <= ctx.work.now < meant.ends:
        return _stood(ctx, meant, station=station, line=line)
    found = sign_ons.who_stands(ctx.work, line=line, station=station)
    where = station or line
    if not found:
        return Card(title=_("{where} 现在没有人上岗。").format(where=where).strip())
    title = _("{where} 在岗 {count} 人").format(where=where, count=len(found)).strip()
    return Card(title=title, lines=tuple(_line(ctx, it) for it in found))


def _stood(ctx: Context, meant: Stretch, *, station: str, line: str) -> Card:
    """Return who stood there in a shift or on a day that is over."""
    when = " ".join(filter(None, (station or line, stretches.called(meant))))
    if meant.begins > ctx.work.now:
        now = Button(text=_("现在谁在岗"), say=f"谁在岗 {station or line}".strip())
        return Card(title=_("{when} 还没有到，还没有人上岗").format(when=when), tone="warn", buttons=(now,))
    found = sign_ons.who_stood(ctx.work, since=meant.begins, until=meant.ends, line=line, station=station)
    if not found:
        return Card(title=_("{when} 没有人上过岗").format(when=when), lines=(stretches.span(ctx, meant),))
    title = _("{when} 有 {count} 人上过岗").format(when=when, count=len({it.name for it in found}))
    return Card(title=title, lines=(stretches.span(ctx, meant), *(_line(ctx, it) for it in found)))


def _line(ctx: Context, it: SignOnView) -> str:
    parts = (it.station, it.station_name, it.name, it.operation, it.equipment)
    what, since = " ".join(part for part in parts if part), _at(ctx, it.since)
    if it.until is None:
        return _("{what}，{since} 起").format(what=what, since=since)
    return _("{what}，{since} 到 {until}").format(what=what, since=since, until=_at(ctx, it.until))


def _at(ctx: Context, at: datetime) -> str:
    return moment(at, ctx.work.playbook.zone, today=ctx.work.now)
