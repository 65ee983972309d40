"""What people answer each other with: yes, no, and that they have heard, which is no command."""

from typing import Final

from commands.kit.normal import fold, normalise

YES: Final = frozenset(
    [
        "确认",
        "确定",
        "是",
        "是的",
        "好",
        "好的",
        "对",
        "对的",
        "没错",
        "可以",
        "行",
        "ok",
        "yes",
        "y",
        "确认执行",
    ]
)
NO: Final = frozenset(
    [
        "取消",
        "算了",
        "不做了",
        "不弄了",
        "不",
        "不用",
        "不用了",
        "不要",
        "不要了",
        "不是",
        "不是的",
        "不对",
        "否",
        "no",
        "n",
        "cancel",
        "放弃",
    ]
)
BARE: Final = YES | NO
HEARD: Final = frozenset(
    [
        "收到",
        "收到了",
        "好的收到",
        "收到谢谢",
        "知道了",
        "明白",
        "明白了",
        "了解",
        "谢谢",
        "谢谢班长",
        "多谢",
        "辛苦了",
        "你好",
        "您好",
        "在吗",
        "早",
        "早上好",
    ]
)


def agrees(text: str) -> bool:
    """Say whether a message says yes, and nothing else."""
    return fold(normalise(text)).rstrip(" .!~") in YES
