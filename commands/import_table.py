"""导入: a table of routes, bills of material or materials that was posted is taken, all or nothing."""

from commands.kit import Context, TableFile, command
from commands.kit.imported import imported_card
from domain.actions import importing
from notifier.card import Card
from notifier.text import _


@command("导入 [<sheet>]", permission="order.change", group="工程", examples=("导入",))
def import_table(ctx: Context, sheet: TableFile = "") -> Card:
    """把工艺路线、BOM 或物料的表（.xlsx、.csv）发给我：先说会变什么，确定了再导入，有一处错就都不导入。"""
    if sheet:
        return imported_card(importing.load_posted(ctx.work, message=int(sheet)))
    return Card(
        title=_("把表发给我：.xlsx 或 .csv，一个文件一张表。"),
        lines=(
            _("工艺路线：产品、序号、工序、标准工时"),
            _("BOM：产品、料号、用量、工序"),
            _("物料：料号、名称、单位"),
            _("群里发不了文件时，引用那个文件再 @我 说「导入」，或者发到我的单聊。"),
        ),
    )
