"""在途: what purchasing has on the way, and when it comes."""

from datetime import UTC

from commands.kit import Context, MaterialCode, Measure, SupplierName, When, command
from commands.kit.units import in_unit
from domain.actions import purchasing
from domain.queries import materials
from notifier.card import Card
from notifier.text import _, moment, number


@command(
    "在途 <material> <quantity> [<supplier>] [<promised>]",
    "采购在途",
    permission="purchase.tell",
    group="物料",
    examples=("在途 IC-MCU32 500 周五",),
)
def coming(
    ctx: Context,
    material: MaterialCode,
    quantity: Measure,
    supplier: SupplierName = "",
    promised: When | None = None,
) -> Card:
    """说一种料在路上多少、什么时候到；缺料表上会写明是谁什么时候说的。"""
    count = in_unit(quantity, unit=materials.unit_of(ctx.work, code=material), of=material)
    at = promised.astimezone(UTC) if promised else None
    done = purchasing.expect(ctx.work, material=material, quantity=count, supplier=supplier, promised_at=at)
    when = [_("{at} 到").format(at=moment(at, ctx.work.playbook.zone))] if at else []
    what = f"{done['material']} {number(done['left'])} {done['unit']}"
    return Card(
        title=_("，").join([_("{code} 在途：{what}").format(code=done["code"], what=what), *when]),
        tone="good",
    )
