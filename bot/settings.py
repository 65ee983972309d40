"""The only reader of the environment; every setting is documented in deploy/env.example."""

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEMO_PLAYBOOK = Path(__file__).parent.parent / "deploy" / "playbooks" / "demo"


class Settings(BaseSettings):
    """What the outside world decides; secrets never show in logs or errors."""

    model_config = SettingsConfigDict(env_prefix="BANZHANG_", env_file=".env", extra="ignore")

    database_url: str = Field(default="", description="数据库；不写就是数据目录里的 SQLite 文件")
    data_dir: Path = Field(default=Path("data"), description="数据目录：数据库、图片、导出的文件")
    playbook: Path = Field(default=DEMO_PLAYBOOK, description="规则文件所在的目录")
    http_host: str = Field(default="127.0.0.1", description="网页和健康检查监听的地址")
    http_port: int = Field(default=8600, ge=0, le=65535, description="网页和健康检查监听的端口")
    proxy: SecretStr = Field(
        default=SecretStr(""),
        description="只能经代理出网时写：http://代理:端口，要登录就写 http://账号:密码@代理:端口；本机地址不走代理",
    )

    dingtalk_client_id: str = Field(default="", description="钉钉应用的 Client ID（AppKey）")
    dingtalk_client_secret: SecretStr = Field(default=SecretStr(""), description="钉钉应用的 Client Secret")
    dingtalk_robot_code: str = Field(default="", description="钉钉机器人的 robotCode；不写就是 Client ID")
    dingtalk_api_url: str = Field(default="https://api.dingtalk.com", description="钉钉新版接口地址")
    dingtalk_oapi_url: str = Field(default="https://oapi.dingtalk.com", description="钉钉旧版接口地址")
    dingtalk_card_template: str = Field(
        default="",
        description="钉钉卡片模板：不写就是钉钉公开的「Markdown + 按钮」模板；自己做的模板写它的 ID，"
        "变量要有 title、markdown、tips、sys_full_json_obj；写 off 就不发卡片，全用文字",
    )
    dingtalk_oapi_auth: Literal["new", "old"] = Field(
        default="new", description="钉钉旧版接口用哪种令牌：上传图片说令牌无效时，把 new 改成 old"
    )

    wecom_corp_id: str = Field(default="", description="企业微信的企业 ID")
    wecom_agent_id: str = Field(default="", description="企业微信自建应用的 AgentId")
    wecom_agent_secret: SecretStr = Field(default=SecretStr(""), description="企业微信自建应用的 Secret")
    wecom_app_token: SecretStr = Field(default=SecretStr(""), description="企业微信自建应用回调的 Token")
    wecom_app_aes_key: SecretStr = Field(
        default=SecretStr(""), description="企业微信自建应用回调的 EncodingAESKey"
    )
    wecom_contacts_secret: SecretStr = Field(
        default=SecretStr(""),
        description="企业微信「通讯录同步」的 Secret；没有自建应用时用它读成员账号（只有账号，没有姓名）",
    )
    wecom_bot_id: str = Field(default="", description="企业微信智能机器人的 Bot ID")
    wecom_bot_secret: SecretStr = Field(default=SecretStr(""), description="企业微信智能机器人的 Secret")
    wecom_bot_token: SecretStr = Field(default=SecretStr(""), description="企业微信智能机器人回调的 Token")
    wecom_bot_aes_key: SecretStr = Field(
        default=SecretStr(""), description="企业微信智能机器人回调的 EncodingAESKey"
    )
    wecom_bot_name: str = Field(
        default="", description="企业微信智能机器人在群里的名字（@ 后面的字）；名字里有空格时才要写"
    )
    wecom_reply_format: Literal["markdown", "stream"] = Field(
        default="markdown",
        description="企业微信智能机器人在长连接上怎么回答：markdown 或 stream；手机上看不到回答时换一种",
    )
    wecom_device_id: str = Field(
        default="",
        description="企业微信长连接订阅时报的设备号；重连以后收不到群消息时，随便写一个固定的字",
    )
    wecom_ws_url: str = Field(
        default="wss://openws.work.weixin.qq.com", description="企业微信智能机器人长连接地址"
    )
    wecom_api_url: str = Field(default="https://qyapi.weixin.qq.com", description="企业微信接口地址")

    @field_validator("dingtalk_oapi_auth", "wecom_reply_format", mode="before")
    @classmethod
    def _nothing_is_the_default(cls, value: Any, info: ValidationInfo) -> Any:
        """Take an empty line for one that is not there, as with every other setting."""
        return value or cls.model_fields[info.field_name or ""].default

    @property
    def database(self) -> str:
        """The database's URL, the default spelt out."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'banzhang.db').absolute()}"


class SecretMissing(Exception):
    """A reference of the playbook leads nowhere; the reference itself is no secret."""

    def __init__(self, reference: str) -> None:
        super().__init__(reference)
        self.reference = reference


def secret(reference: str) -> SecretStr:
    """Return what a reference of the playbook (`env:NAME`, `file:/path`) stands for; raises SecretMissing."""
    kind, _, name = reference.partition(":")
    try:
        found = os.environ.get(name, "") if kind == "env" else Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        found = ""
    if not found.strip():
        raise SecretMissing(reference)
    return SecretStr(found.strip())
