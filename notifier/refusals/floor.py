"""Refusals about places, certificates, machines, reasons and clocks of the floor."""

from typing import Final

SENTENCES: Final[dict[str, str]] = {
    "wrong_station": "{operation} 不在 {station} 做，没有登记。做 {operation} 的工位：{stations}，请先到那里上岗。",
    "not_certified": "{operation} 要上岗证，你还没有，没有登记。有证的人：{people}。",
    "sign_on_first": "{operation} 要用{machine}，请先上岗再报：{stations}。",
    "missing_equipment": "{operation} 要用{machine}，你在 {station} 没有带上，没有登记。可以用：{machines}。",
    "equipment_elsewhere": "{equipment} 不在 {station}，没有上岗。这个工位的设备：{machines}。",
    "already_signed_on": "你已经在 {station} 上岗了，不用再说。",
    "not_signed_on": "{name} 现在没有上岗。",
}
