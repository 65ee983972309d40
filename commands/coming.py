"""在途: what purchasing has on the way, and when it comes."""

from datetime import UTC

from commands.kit import Context, Due, MaterialCode, Measure, PurchaseCode, SupplierName, command
from commands.kit.units import in_unit
from domain.actions import purchasing
from domain.queries import materials
from notifier.card import Card
from notifier.text import _, moment, number


@command(
    "在途 <material> <quantity> <promised> [<supplier>]",
    "在途 <line> <promised>",
    "采购在途",
    "<material> <quantity> <promised> [到]",
    permission="purchase.tell",
    group="物料",
    examples=("在途 IC-MCU32 500 周五", "在途 PO-3 周六"),
)
def coming(
    ctx: Context,
    promised: Due,
    material: MaterialCode = "",
    quantity: Measure | None = None,
    supplier: SupplierName = "",
    line: PurchaseCode = "",
) -> Card:
    """说一种料在路上多少、什么时候到；改日子就说采购行。缺料表上会写明是谁什么时候说的。"""
    at = promised.astimezone(UTC)
    if line or quantity is None:
        done = purchasing.promise(ctx.work, code=line, promised_at=at)
    else:
        count = in_unit(quantity, unit=materials.unit_of(ctx.work, code=material), of=material)
        done = purchasing.expect(
            ctx.work, material=material, quantity=count, supplier=supplier, promised_at=at
        )
    title = _("{code} 在途：{material} {count} {unit}，{at} 到").format(
        code=done["code"],
        material=done["material"],
        count=number(done["left"]),
        unit=done["unit"],
        at=moment(at, ctx.work.playbook.zone),
    )
    return Card(title=title, tone="good")
