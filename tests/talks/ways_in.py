"""The doors by which a stage joins its platforms to the house: each a setting here and a switch there."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from pydantic import SecretStr
from ruamel.yaml import YAML

from bot.platforms.wecom.doors import BOT_PATH
from bot.sandbox.dingtalk import DingTalkCloud
from bot.sandbox.town import PlatformName
from bot.sandbox.wecom import WeComCloud
from tests.talks.doors import app_settings, open_app

TOKEN: Final = "QDG6eK"
AES_KEY: Final = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
Settings = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Clouds:
    """Both pretend clouds of a stage."""

    dingtalk: DingTalkCloud
    wecom: WeComCloud


class WayIn(Protocol):
    """One way to join one platform; the talks do not know which it is."""

    platform: PlatformName

    def settings(self, clouds: Clouds) -> Settings:
        """Return what the house is told."""
        ...

    def playbook(self, clouds: Clouds, *, folder: Path, into: Path) -> Path:
        """Return the rules to play by: those in `folder`, or a copy below `into` with what it needs."""
        ...

    async def opens(self, clouds: Clouds, *, url: str) -> None:
        """Tell the cloud where the house listens, once it does."""
        ...

    def ready(self, clouds: Clouds) -> bool:
        """Whether the house hears."""
        ...

    def shuts(self, clouds: Clouds) -> None:
        """Tell the cloud that the house is gone."""
        ...


class Socket:
    """A door that the house opens from inside: there is nothing to tell the cloud."""

    def playbook(self, _clouds: Clouds, *, folder: Path, into: Path) -> Path:  # noqa: ARG002 (as it stands)
        return folder

    async def opens(self, _clouds: Clouds, *, url: str) -> None:
        """Nothing to be told."""

    def shuts(self, _clouds: Clouds) -> None:
        """Nothing to be told."""


class DingTalkStream(Socket):
    """DingTalk by its stream."""

    platform: PlatformName = "dingtalk"

    def settings(self, clouds: Clouds) -> Settings:
        cloud = clouds.dingtalk
        return {
            "dingtalk_client_id": cloud.client_id,
            "dingtalk_client_secret": SecretStr(cloud.client_secret),
            "dingtalk_robot_code": cloud.robot_code,
            "dingtalk_api_url": cloud.url,
            "dingtalk_oapi_url": cloud.url,
        }

    def ready(self, clouds: Clouds) -> bool:
        return bool(clouds.dingtalk.connected)


class WeComLine(Socket):
    """WeCom's AI bot on its long connection, the self-built app beside it."""

    platform: PlatformName = "wecom"

    def settings(self, clouds: Clouds) -> Settings:
        cloud = clouds.wecom
        return {
            **app_settings(cloud.app),
            "wecom_bot_id": cloud.bot_id,
            "wecom_bot_secret": SecretStr(cloud.secret),
            "wecom_ws_url": cloud.ws_url,
            "wecom_api_url": cloud.http_url,
        }

    async def opens(self, clouds: Clouds, *, url: str) -> None:
        open_app(clouds.wecom.app, url=url)

    def ready(self, clouds: Clouds) -> bool:
        return clouds.wecom.subscribed


class WeComCallback:
    """WeCom's AI bot by its callback URL; what it cannot push goes by the app and the groups' webhooks."""

    platform: PlatformName = "wecom"

    def settings(self, clouds: Clouds) -> Settings:
        return {
            **app_settings(clouds.wecom.app),
            "wecom_bot_token": SecretStr(TOKEN),
            "wecom_bot_aes_key": SecretStr(AES_KEY),
            "wecom_api_url": clouds.wecom.http_url,
        }

    def playbook(self, clouds: Clouds, *, folder: Path, into: Path) -> Path:
        copy = into / "playbook"
        if not copy.exists():
            shutil.copytree(folder, copy)
            _hook(copy / "departments.yaml", clouds.wecom, secrets=into)
        return copy

    async def opens(self, clouds: Clouds, *, url: str) -> None:
        open_app(clouds.wecom.app, url=url)
        verified = await clouds.wecom.use_callback(f"{url}{BOT_PATH}", token=TOKEN, aes_key=AES_KEY)
        assert verified, "the URL was not verified"

    def ready(self, clouds: Clouds) -> bool:
        return clouds.wecom.subscribed

    def shuts(self, clouds: Clouds) -> None:
        clouds.wecom.use_connection()


WAYS: Final[dict[str, WayIn]] = {
    "dingtalk-stream": DingTalkStream(),
    "wecom-line": WeComLine(),
    "wecom-callback": WeComCallback(),
}
USUAL: Final = (WAYS["dingtalk-stream"], WAYS["wecom-line"])


def joined(ways: Sequence[WayIn], clouds: Clouds, *, playbook: Path, into: Path) -> Settings:
    """Return the settings of all ways together, and the rules that they play by."""
    settings: Settings = {}
    for way in ways:
        settings |= way.settings(clouds)
        playbook = way.playbook(clouds, folder=playbook, into=into)
    return settings | {"playbook": playbook}


def _hook(path: Path, cloud: WeComCloud, *, secrets: Path) -> None:
    """Give every WeCom group a webhook; the address is in a file, as secrets are."""
    yaml = YAML()
    data = yaml.load(path.read_text(encoding="utf-8"))
    for chat in data["chats"]:
        if chat["platform"] == "wecom":
            address = secrets / f"hook-{chat['code']}"
            address.write_text(cloud.app.hook_url(chat["id"]))
            chat["webhook"] = f"file:{address}"
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(data, file)
