"""DingTalk's limits as data, with where each comes from, and the windows that count."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Seconds, bytes and counts; None switches a limit off. Transport seconds follow the monotonic clock."""

    ticket_seconds: float = 90  # stream protocol: single use
    token_seconds: int = 7200  # server API, accessToken
    webhook_seconds: int = 5400  # sessionWebhookExpiredTime - createAt in four official samples
    webhook_bytes: int = 20_000  # errcode 460101
    webhook_per_minute: int | None = 20  # per chat; errcode 130101
    webhook_penalty_seconds: float = 0  # after 130101 everything is refused this long (custom robots: 600)
    hook_per_minute: int | None = 20  # custom robot; errcode 410100, then
    hook_penalty_seconds: float = 600  # everything is refused this long
    hooks_per_month: int | None = None  # errcode 90030
    param_bytes: int = 15_000  # msgParam
    group_per_minute: int | None = None  # per chat; `send.too.fast` has no published figure
    batch_users: int = 20  # oToMessages/batchSend
    qps: int | None = 20  # per API, standard edition
    calls_per_month: int | None = None  # paid API calls: ApiCountLimitForOrg
    pushes_per_month: int | None = None  # webhook and stream messages: frames without text, errorCode 20001
    card_seconds: float = 2.0  # card callback: answer in the acknowledgement
    card_bytes: int = 100_000  # all of cardParamMap
    card_value_bytes: int | None = None  # one value: 1 KB by the API page, no limit by the card guide
    http_seconds: float = 2.5  # a robot message by HTTP: answer in the response
    track_chars: int = 100  # outTrackId
    download_code_seconds: float = 86_400  # not documented; wrong and expired codes answer alike
    download_url_seconds: float = 600  # presigned address
    upload_bytes: int = 20_000_000  # image, video, file; voice 2 MB
    ding_app_users: int = 200
    ding_phone_users: int = 20  # SMS and phone
    ding_quota: int | None = None  # ding.serverquota.insufficient
    drop_seconds: float = 10.0  # silence between SYSTEM disconnect and the drop
    ping_seconds: float | None = 60.0  # SYSTEM ping
    pong_seconds: float = 10.0
    redeliver_robot: tuple[float, ...] = (16.0, 60.0)  # observed; the protocol text promises none
    redeliver_event: tuple[float, ...] = (60.0,) * 10  # until status SUCCESS
    redeliver_card: tuple[float, ...] = ()
    redeliver_new_id: bool = False  # a redelivery carries a new headers.messageId (data.msgId stays)
    bad_token_status: int = 400  # server-api-error-codes: 400 InvalidAuthentication; 401 also reported


class Windows:
    """Counts what happened per key within a sliding window of the movable clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: dict[str, deque[datetime]] = {}
        self._blocked: dict[str, datetime] = {}

    def full(self, key: str, *, limit: int | None, seconds: float) -> bool:
        """Count one more, or say that the window is full (then it is not counted)."""
        if limit is None:
            return False
        now = self._clock.now()
        seen = self._seen.setdefault(key, deque())
        while seen and abs(now - seen[0]) >= timedelta(seconds=seconds):
            seen.popleft()
        if len(seen) >= limit:
            return True
        seen.append(now)
        return False

    def block(self, key: str, *, seconds: float) -> None:
        """Refuse this key for so long."""
        self._blocked[key] = self._clock.now() + timedelta(seconds=seconds)

    def blocked(self, key: str) -> bool:
        """Say whether the key is being refused."""
        return key in self._blocked and self._clock.now() < self._blocked[key]


class MonthCount:
    """Counts per calendar month of the movable clock (UTC)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._month = ""
        self.count = 0

    def over(self, limit: int | None) -> bool:
        """Count one more; say whether that is beyond the limit."""
        month = f"{self._clock.now():%Y-%m}"
        if month != self._month:
            self._month, self.count = month, 0
        self.count += 1
        return limit is not None and self.count > limit
