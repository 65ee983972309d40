"""The real demo as a process of its own, for tests in a browser and for the pictures."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
ADDRESS = re.compile(r"open\s+(http://\S+)")
PARTING_SECONDS = 30


@contextmanager
def running_demo(folder: Path, *, port: int = 0) -> Iterator[str]:
    """Start `banzhang demo` with its data in `folder`; give the page's address; stop it as Ctrl-C does."""
    command = [sys.executable, "-m", "bot.cli", "demo", "--port", str(port), "--data-dir", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    folder.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, cwd=folder
    ) as process:
        try:
            yield _address(process)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.communicate(timeout=PARTING_SECONDS)
            finally:
                process.kill()
    assert process.returncode == 0, process.returncode


def _address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    seen = []
    for line in process.stdout:
        seen.append(line)
        if found := ADDRESS.search(line):
            return found[1]
    raise AssertionError("".join(seen))
