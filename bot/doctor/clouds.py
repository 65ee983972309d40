"""What both clouds are asked first: whether they can be reached, and whether our clock agrees with theirs."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from bot.doctor.findings import Chart, Finding, Findings
from bot.platforms.http import host_of
from domain.clock import Clock

_NETWORK: Final = "网络"
CLOCK: Final = "时钟"
A_LITTLE: Final = 30.0  # seconds: signatures hold an hour, time stamps in answers are off
TOO_FAR: Final = 600.0
KEEP_TIME: Final = "装 chrony 或 systemd-timesyncd，让这台机器自动对时"


async def reach(http: httpx.AsyncClient, url: str, *, chart: Chart, clock: Clock, then: Findings) -> Findings:
    """Ask the cloud for anything at all; `then` is what is examined after that, where the cloud is reached.

    Any answer shows that it is reached, and what time it is there.
    """
    host = host_of(url)
    try:
        answer = await http.get(url)
    except httpx.ProxyError:
        said = f"代理不让去 {host}，或代理连不上"
        yield chart.bad(_NETWORK, said, f"检查 BANZHANG_PROXY 的地址和账号，请管代理的人放行 {host}")
        return
    except httpx.HTTPError as problem:
        open_it = f"检查 DNS、防火墙和出口白名单：要能访问 {host}"
        yield chart.bad(_NETWORK, f"连不上 {host}（{type(problem).__name__}）", open_it)
        return
    yield chart.good(_NETWORK, f"能连上 {host}")
    if (off := apart(answer, clock=clock)) is not None:
        yield _time(off, chart=chart)
    async for finding in then:
        yield finding


def apart(answer: httpx.Response, *, clock: Clock) -> float | None:
    """Return by how many seconds our clock and the answer's differ; None if that is not said."""
    theirs = _date(answer)
    return abs((clock.now() - theirs).total_seconds()) if theirs else None


def _date(answer: httpx.Response) -> datetime | None:
    try:
        return parsedate_to_datetime(answer.headers.get("Date", ""))
    except ValueError:
        return None


def _time(off: float, *, chart: Chart) -> Finding:
    if off > TOO_FAR:
        return chart.bad(CLOCK, f"和平台差 {off:.0f} 秒，签名会被拒绝", KEEP_TIME)
    if off > A_LITTLE:
        return chart.warn(CLOCK, f"和平台差 {off:.0f} 秒", KEEP_TIME)
    return chart.good(CLOCK, "和平台一致")
