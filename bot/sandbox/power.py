"""The bot's plug: its process is started, watched, killed and started again."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Self

import aiohttp

from domain.clock import Clock

StateName = Literal["off", "starting", "ready", "degraded"]
LOOK_SECONDS = 0.4
HEALTH_SECONDS = 20.0
PARTING_SECONDS = 10.0


@dataclass(frozen=True, kw_only=True)
class State:
    """How the bot is. `back_in`: seconds until it starts by itself; `health`: what its /healthz said."""

    name: StateName = "off"
    pid: int = 0
    starts: int = 0
    back_in: float | None = None
    ended: str = ""
    health: dict[str, Any] = field(default_factory=dict)


class Power:
    """One child process, kept running. `make` gives its program and settings, anew at each start.

    After an end it waits `rest` seconds of real time (`rest_after_pull` if the plug was pulled), or until
    `plug_in`. `tell` is called at every change of `state`, `came_back` before it is ready again.
    """

    def __init__(
        self,
        make: Callable[[], tuple[Sequence[str], Mapping[str, str], str]],
        *,
        clock: Clock,
        log: Path,
        tell: Callable[[], None] = lambda: None,
        rest: float = 5.0,
        rest_after_pull: float = 12.0,
    ) -> None:
        self.state = State()
        self.url = ""
        self.tell = tell
        self.came_back: Callable[[], Awaitable[None]] = _nothing
        self._make, self._clock, self._log = make, clock, log
        self._rest, self._rest_after_pull = rest, rest_after_pull
        self._process: asyncio.subprocess.Process | None = None
        self._pulled = False
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=HEALTH_SECONDS))
        self._task = asyncio.create_task(self._run(), name="bot's power")
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._part()
        await self._http.close()

    def pull(self) -> None:
        """Kill the bot on the spot (SIGKILL): no good-bye, no flush."""
        if self._process and self._process.returncode is None:
            self._pulled = True
            self._process.kill()

    def plug_in(self) -> None:
        """Start the bot now, if it is off."""
        self._wanted.set()

    async def ask(self, path: str, **body: Any) -> dict[str, Any] | None:
        """Post JSON to the bot's own HTTP door; None if it does not answer."""
        try:
            async with self._http.post(self.url + path, json=body) as answer:
                return dict(await answer.json()) if answer.ok else None
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None

    async def _run(self) -> None:
        while True:
            await self._start()
            watching = asyncio.create_task(self._watch())
            code = await self._wait()
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            await self._pause(code)

    async def _start(self) -> None:
        program, settings, self.url = self._make()
        tied = [sys.executable, "-m", "bot.sandbox.tether", str(os.getpid())]
        tied += [f"{name}={value}" for name, value in settings.items()]
        self._pulled = False
        self._wanted.clear()
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *tied, "--", *program, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
            )
        starts = self.state.starts + 1
        self._set(State(name="starting", pid=self._process.pid, starts=starts))

    async def _wait(self) -> int:
        assert self._process is not None  # noqa: S101 (just started)
        return await self._process.wait()

    async def _pause(self, code: int) -> None:
        """Stay off for a while, counting down, unless somebody plugs it in."""
        left = self._rest_after_pull if self._pulled else self._rest
        ended = signal.Signals(-code).name if code < 0 else str(code)
        until = self._clock.monotonic() + left
        while left > 0 and not self._wanted.is_set():
            self._set(State(name="off", starts=self.state.starts, back_in=round(left), ended=ended))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wanted.wait(), min(left, 1.0))
            left = until - self._clock.monotonic()

    async def _watch(self) -> None:
        while True:
            if health := await self._health():
                well = health.get("status") == "ok"
                if well and self.state.name != "ready":
                    await self.came_back()
                self._set(replace(self.state, name="ready" if well else "degraded", health=health))
            await asyncio.sleep(LOOK_SECONDS)

    async def _health(self) -> dict[str, Any] | None:
        try:
            async with self._http.get(self.url + "/healthz") as answer:
                return dict(await answer.json())
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None

    async def _part(self) -> None:
        """Ask the bot to stop; kill it if it takes too long."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), PARTING_SECONDS)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    def _set(self, state: State) -> None:
        if state != self.state:
            self.state = state
            self.tell()


async def _nothing() -> None:
    """Nobody waits for the bot."""
