"""Refusals about people, accounts and directories."""

from typing import Final

SENTENCES: Final[dict[str, str]] = {
    "unknown_person": (
        "{name}，我还不认识你。请发「绑定 工号」，班组长确认后就能用了；"
        "急事可以先喊「安全」「缺料」「设备」「品质」。"
    ),
    "nobody_to_ask": "要由 {name} 确认，可是 {name} 还没有绑定账号，请先找工厂 IT。",
    "already_bound": "这个账号已经是 {name} 的了，不用再绑定。",
    "has_left": "{name} 已离职，账号停用了。如果不对，请找班组长或工厂 IT。",
    "empty_directory": "{platform}的通讯录里一个人也没有，没有改动任何账号；请检查应用的可见范围。",
}
