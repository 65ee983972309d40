"""What the WeCom door needs to know: credentials, addresses, formats, and how long anything may take."""

from dataclasses import dataclass, field
from typing import Final, Literal

from pydantic import SecretStr

WS_URL = "wss://openws.work.weixin.qq.com"
API_URL = "https://qyapi.weixin.qq.com"
NO_SECRET: Final = SecretStr("")

ReplyFormat = Literal["markdown", "stream"]


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Every time-out and pause in seconds; tests shorten them, nothing else does.

    Sources: heartbeat and its two misses, the 90 s watchdog, 60 s after a kick: `aibot` page 101463 and the
    field reports behind it. `settled` is how long a connection must have lived to start the back-off anew.
    `own_kick` is the pause after a kick by a node of ours that does not know yet that the line is this
    node's; who has lost the line looks every `lease` seconds whether it may connect again.
    A call must be answered in 5 s: `callback` is how long its answer is waited for, `refresh` the same for a
    stream that is asked after; an answer waits `poll` for the next question, a stream is given up after
    `stream` (WeCom asks for 6 minutes) and its answer comes by another way.
    """

    open: float = 10.0
    ack: float = 5.0
    ping: float = 30.0
    pings_lost: int = 2
    silence: float = 90.0
    backoff_first: float = 1.0
    backoff_most: float = 30.0
    settled: float = 30.0
    refused: float = 120.0
    kicked: float = 60.0
    kicked_most: float = 600.0
    own_kick: float = 3.0
    lease: float = 0.3
    resend: float = 4.0
    drain: float = 2.0
    close: float = 1.0
    journal_pauses: tuple[float, ...] = (0.1, 0.3, 1.0, 2.0, 5.0, 10.0, 10.0)
    callback: float = 4.0
    refresh: float = 3.0
    poll: float = 8.0
    stream: float = 60.0
    download_pauses: tuple[float, ...] = (0.3, 1.0, 3.0)


@dataclass(frozen=True, kw_only=True)
class WeComConfig:
    """One AI bot: on the long connection, by its callback URL, or (only the other doors) without either.

    `bot_id` and `bot_secret` make the long connection, `bot_token` and `bot_aes_key` the callback URL.
    `bot_name` is what people see after the @ (may hold spaces; empty: whatever follows the @ is taken off).
    `reply_format` is how answers go out on a request: one `markdown` message, or one finished `stream` frame.
    `device_id` is sent with the subscription if given: without it some tenants kept delivering group messages
    to the session before the last one (field report, undocumented). `proxy` is the only way out, if given.
    """

    bot_id: str = ""
    bot_secret: SecretStr = NO_SECRET
    bot_token: SecretStr = NO_SECRET
    bot_aes_key: SecretStr = NO_SECRET
    ws_url: str = WS_URL
    api_url: str = API_URL
    bot_name: str = ""
    reply_format: ReplyFormat = "markdown"
    device_id: str | None = None
    proxy: SecretStr = NO_SECRET
    timing: Timing = field(default_factory=Timing)

    @property
    def connects(self) -> bool:
        """Whether there is a long connection to keep."""
        return bool(self.bot_id and self.bot_secret.get_secret_value())

    @property
    def is_called(self) -> bool:
        """Whether the bot has a callback URL."""
        return bool(self.bot_token.get_secret_value() and self.bot_aes_key.get_secret_value())
