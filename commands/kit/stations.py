"""A station that is named or scanned: who comes to it signs on, who stands there sees what can happen."""

from commands.kit.context import Context
from commands.kit.gaps import StillMissing
from commands.kit.offers import my_stations
from domain.actions import sign_on
from domain.actions.sign_on import SignedOn
from domain.permits import may
from domain.queries import sign_ons
from domain.queries.at_station import Reel, at_station
from notifier.card import Button, Card
from notifier.text import _, listed, number


def signed_on(ctx: Context, done: SignedOn) -> Card:
    """Return the answer to a sign-on: where, with what, and the machines to choose from if none is bound."""
    lines = [_("工序：{name}").format(name=done["operation"])] if done["operation"] else []
    lines += [_("设备：{name}").format(name=done["equipment"])] if done["equipment"] else []
    lines += [_("已从 {station} 下岗").format(station=done["left"])] if done["left"] else []
    title = _("{name} 已上岗：{station} {station_name}").format(**done)
    buttons = (Button(text=_("下岗"), say="下岗"), *_machines(ctx, done))
    return Card(title=title, lines=tuple(lines), buttons=buttons, tone="good")


def _machines(ctx: Context, done: SignedOn) -> tuple[Button, ...]:
    here = [it for it in ctx.work.playbook.equipment if it.station == done["station"]]
    if done["equipment"] or not here:
        return ()
    return tuple(Button(text=it.name, say=f"上岗 {done['station']} {it.code}") for it in here[:4])


def came_to(ctx: Context, code: str) -> Card | None:
    """Sign on who scans a station and stands nowhere yet; None where something else is meant.

    Raises what a sign-on is refused with.
    """
    known = next((it for it in ctx.work.playbook.stations if it.code == code), None)
    if known is None or ctx.work.actor.station or not may_sign_on(ctx):
        return None
    return signed_on(ctx, sign_on.sign_on(ctx.work, station=known.code))


def meant(ctx: Context, station: str) -> str:
    """Return the station that was named, else the one where the speaker stands.

    Raises StillMissing where neither is known.
    """
    here = station or ctx.work.actor.station
    if not here:
        raise StillMissing("station", options=tuple(my_stations(ctx, {})))
    return here


def may_sign_on(ctx: Context) -> bool:
    """Say whether the speaker works at stations at all."""
    return may(ctx.work.actor, "work.sign_on", playbook=ctx.work.playbook)


def lines(ctx: Context, code: str) -> list[str]:
    """Say who stands at a station, what is loaded and left there, and what is wrong with it."""
    found = at_station(ctx.work, station=code)
    names = [it.name for it in sign_ons.who_stands(ctx.work, station=code)]
    said = [_("在岗：{names}").format(names=listed(names)) if names else _("现在没有人上岗。")]
    said += [_reel(it) for it in found.reels]
    said += [_("锁住的站位：{slots}").format(slots=listed(found.locked))] if found.locked else []
    said += [_("放着 {lot} {material}，{count} {unit}").format(**_told(it)) for it in found.lots]
    said += [
        _("{order} {operation} 剩 {left}").format(**{**vars(it), "left": number(it.left)})
        for it in found.left
    ]
    return [*said, *(f"❗ {it}" for it in found.andons)]


def _reel(it: Reel) -> str:
    return _("站位 {slot}：{lot} {material}，{count} {unit}，给 {order}").format(**_told(it))


def _told(it: Reel) -> dict[str, str]:
    return {**vars(it), "count": number(it.on_hand)}


def buttons(ctx: Context, code: str) -> tuple[Button, ...]:
    """Return what can happen at a station: sign on, where the speaker does not stand there already."""
    if ctx.work.actor.station == code or not may_sign_on(ctx):
        return ()
    return (Button(text=_("上岗"), say=f"上岗 {code}", style="primary"),)
