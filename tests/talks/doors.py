"""What house and pretend WeCom must know of each other to use the self-built app beside the AI bot."""

from typing import Any

from pydantic import SecretStr

from bot.platforms.wecom.app import menu
from bot.platforms.wecom.doors import APP_PATH
from bot.sandbox.wecom.app import AppSide


def app_settings(app: AppSide) -> dict[str, Any]:
    """Return the settings of the self-built app."""
    return {
        "wecom_corp_id": app.corp_id,
        "wecom_agent_id": str(app.agent_id),
        "wecom_agent_secret": SecretStr(app.secret),
        "wecom_app_token": SecretStr(app.token),
        "wecom_app_aes_key": SecretStr(app.aes_key),
    }


def open_app(app: AppSide, *, url: str) -> None:
    """Tell the pretend WeCom where the app's callback is, and put its menu in place."""
    app.courier.url = f"{url}{APP_PATH}"
    app.menus.entries = menu.entries()
