"""Refusals about places, certificates, machines, reasons and clocks of the floor."""

from typing import Final

SENTENCES: Final[dict[str, str]] = {
    "wrong_station": "{operation} 不在 {station} 做，没有登记。能做的工位：{stations}，请先到那里上岗。",
    "not_certified": "{operation} 要上岗证，你还没有，没有登记。有证的人：{people}。",
    "sign_on_first": "{operation} 要用{machine}，请先上岗再报：{stations}。",
    "missing_equipment": "{operation} 要用{machine}，你在 {station} 没有带上，没有登记。可以用：{machines}。",
    "equipment_elsewhere": "{equipment} 不在 {station}，没有上岗。这个工位的设备：{machines}。",
    "already_signed_on": "你已经在 {station} 上岗了，不用再说。",
    "not_signed_on": "{name} 现在没有上岗。",
    "reason_missing": "{order} {operation} 的{bad}要说原因，没有登记。可以说：{reasons}。",
    "no_such_item": "{review} 没有这样的待判项，没有改动。现在待判的：{left}。",
    "several_orders": "这些单件属于 {count} 张工单，没有登记，请一张工单一张工单地报评审。",
    "timer_over": "{thing} 的{timer}在 {since} 已经超时，不能用。要放行请说「放行计时 {thing} 原因」。",
    "timer_not_yet": "{thing} 还在{timer}，要到 {until} 才能用。",
    "timer_needed": "{thing} 还没有{timer}，不能用。请先说「计时 {timer} {thing}」。",
    "timer_runs": "{thing} 的{timer}已经在计时，到 {until}。",
    "which_timer": "{thing} 有好几种计时，请说是哪一种：{timers}。",
    "no_timer": "{thing} 现在没有在计时。",
}
