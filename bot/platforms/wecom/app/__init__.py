"""WeCom's self-built app (自建应用): XML callbacks in, messages to people out."""

from bot.platforms.wecom.app.config import AppConfig, AppTiming
from bot.platforms.wecom.app.door import AppDoor

__all__ = ["AppConfig", "AppDoor", "AppTiming"]
