"""查: what a thing is, where it is and how it stands; nothing is done to it."""

from commands.kit import AnyCode, Context, MaterialCode, StationName, command
from commands.kit.scanned import describe
from notifier.card import Card


@command(
    "查 <code>",
    "查一下",
    "查查",
    "查询",
    "看看",
    "看一下",
    "在哪",
    "在哪里",
    "在哪儿",
    "放哪",
    "放在哪",
    "什么时候过期",
    "什么时候到期",
    "什么情况",
    "怎么样了",
    "谁在处理",
    "谁在修",
    "什么状态",
    "里有什么",
    "里面有什么",
    "还有多少 <code>",
    "库存 <material>",
    "还有多少 <material>",
    "查 <material>",
    "在哪 <material>",
    "查 <station>",
    "[工位] [站位] <station>有什么",
    "[工位] [站位] <station>上有什么",
    "<station>有哪些料",
    "工位<station>",
    "站位<station>",
    reads=True,
    looks=True,
    permission="lot.view",
    group="常用",
    examples=("查 SN-1001-0001", "LOT-0001 在哪", "库存 R-0603-10K", "ST-101 有什么"),
)
def look_up(ctx: Context, code: AnyCode = "", material: MaterialCode = "", station: StationName = "") -> Card:
    """查一个码是什么、在哪里、现在怎样；只看，什么都不登记，上了岗也不会过站。"""
    return describe(ctx, code or material or station)
