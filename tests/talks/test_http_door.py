"""The talks of the house through DingTalk's HTTP door: no stream, everything by signed callbacks."""

import shutil
import socket
from pathlib import Path
from typing import Any, Final

import pytest

from bot.app import House
from bot.platforms.dingtalk.callbacks import ROBOT_PATH
from bot.settings import DEMO_PLAYBOOK, Settings
from notifier.budget import Budgets
from tests.talks.patience import until
from tests.talks.script import begins_at, play
from tests.talks.stage import Stage
from tests.talks.test_talks import TEXTS

NAMES: Final = ("report", "andon", "lot", "photo", "dialogue", "undo", "stale", "redelivered")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class HttpStage(Stage):
    """The stage of a plant whose network lets no stream out: DingTalk calls us."""

    def __init__(self, database_url: str, folder: Path, **settings: Any) -> None:
        self._port = free_port()
        playbook = folder / "playbook"
        shutil.copytree(DEMO_PLAYBOOK, playbook)
        _name_the_address(playbook, f"http://127.0.0.1:{self._port}")
        super().__init__(database_url, folder, playbook=playbook, **settings)
        self.faults.add("refuse", "dingtalk.open")

    async def opens(self) -> None:
        """Start the house; it listens where DingTalk calls."""
        self.dingtalk.postman.robot_url = f"http://127.0.0.1:{self._port}{ROBOT_PATH}"
        self.house = House(self._settings(), clock=self.clock, budgets=Budgets({}))
        await self.house.start()
        await until(lambda: self.wecom.subscribed, "没有连上企业微信")

    def _settings(self) -> Settings:
        return super()._settings().model_copy(update={"http_port": self._port})


def _name_the_address(playbook: Path, url: str) -> None:
    """Write the address from outside into the playbook's site."""
    for page in playbook.glob("*.yaml"):
        text = page.read_text(encoding="utf-8")
        if "\nsite:\n" in f"\n{text}":
            page.write_text(text.replace("site:\n", f"site:\n  public_url: {url}\n", 1), encoding="utf-8")
            return
    raise AssertionError("the playbook has no site")


@pytest.mark.parametrize("name", NAMES)
async def test_a_talk_is_the_same_by_http(name: str, database_url: str, tmp_path: Path) -> None:
    async with HttpStage(database_url, tmp_path, at=begins_at(TEXTS[name])) as stage:
        assert await play(stage, TEXTS[name]) == TEXTS[name]
        assert stage.dingtalk.connected == 0
