"""Calls our own callback URLs from outside, as WeCom does when an administrator presses save."""

from secrets import token_hex
from typing import Final

import httpx

from bot.doctor.clouds import KEEP_TIME, apart
from bot.doctor.findings import Chart, Finding
from bot.platforms.http import host_of
from bot.platforms.wecom.crypto import FRESH, Envelopes
from domain.clock import Clock

A_SECOND: Final = 1.0  # page 90238: WeCom waits no longer
_STEP: Final = "从外面验证"


async def verify(
    url: str, *, envelopes: Envelopes, http: httpx.AsyncClient, clock: Clock, chart: Chart
) -> Finding:
    """Send a sealed word to our callback and say whether it came back opened, within a second."""
    word = token_hex(8)
    sealed = envelopes.seal(word, nonce=token_hex(4))
    query = {
        "msg_signature": sealed.signature,
        "timestamp": str(sealed.timestamp),
        "nonce": sealed.nonce,
        "echostr": sealed.encrypt,
    }
    began = clock.monotonic()
    try:
        answer = await http.get(url, params=query)
    except httpx.HTTPError as problem:
        said = f"连不上 {host_of(url)}（{type(problem).__name__}）"
        return chart.bad(_STEP, said, "检查域名、证书、反向代理，和防火墙有没有放行 443")
    if answer.status_code == httpx.codes.FORBIDDEN:
        return _not_believed(answer, url=url, clock=clock, chart=chart)
    if answer.status_code != httpx.codes.OK or answer.text != word:
        said = f"{host_of(url)} 回答 HTTP {answer.status_code}，不是我们的班长"
        way = "班长要先启动；反向代理要把 /callbacks/ 原样转到它的端口"
        return chart.bad(_STEP, said, way)
    if (took := clock.monotonic() - began) > A_SECOND:
        return chart.bad(_STEP, f"回答用了 {took:.1f} 秒，平台只等 1 秒", "检查反向代理和网络")
    return chart.good(_STEP, f"{host_of(url)} 上的回调是通的")


def _not_believed(answer: httpx.Response, *, url: str, clock: Clock, chart: Chart) -> Finding:
    """Say why our callback took the call for a forged one: its clock is another, or its keys are."""
    off = apart(answer, clock=clock)
    if off is not None and off > FRESH.total_seconds():
        return chart.bad(_STEP, f"{host_of(url)} 的时钟和这台机器差 {off:.0f} 秒，签名被拒绝", KEEP_TIME)
    said = f"{host_of(url)} 不认这次的签名（HTTP 403）"
    way = "Token 和 EncodingAESKey 要和服务器上的一样；两台机器的时钟也要一致"
    return chart.bad(_STEP, said, way)
