"""The pretend WeCom cloud: an AI bot's long connection, its media server and its limits."""

from bot.sandbox.wecom.cloud import WeComCloud
from bot.sandbox.wecom.limits import Limits

__all__ = ["Limits", "WeComCloud"]
