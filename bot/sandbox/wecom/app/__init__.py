"""The pretend WeCom's self-built app and group webhooks."""

from bot.sandbox.wecom.app.limits import AppLimits
from bot.sandbox.wecom.app.side import AppSide

__all__ = ["AppLimits", "AppSide"]
