"""What both clouds are asked first: whether they can be reached, and whether our clock agrees with theirs."""

from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from bot.doctor.findings import Chart, Findings
from bot.platforms.http import host_of
from domain.clock import Clock

NETWORK: Final = "网络"
A_LITTLE: Final = 30.0  # seconds: signatures hold an hour, time stamps in answers are off
TOO_FAR: Final = 600.0
_KEEP_TIME: Final = "装 chrony 或 systemd-timesyncd，让这台机器自动对时"


async def reach(http: httpx.AsyncClient, url: str, *, chart: Chart, clock: Clock) -> Findings:
    """Ask the cloud for anything at all: any answer shows that it is reached, and what time it is there."""
    host = host_of(url)
    try:
        answer = await http.get(url)
    except httpx.HTTPError as problem:
        open_it = f"检查 DNS、防火墙和出口白名单：要能访问 {host}"
        yield chart.bad(NETWORK, f"连不上 {host}（{type(problem).__name__}）", open_it)
        return
    yield chart.good(NETWORK, f"能连上 {host}")
    try:
        theirs = parsedate_to_datetime(answer.headers.get("Date", ""))
    except ValueError:
        return
    off = abs((clock.now() - theirs).total_seconds())
    if off > TOO_FAR:
        yield chart.bad("时钟", f"和平台差 {off:.0f} 秒，签名会被拒绝", _KEEP_TIME)
    elif off > A_LITTLE:
        yield chart.warn("时钟", f"和平台差 {off:.0f} 秒", _KEEP_TIME)
    else:
        yield chart.good("时钟", "和平台一致")
