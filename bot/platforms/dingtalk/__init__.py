"""The whole DingTalk wire: hearing by stream mode, speaking by session, robot API and interactive cards."""

from bot.platforms.dingtalk.config import DingTalkConfig, Timings
from bot.platforms.dingtalk.hearing import EXTERNAL, QUOTA_EXHAUSTED
from bot.platforms.dingtalk.platform import DingTalk

__all__ = ["EXTERNAL", "QUOTA_EXHAUSTED", "DingTalk", "DingTalkConfig", "Timings"]
