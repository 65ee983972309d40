"""What the house must know to use the pretend WeCom's self-built app beside the AI bot."""

from typing import Any

from pydantic import SecretStr

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
