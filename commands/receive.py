"""收料: a delivered lot goes into inspection, by what is said of it or by its label."""

from typing import Annotated

from commands.kit import Context, LotCode, MaterialCode, Measure, SupplierName, command
from commands.kit.deliveries import receive_all
from commands.kit.labels import LabelText, LotLabel
from commands.kit.offers import nothing
from commands.kit.units import in_unit
from domain.actions import lots
from domain.queries import materials
from notifier.card import Card
from notifier.text import _, number

LabelCode = Annotated[LotLabel, LabelText("label", "标签")]


@command(
    "收料 <material> <lot> <quantity> [<supplier>]",
    "收料 <labels>",
    "入库",
    "收货",
    "到货",
    "收",
    "到料",
    "<material> <lot> <quantity> [<supplier>]",
    "进料",
    "来料",
    "到了",
    permission="lot.receive",
    group="物料",
    examples=("收料 R-0603-10K LOT-7001 5000",),
    choices={"lot": nothing},
)
def receive(
    ctx: Context,
    material: MaterialCode = "",
    lot: LotCode = "",
    quantity: Measure | None = None,
    supplier: SupplierName = "",
    labels: tuple[LabelCode, ...] = (),
) -> Card:
    """收一批料，进入待检；品质部会收到通知。把标签拍下来配「收料」两个字，一次收好几批。"""
    if labels or quantity is None:
        return receive_all(ctx, labels)
    count = in_unit(quantity, unit=materials.unit_of(ctx.work, code=material), of=material)
    done = lots.receive(ctx.work, material=material, lot_no=lot, quantity=count, supplier=supplier)
    return Card(
        title=_("{lot} 已收 {count} {unit}，待检").format(**done, count=number(count)),
        lines=(f"{done['material']} {done['material_name']}",),
        tone="good",
    )
