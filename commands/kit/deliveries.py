"""Several labels of one delivery: each lot received or said why not, on one card."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from commands.kit.context import Context
from commands.kit.labels import LotLabel, label_of, read_label
from domain.actions import lots
from domain.actions.lots import Label, LotMoved
from domain.codes import Code
from domain.errors import AlreadyThere, DomainError, NotFound, NothingToReport
from domain.permits import may
from notifier.card import Button, Card
from notifier.sentences import sentence
from notifier.text import _, number

RECEIVE: Final = "收料 "
MOST_LABELS: Final = 8


def new_lot(ctx: Context, code: Code) -> Card:
    """Return what the label of a lot says that is not here yet, with the sentence that receives it."""
    label = label_of(code) or LotLabel(material="", lot=code.value)
    lines = [_("料号：{material}").format(material=label.material)] if label.material else []
    lines += [_("数量：{count}").format(count=number(label.quantity))] if label.quantity else []
    lines += [_("周期：{code}").format(code=label.date_code)] if label.date_code else []
    lines += [_("有效期至 {at}").format(at=label.expires)] if label.expires else []
    whole = label.material and label.quantity
    say = f"{RECEIVE}{label}" if whole else f"{RECEIVE}{label.material} {label.lot}"
    allowed = may(ctx.work.actor, "lot.receive", playbook=ctx.work.playbook)
    buttons = (Button(text=_("收料"), say=" ".join(say.split()), style="primary"),) if allowed else ()
    return Card(title=_("新到的批次 {lot}").format(lot=label.lot), lines=tuple(lines), buttons=buttons)


def all_new(cards: Sequence[Card]) -> tuple[Button, ...]:
    """Return the button that receives every new lot among these cards at once, where there are several."""
    said = [
        it.say.removeprefix(RECEIVE) for card in cards for it in card.buttons if it.say.startswith(RECEIVE)
    ]
    labels = [word for word in said if "|" in word][:MOST_LABELS]
    if len(labels) < 2:  # noqa: PLR2004 (one has its own button)
        return ()
    return (Button(text=_("全部收料"), say=RECEIVE + " ".join(labels), style="primary"),)


def receive_all(ctx: Context, labels: Sequence[LotLabel]) -> Card:
    """Receive each label's lot; what is there already, unknown or without a quantity changes nothing.

    Of a picture's codes the whole label counts, of which the sentence has only the name.
    """
    whole = [label for label in map(read_label, ctx.codes) if label]
    taken: list[str] = []
    left: list[str] = []
    for label in dict.fromkeys(whole or labels):
        try:
            taken.append(_line(_receive(ctx, label)))
        except (AlreadyThere, NotFound, NothingToReport) as refused:  # raised before anything has changed
            left.append(_why(label, refused))
    if not taken and len(left) == 1:
        return Card(title=left[0], tone="warn")
    parts = [_("收了 {count} 批，待检").format(count=len(taken))] if taken else []
    parts += [_("{count} 批没有收").format(count=len(left))] if left else []
    return Card(title=_("，").join(parts), lines=(*taken, *left), tone="warn" if left else "good")


def _receive(ctx: Context, label: LotLabel) -> LotMoved:
    return lots.receive(
        ctx.work,
        material=_material(ctx, label),
        lot_no=label.lot.upper(),
        quantity=label.quantity or Decimal(0),
        supplier=label.supplier,
        expires_at=label.expires_at(ctx.work.playbook.zone),
        label=Label(date_code=label.date_code, purchase=label.purchase),
    )


def _material(ctx: Context, label: LotLabel) -> str:
    """Our part number if the label has it, else the one of its maker (an alias of the material)."""
    known = ctx.vocabulary.names("material")
    return label.material if label.material.upper() in known or not label.part else label.part


def _line(done: LotMoved) -> str:
    return _("{lot} {material} {name}：{count} {unit}").format(
        lot=done["lot"],
        material=done["material"],
        name=done["material_name"],
        count=number(done["quantity"]),
        unit=done["unit"],
    )


def _why(label: LotLabel, refused: DomainError) -> str:
    if isinstance(refused, NothingToReport):
        return _("{lot}：标签上没有数量，请发「收料 料号 批次 数量」").format(lot=label.lot)
    return f"{label.lot}：{sentence(refused)}"
