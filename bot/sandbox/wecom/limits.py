"""The numbers of the AI-bot long connection, and the windows that count against them."""

from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.wecom.refusals import Code, Refusal

KB = 1024
MB = 1024 * KB


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits as WeCom's pages 101032, 101039 and 101463 state them; sizes in bytes, windows as time spans.

    `subscribes` per minute and `heartbeat` are ours: the pages only say that subscribing is protected and
    that a ping is due every 30 s. A callback URL (101033, 101031, 101138) must answer within `answer` seconds
    and is called `attempts` times, as the app's is (90238; for a pressed card once); how often a stream is
    asked after (`poll`) is on no page.
    """

    per_minute: int = 30
    per_hour: int = 1000
    in_flight: int = 3
    content: int = 20_480
    reply_window: timedelta = timedelta(hours=24)
    event_window: timedelta = timedelta(seconds=5)
    stream_window: timedelta = timedelta(minutes=6)
    media_life: timedelta = timedelta(minutes=5)
    subscribes: int = 20
    heartbeat: float = 75.0
    chunk: int = 512 * KB
    chunks: int = 100
    upload_life: timedelta = timedelta(minutes=30)
    media_id_life: timedelta = timedelta(days=3)
    verify: float = 1.0
    answer: float = 5.0
    attempts: int = 3
    poll: float = 1.0
    response_url_life: timedelta = timedelta(hours=1)


UPLOAD_SIZES = {"image": 10 * MB, "video": 10 * MB, "voice": 2 * MB, "file": 20 * MB}
SMALLEST_UPLOAD = 5


class Window:
    """How often something happened for a key within one span of time."""

    def __init__(self, *, most: int, span: timedelta) -> None:
        self._most = most
        self._span = span
        self._hits: dict[str, deque[datetime]] = defaultdict(deque)

    def full(self, key: str, *, now: datetime) -> bool:
        """Whether one more within the span would be too many."""
        hits = self._hits[key]
        while hits and hits[0] <= now - self._span:
            hits.popleft()
        return len(hits) >= self._most

    def hit(self, key: str, *, now: datetime) -> None:
        """Count one."""
        self._hits[key].append(now)


class Quota:
    """30 a minute and 1000 an hour for each key; a refused frame is not counted."""

    def __init__(self, limits: Limits) -> None:
        self._windows = (
            Window(most=limits.per_minute, span=timedelta(minutes=1)),
            Window(most=limits.per_hour, span=timedelta(hours=1)),
        )

    def take(self, key: str, *, now: datetime) -> None:
        """Count one, or refuse with 45009."""
        if any(window.full(key, now=now) for window in self._windows):
            raise Refusal(Code.TOO_OFTEN, "api freq out of limit", rule="quota")
        for window in self._windows:
            window.hit(key, now=now)
