"""封箱: a box is closed over what its label says."""

from commands.kit import AnyCode, Context, ExactQuantity, command, onward, pieces
from domain.actions import containers
from domain.queries import units
from notifier.card import Card
from notifier.text import _, number


@command(
    "封箱 <box> [<labelled>]",
    "封上",
    "封好了",
    "封起来",
    "封口",
    permission="unit.pack",
    group="箱和出货",
    examples=("封箱 BOX-1 20 件",),
)
def close_box(ctx: Context, box: AnyCode, labelled: ExactQuantity | None = None) -> Card:
    """封箱；说了标签上的数量就要和箱里的一样，封了以后不能悄悄改。"""
    done = containers.close(ctx.work, container=pieces.scanned([box])[0], labelled=labelled)
    return Card(
        title=_("{container} 已封箱，{holds} 件").format(
            container=done["container"], holds=number(done["holds"])
        ),
        buttons=onward.container_buttons(ctx, units.container(ctx.work, code=done["container"])),
        tone="good",
    )
