"""The chat page of the sandbox: be anybody of the plant, on both platforms, and watch the bot work."""

from bot.sandbox.page.server import ChatPage
from bot.sandbox.page.stage import Plug, Stage

__all__ = ["ChatPage", "Plug", "Stage"]
