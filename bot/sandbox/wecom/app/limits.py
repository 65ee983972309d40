"""The numbers of the self-built app's API and of group webhooks."""

from dataclasses import dataclass
from datetime import timedelta

KB = 1024
MB = 1024 * KB
UPLOAD_SIZES = {"image": 10 * MB, "voice": 2 * MB, "video": 10 * MB, "file": 20 * MB}
SMALLEST_UPLOAD = 5
TEXT_BYTES = 2048
HOOK_MARKDOWN_BYTES = 4096
HOOK_IMAGE_BYTES = 2 * MB


@dataclass(frozen=True, kw_only=True)
class AppLimits:
    """As pages 90236, 90238, 90454, 91039, 94867, 94888, 96484 and 99110 state them; seconds and time spans.

    `pause` between two attempts to call the bot is ours.
    """

    token_seconds: int = 7200
    per_minute: int = 30
    per_hour: int = 1000
    receivers: int = 1000
    card_life: timedelta = timedelta(hours=72)
    recall_life: timedelta = timedelta(hours=24)
    media_life: timedelta = timedelta(days=3)
    callback_seconds: float = 5.0
    verify_seconds: float = 1.0
    attempts: int = 3
    pause: float = 0.5
    hook_per_minute: int = 20
    duplicates_most: int = 4 * 3600
    duplicates_usual: int = 1800
