"""A vendor's client in a process of its own, steered over its pipes by one JSON line per act."""

import asyncio
import itertools
import json
import os
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

PATIENCE = 20.0


class VendorError(Exception):
    """The vendor's client raised; the text is its own."""


class Vendor:
    """Lines out of the process: `{"heard": name, ...}`, `{"done": number, "result": ...}` or `"failed"`."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._heard: deque[dict[str, Any]] = deque()
        self._numbers = itertools.count(1)

    async def heard(self, name: str) -> Any:
        """Wait for the next event of this name and return what came with it; others before it stay."""
        for event in self._heard:
            if event["heard"] == name:
                self._heard.remove(event)
                return event["with"]
        while (line := await self._line()).get("heard") != name:
            self._heard.append(line)
        return line["with"]

    async def do(self, act: str, *arguments: Any) -> Any:
        """Let the client do something and return its result; raises VendorError."""
        number = next(self._numbers)
        stdin = self._process.stdin
        assert stdin is not None
        stdin.write(json.dumps({"number": number, "do": act, "with": arguments}).encode() + b"\n")
        await stdin.drain()
        while (line := await self._line()).get("done") != number:
            self._heard.append(line)
        if "failed" in line:
            raise VendorError(line["failed"])
        return line["result"]

    async def _line(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), PATIENCE)
        if not line:
            raise VendorError(await self._last_words())
        parsed: dict[str, Any] = json.loads(line)
        return parsed

    async def _last_words(self) -> str:
        assert self._process.stderr is not None
        return (await self._process.stderr.read()).decode()[-2000:]


@asynccontextmanager
async def vendor(command: list[str], *, settings: Mapping[str, str], cwd: Path) -> AsyncIterator[Vendor]:
    """Start a vendor's client; it ends when its input is closed."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        cwd=cwd,
        env={**os.environ, **settings},
        limit=64 * 1024 * 1024,
    )
    try:
        yield Vendor(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
