"""查: what a thing is, where it is and how it stands; nothing is done to it."""

from commands.kit import AnyCode, Context, MaterialCode, command
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
    reads=True,
    looks=True,
    permission="lot.view",
    group="常用",
    examples=("查 SN-1001-0001", "LOT-0001 在哪", "库存 R-0603-10K"),
)
def look_up(ctx: Context, code: AnyCode = "", material: MaterialCode = "") -> Card:
    """查一个码是什么、在哪里、现在怎样；只看，什么都不登记，上了岗也不会过站。"""
    return describe(ctx, code or material)
