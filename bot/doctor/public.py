"""Looks at the address by which the world is to reach us (`site.public_url`): its shape, and who is there."""

from typing import Final
from urllib.parse import urlsplit

import httpx

from bot.doctor.findings import Chart, Finding, Findings
from bot.platforms.dingtalk.callbacks import CARDS_PATH
from bot.platforms.http import host_of

_CHART: Final = Chart(area="本机")
_STEP: Final = "公网地址"
_FORM: Final = "site.yaml 的 public_url 只写到域名，如 https://banzhang.example.com"


async def examine(url: str, *, http: httpx.AsyncClient) -> Findings:
    """Look at it if there is one."""
    if url:
        yield form(url)
        yield await answers(url, http=http)


def form(url: str) -> Finding:
    """Say whether it is an https address without a path of its own."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        return _CHART.bad(_STEP, f"{url} 不是 https 地址，平台不会往那里发", _FORM)
    if parts.path.strip("/") or parts.query or parts.fragment:
        return _CHART.bad(_STEP, f"{url} 后面多写了路径，回调会走错地方", _FORM)
    return _CHART.good(_STEP, url)


async def answers(url: str, *, http: httpx.AsyncClient) -> Finding:
    """Ask there for the path of a callback: only our own server knows it, and takes no GET on it."""
    step, host = "公网回调", host_of(url)
    try:
        answer = await http.get(url.rstrip("/") + CARDS_PATH)
    except httpx.HTTPError as problem:
        said = f"连不上 {host}（{type(problem).__name__}）"
        return _CHART.bad(step, said, "检查域名、证书、反向代理，和防火墙有没有放行 443")
    if answer.status_code != httpx.codes.METHOD_NOT_ALLOWED:
        said = f"{host} 回答 HTTP {answer.status_code}，不是我们的班长"
        return _CHART.bad(step, said, "班长要先启动；反向代理要把 /callbacks/ 原样转到它的端口")
    return _CHART.good(step, f"{host} 转到了我们的回调")
