"""The real process, started as a child, stopped, frozen and killed."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, Protocol

import httpx

from bot.platforms.base import State
from bot.sandbox.dingtalk import DingTalkCloud
from bot.sandbox.wecom import WeComCloud

READY_SECONDS: Final = 60.0
STOP_SECONDS: Final = 20.0
ROOT: Final = Path(__file__).parents[2]


class Clouds(Protocol):
    """What the process connects to."""

    @property
    def dingtalk(self) -> DingTalkCloud:
        """The pretend DingTalk."""
        ...

    @property
    def wecom(self) -> WeComCloud:
        """The pretend WeCom."""
        ...


class NotReady(Exception):
    """The process did not come up; the text ends with its log."""


class Victim:
    """One node of the bot; its log goes to a file, which also says on which port it listens in this life."""

    def __init__(self, town: Clouds, *, database: str, playbook: Path, folder: Path, name: str = "a") -> None:
        self.lives = 0
        self._log = folder / f"bot-{name}.log"
        self._folder = folder
        self._environment = _environment(town, database=database, playbook=playbook, folder=folder)
        self._born_at = 0  # where in the log this life begins, in bytes
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """The number of the running process."""
        assert self._process is not None
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.returncode is None

    async def start(self, told: Mapping[str, str] = MappingProxyType({})) -> None:
        """Start it; returns at once. `told`: what this life is told beside the usual."""
        self.lives += 1
        environment = {**self._environment, **told}
        with self._log.open("ab") as log:
            self._born_at = log.tell()
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot.cli", "serve",
                cwd=self._folder, env=environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    async def kill(self) -> None:
        """`kill -9`, and nothing more: no handler runs, no buffer is flushed."""
        if self.alive and self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            await self._process.wait()

    def freeze(self) -> None:
        """Let it stand still: a holder of leases that does not know how late it is."""
        if self.alive and self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        if self.alive and self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    async def stop(self) -> int:
        """Ask it to end; return its exit code (-9 where it had to be killed after all)."""
        if self._process is None:
            return 0
        if self.alive:
            self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                return await self._process.wait()
        except TimeoutError:
            await self.kill()
            return -signal.SIGKILL

    async def ready(self) -> None:
        """Wait until it listens and every platform is connected; raises NotReady."""
        try:
            async with asyncio.timeout(READY_SECONDS), httpx.AsyncClient(trust_env=False) as client:
                while self.alive and not await self._is_ready(client):  # noqa: ASYNC110 (another process)
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise NotReady(self.tail()) from None
        if not self.alive:
            raise NotReady(self.tail())

    async def waiting(self) -> int:
        """Return how many messages wait to be sent; raises httpx.HTTPError while it is down."""
        async with httpx.AsyncClient(trust_env=False) as client:
            return int((await client.get(self._health())).json()["outbox"]["waiting"])

    async def _is_ready(self, client: httpx.AsyncClient) -> bool:
        try:
            said = (await client.get(self._health())).json()
        except (httpx.HTTPError, ValueError):
            return False
        ready = [one["state"] in (State.READY, State.STANDBY, State.KICKED) for one in said["platforms"]]
        return bool(ready) and all(ready)

    def _health(self) -> str:
        with self._log.open("rb") as log:
            log.seek(self._born_at)
            lines = [json.loads(line) for line in log if b'"web.listening"' in line]
        if not lines:
            raise httpx.ConnectError("it does not listen yet")
        return f"http://127.0.0.1:{lines[-1]['port']}/healthz"

    def tail(self, lines: int = 30) -> str:
        """Return the end of its log."""
        return "\n".join(self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])

    def log(self) -> str:
        """Return its whole log, over all its lives."""
        return self._log.read_text(encoding="utf-8", errors="replace")


def _environment(town: Clouds, *, database: str, playbook: Path, folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BANZHANG_")}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "BANZHANG_DATABASE_URL": database,
        "BANZHANG_HTTP_PORT": "0",
        "BANZHANG_DATA_DIR": str(folder / "data"),
        "BANZHANG_PLAYBOOK": str(playbook),
        "BANZHANG_DINGTALK_CLIENT_ID": town.dingtalk.client_id,
        "BANZHANG_DINGTALK_CLIENT_SECRET": town.dingtalk.client_secret,
        "BANZHANG_DINGTALK_ROBOT_CODE": town.dingtalk.robot_code,
        "BANZHANG_DINGTALK_API_URL": town.dingtalk.url,
        "BANZHANG_DINGTALK_OAPI_URL": town.dingtalk.url,
        "BANZHANG_WECOM_BOT_ID": town.wecom.bot_id,
        "BANZHANG_WECOM_BOT_SECRET": town.wecom.secret,
        "BANZHANG_WECOM_WS_URL": town.wecom.ws_url,
        "BANZHANG_WECOM_API_URL": town.wecom.http_url,
    }
