"""装栈板: closed boxes go onto a pallet."""

from commands.kit import AnyCode, Context, command, pieces
from domain.actions import containers
from domain.models.container import ContainerKind
from notifier.card import Button, Card
from notifier.text import _, number


@command(
    "装栈板 <pallet> <codes>",
    permission="unit.pack",
    group="箱和出货",
    examples=("装栈板 PLT-1 BOX-1 BOX-2",),
)
def palletise(ctx: Context, pallet: AnyCode, codes: tuple[AnyCode, ...]) -> Card:
    """把封好的箱子放上栈板，栈板号代表上面所有的箱和件。"""
    into, *rest = pieces.into_first(ctx, [pallet, *codes], kind="pallet")
    done = containers.pack(ctx.work, container=into, codes=rest, kind=ContainerKind.PALLET)
    return Card(
        title=_("{container} 放上 {count} 箱，共 {holds} 件").format(
            container=into, count=done["count"], holds=number(done["holds"])
        ),
        buttons=(Button(text=_("封箱"), say=f"封箱 {into}", style="primary"),),
        tone="good",
    )
