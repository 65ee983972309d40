"""WeCom's AI bot (智能机器人) on the long connection: the whole wire, and nothing of the shop floor."""

from bot.platforms.wecom.config import Timing, WeComConfig
from bot.platforms.wecom.platform import WeCom

__all__ = ["Timing", "WeCom", "WeComConfig"]
