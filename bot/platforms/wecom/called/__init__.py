"""The AI bot by its callback URL: WeCom calls, and what is to be said goes out on the call or not at all."""

from bot.platforms.wecom.called.door import BotDoor, no_push

__all__ = ["BotDoor", "no_push"]
