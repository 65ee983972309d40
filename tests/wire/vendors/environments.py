"""Environments of their own for the vendors' clients: made once from a lock file, kept under its hash."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
SHELF = ROOT / ".venv-vendors"  # ignored by git, like .venv
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


class NoEnvironment(Exception):
    """It could not be made; the text says why."""


def python_for(name: str) -> Path:
    """Return the Python that has `<name>.lock` of this folder installed; raises NoEnvironment.

    The lock carries hashes and no host: `uv pip compile -q --universal --python-version 3.11
    --generate-hashes tests/wire/vendors/<name>.in -o tests/wire/vendors/<name>.lock`.
    """
    lock = HERE / f"{name}.lock"
    python = _place(name, lock) / "bin" / "python"
    with _made_once(python.parents[1]) as done:
        if not done.exists():
            _run([_uv(), "venv", "-q", "--clear", "--python", sys.executable, str(python.parents[1])])
            _run(
                [_uv(), "pip", "install", "-q", "--python", str(python), "--require-hashes", "-r", str(lock)]
            )
            done.touch()
    return python


def node_for(name: str) -> Path:
    """Return the folder in which `<name>/package-lock.json` is installed for node; raises NoEnvironment."""
    if not (shutil.which("node") and shutil.which("npm")):
        raise NoEnvironment("node and npm are not on this machine")
    place = _place(name, HERE / name / "package-lock.json")
    with _made_once(place) as done:
        shutil.copytree(HERE / name, place, dirs_exist_ok=True)  # always: our own script may have changed
        if not done.exists():
            if why := _npm_refusal(place):
                raise NoEnvironment(why)
            done.touch()
    return place


@cache
def _npm_refusal(place: Path) -> str:
    """Install; return why it failed, once for all tests: npm is patient with a dead network."""
    try:
        _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(place)])
    except NoEnvironment as why:
        return str(why)
    return ""


def _place(name: str, lock: Path) -> Path:
    return SHELF / f"{name}-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"


@contextmanager
def _made_once(place: Path) -> Iterator[Path]:
    """Let one process at a time make it; give the file whose existence says that it is made."""
    SHELF.mkdir(exist_ok=True)
    with (SHELF / f"{place.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield SHELF / f"{place.name}.done"


def _uv() -> str:
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        raise NoEnvironment("uv is not installed: ./dev setup")
    return found


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=300, env=_surroundings())
    except subprocess.CalledProcessError as failed:
        raise NoEnvironment(f"{command[0]} failed: {failed.stderr.strip()[-500:]}") from failed
    except (OSError, subprocess.TimeoutExpired) as failed:
        raise NoEnvironment(f"{command[0]} failed: {failed}") from failed


def _surroundings() -> dict[str, str]:
    """Let uv see what pip sees: the machine's certificates and the mirror that pip.conf names."""
    variables = dict(os.environ)
    variables.pop("VIRTUAL_ENV", None)
    if CERTIFICATES.exists():
        variables.setdefault("UV_SYSTEM_CERTS", "1")
        variables.setdefault("NODE_EXTRA_CA_CERTS", str(CERTIFICATES))
    if "UV_DEFAULT_INDEX" not in variables and (mirror := _mirror()):
        variables["UV_DEFAULT_INDEX"] = mirror
    return variables


def _mirror() -> str:
    asked = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.index-url"],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return asked.stdout.strip()
