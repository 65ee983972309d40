"""A pretend DingTalk cloud: stream gateway, robot, cards and media over the real wire, with its limits."""

from bot.sandbox.dingtalk.cloud import DingTalkCloud
from bot.sandbox.dingtalk.limits import Limits

__all__ = ["DingTalkCloud", "Limits"]
