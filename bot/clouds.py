"""What the settings say of each cloud: which are on, and what their doors need to know."""

from collections.abc import Mapping
from typing import Final

from bot.platforms.dingtalk import DingTalkConfig
from bot.platforms.dingtalk.config import MARKDOWN_BUTTONS
from bot.platforms.wecom import WeComConfig
from bot.platforms.wecom.app.config import AppConfig
from bot.settings import Settings

NO_CARDS: Final = "off"


def configured(settings: Settings) -> Mapping[str, str]:
    """Return the platforms that have credentials; the others are off."""
    found = {}
    if settings.dingtalk_client_id and settings.dingtalk_client_secret.get_secret_value():
        found["dingtalk"] = "stream"
    wecom = wecom_config(settings)
    if wecom.connects or wecom.is_called:
        found["wecom"] = "long connection" if wecom.connects else "callback URL"
    elif app_config(settings).speaks:
        found["wecom"] = "self-built app"
    return found


def dingtalk_config(settings: Settings) -> DingTalkConfig:
    """Return what DingTalk's doors need of the settings."""
    return DingTalkConfig(
        client_id=settings.dingtalk_client_id,
        client_secret=settings.dingtalk_client_secret,
        robot_code=settings.dingtalk_robot_code,
        api_url=settings.dingtalk_api_url,
        oapi_url=settings.dingtalk_oapi_url,
        card_template_id=settings.dingtalk_card_template or MARKDOWN_BUTTONS,
        cards=settings.dingtalk_card_template != NO_CARDS,
        oapi_token=settings.dingtalk_oapi_auth,
    )


def wecom_config(settings: Settings) -> WeComConfig:
    """Return what the doors of WeCom's AI bot need of the settings."""
    return WeComConfig(
        bot_id=settings.wecom_bot_id,
        bot_secret=settings.wecom_bot_secret,
        bot_token=settings.wecom_bot_token,
        bot_aes_key=settings.wecom_bot_aes_key,
        bot_name=settings.wecom_bot_name,
        reply_format=settings.wecom_reply_format,
        device_id=settings.wecom_device_id or None,
        proxy=settings.proxy,
        ws_url=settings.wecom_ws_url,
        api_url=settings.wecom_api_url,
    )


def contacts_config(settings: Settings) -> AppConfig | None:
    """Return what reads WeCom's bare user ids where no app may see people: the contacts secret."""
    if not (settings.wecom_corp_id and settings.wecom_contacts_secret.get_secret_value()):
        return None
    return AppConfig(
        corp_id=settings.wecom_corp_id,
        agent_id=0,
        secret=settings.wecom_contacts_secret,
        api_url=settings.wecom_api_url,
    )


def app_config(settings: Settings) -> AppConfig:
    """Return what the door of WeCom's self-built app needs of the settings; an AgentId is a number."""
    agent_id = settings.wecom_agent_id.strip()
    return AppConfig(
        corp_id=settings.wecom_corp_id,
        agent_id=int(agent_id) if agent_id.isdecimal() else 0,
        secret=settings.wecom_agent_secret,
        token=settings.wecom_app_token,
        aes_key=settings.wecom_app_aes_key,
        api_url=settings.wecom_api_url,
    )
