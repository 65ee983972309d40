"""Why a piece was not taken at a scan, with what is right for it; and what containers are called."""

from typing import Final

WHY_LEFT: Final[dict[str, str]] = {
    "passed": "已过 {operation}",
    "just_now": "刚扫过，要过 {operation} 请说「过站 {operation}」",
    "order": "是 {order} 的",
    "operation": "现在该做 {operation}",
    "status": "现在是「{status}」",
    "held": "{source} 冻结了，要品质部「解冻 {source}」才能过",
    "entered": "已经在 {operation} 站里",
    "inside": "还在 {operation} 站里",
    "not_in": "还没进 {operation} 站，请先「进站」",
    "no_way_in": "{operation} 不用扫进站，做完扫一次就行",
    "values": "还差合格的 {names}，请先「录入」",
}

CONTAINERS: Final[dict[str, str]] = {"box": "箱", "pallet": "栈板", "carrier": "载具"}
