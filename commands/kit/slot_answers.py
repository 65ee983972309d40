"""What is answered to a scan at a slot: loaded, an alternate, the wrong reel, locked."""

from domain.actions.loading import Loaded
from domain.models.floor import WRONG_SCANS
from notifier.card import Card
from notifier.supplies import slot_locked
from notifier.text import _, listed, number


def loaded_card(done: Loaded, *, who: str) -> Card:
    """Return the card of what became of a scan."""
    match done["verdict"]:
        case "wrong":
            return _wrong(done)
        case "locked":
            return slot_locked(dict(done), who=who)
        case "again":
            return Card(title=_("站位 {slot} 上已经是 {lot}，没有变动").format(**done))
        case _:
            return _loaded(done)


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
    return Card(title=title.format(**done), lines=tuple(lines), tone="warn" if alternate else "good")


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
