"""The databases of the tests themselves: fresh, real, and gone with whoever started them."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from tests import postgres

ROOT = Path(__file__).parents[2]


def test_a_database_is_fresh_and_real(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE of_this_test (id INTEGER)"))
        connection.execute(text("INSERT INTO of_this_test VALUES (1)"))
        assert connection.scalar(text("SELECT count(*) FROM of_this_test")) == 1
    engine.dispose()


test_the_next_database_knows_nothing_of_the_last = test_a_database_is_fresh_and_real


def test_nothing_but_loopback_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
    with pytest.raises(Exception, match="allowed"), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))


@pytest.mark.skipif(bool(os.environ.get(postgres.ENVIRONMENT)), reason="an outside server is not ours to end")
@pytest.mark.parametrize("durable", [False, True])
def test_a_killed_run_leaves_neither_server_nor_folder(*, durable: bool) -> None:
    script = (
        "import sys; from tests import postgres\n"
        f"with postgres.running(durable={durable}) as server:\n"
        "    print(server.address, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        folder = Path(str(make_url(run.stdout.readline()).query["host"]))
        server = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        run.send_signal(signal.SIGKILL)
    _wait_until_gone(folder, server)


def _wait_until_gone(folder: Path, server: int) -> None:
    """A foreign process cannot be waited for, only looked at."""
    limit = time.monotonic() + 20
    while folder.exists() or Path(f"/proc/{server}").exists():
        assert time.monotonic() < limit, f"{folder} or process {server} is still there"
        time.sleep(0.05)  # the machine's own time
