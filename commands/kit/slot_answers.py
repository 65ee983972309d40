"""What is answered to a scan at a slot: loaded, an alternate, the wrong reel, locked."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from commands.kit.context import Context
from domain.actions.loading import Loaded
from domain.actions.production import Reported
from domain.models.floor import WRONG_SCANS
from domain.permits import who_may
from notifier.card import Button, Card
from notifier.supplies import slot_locked
from notifier.text import _, listed, number

MOST_BUTTONS: Final = 3


def loaded_card(ctx: Context, done: Loaded) -> Card:
    """Return the card of what became of a scan."""
    match done["verdict"]:
        case "wrong":
            return _wrong(done)
        case "locked":
            return _locked(ctx, done)
        case "again":
            return Card(title=_("站位 {slot} 上已经是 {lot}，没有变动").format(**done))
        case _:
            return _loaded(done)


def _locked(ctx: Context, done: Loaded) -> Card:
    """Nobody unlocks what they have locked: to them alone no button is shown, but who is called."""
    card = slot_locked(dict(done), who=ctx.work.actor.name)
    if ctx.chat.kind == "group":
        return card
    called = _("要别人来解锁，已通知产线和品质部；可以找：{who}").format(who=who_may(ctx.work, "slot.unlock"))
    return replace(card, lines=(*card.lines, called), buttons=())


def _loaded(done: Loaded) -> Card:
    alternate = done["verdict"] == "alternate"
    changed = done["previous"]
    title = _("站位 {slot} 换料：{previous} → {lot}") if changed else _("站位 {slot} 已上 {lot}")
    lines = [f"{done['material']} {done['material_name']}"]
    lines += (
        [_("注意：这是替代料，要的是 {expected}").format(expected=listed(done["expected"]))]
        if alternate
        else []
    )
    lines.append(_("{order}，现有 {count} {unit}").format(**done, count=number(done["on_hand"])))
    lines += rest_lines(done)
    return Card(title=title.format(**done), lines=tuple(lines), tone="warn" if alternate else "good")


def rest_lines(done: Loaded) -> tuple[str, ...]:
    """Say how what is left on the old reel compares with the book, and what is counted as a difference."""
    rest = done.get("rest")
    if rest is None or rest["left"] == rest["book"]:
        return ()
    said = {name: number(rest[name]) for name in ("left", "book")}
    amiss = number(abs(rest["difference"]))
    found = _("比账上多 {n}，按盘点入账") if rest["difference"] > 0 else _("对不上 {n}，按盘点入账")
    asked = _("差得多，已请别人看：{approval}").format(approval=rest["approval"]) if rest["approval"] else ""
    told = (
        _("旧盘余 {left}，账上 {book}").format(**said),
        found.format(n=amiss) if rest["difference"] else _("差的从下次报工扣"),
        asked,
    )
    return tuple(line for line in told if line)


def _wrong(done: Loaded) -> Card:
    return Card(
        title=_("料不对，没有上：站位 {slot}").format(**done),
        lines=(
            _("要的是：{expected}").format(expected=listed(done["expected"])),
            _("扫的是：{material}（{lot}）").format(**done),
            _("连错 {wrong} 次，错 {most} 次就锁").format(**done, most=WRONG_SCANS),
        ),
        tone="bad",
    )


def consumed_lines(done: Reported) -> tuple[str, ...]:
    """Say what a report took of the loaded lots, each that has run out, and what was not loaded at all."""
    taken, unfed = done.get("consumed", []), done.get("unfed", [])
    lacks = (_("没有上料，没有扣：{materials}").format(materials=listed(unfed)),) if unfed else ()
    if not taken:
        return lacks
    return (
        _("已从站位扣料 {count} 批").format(count=len(taken)),
        *(_run_out(it) for it in taken if _is_empty(it)),
        *lacks,
    )


def _is_empty(it: dict[str, Any]) -> bool:
    return Decimal(it["on_hand"]) == 0 or Decimal(it["missing"]) > 0


def _run_out(it: dict[str, Any]) -> str:
    missing = Decimal(it["missing"])
    if not missing:
        return _("站位 {slot} 的 {lot} 用完了，请换料").format(**it)
    return _("站位 {slot} 的 {lot} 用完了，还有 {count} {unit} 没有料可扣，请换料").format(
        **it, count=number(missing)
    )


def exchange_buttons(done: Reported) -> tuple[Button, ...]:
    """Return a button for each slot that must be fed anew."""
    empty = [it["slot"].partition("/") for it in done.get("consumed", []) if _is_empty(it)]
    return tuple(
        Button(text=_("换料 {slot}").format(slot=f"{station}/{slot}"), say=f"换料 {station} 站位{slot}")
        for station, _slash, slot in empty[:MOST_BUTTONS]
    )
