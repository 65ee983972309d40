"""The bot's plug and the clock's hands, with a real child process that answers as the bot does."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.demo import AlreadyRunning, Demo, free_port
from bot.sandbox.hands import Hands
from bot.sandbox.power import Power
from bot.settings import Settings
from domain.clock import SystemClock

ROOT = Path(__file__).parents[2]
SHANGHAI = ZoneInfo("Asia/Shanghai")
PATIENCE = 20

# A bot of a few lines: healthy, and dead at SIGTERM.
BOT = """
import http.server, json, os
class Door(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"status": "ok", "platforms": [], "name": os.environ["BANZHANG_NAME"]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)
http.server.HTTPServer(("127.0.0.1", int(os.environ["BANZHANG_PORT"])), Door).serve_forever()
"""


@pytest.fixture
async def power(tmp_path: Path) -> AsyncIterator[Power]:
    made = Power(bot, clock=SystemClock(), log=tmp_path / "bot.log", rest=0.3, rest_after_pull=60)
    async with made as power:
        yield power


def bot() -> tuple[Sequence[str], Mapping[str, str], str]:
    port = free_port("127.0.0.1", 8700)
    settings = {"BANZHANG_PORT": str(port), "BANZHANG_NAME": "班长 = 1"}
    return [sys.executable, "-c", BOT], settings, f"http://127.0.0.1:{port}"


async def until(power: Power, it: Callable[[], bool]) -> None:
    changed = asyncio.Event()
    power.tell = changed.set
    async with asyncio.timeout(PATIENCE):
        while not it():
            await changed.wait()
            changed.clear()


async def test_the_bot_starts_with_its_settings_and_is_ready_when_it_says_so(power: Power) -> None:
    await until(power, lambda: power.state.name == "ready")
    assert power.state.health["name"] == "班长 = 1"
    assert power.state.pid > 0


async def test_a_pulled_plug_kills_and_putting_it_in_starts_again(power: Power) -> None:
    await until(power, lambda: power.state.name == "ready")
    first = power.state.pid
    power.pull()
    await until(power, lambda: power.state.name == "off")
    assert (power.state.ended, power.state.pid) == ("SIGKILL", 0)
    assert not alive(first)
    power.plug_in()
    await until(power, lambda: power.state.name == "ready")
    assert power.state.starts == 2


async def test_a_bot_that_falls_over_is_started_again_by_itself(power: Power) -> None:
    back: list[int] = []

    async def came_back() -> None:
        back.append(power.state.pid)

    power.came_back = came_back
    await until(power, lambda: power.state.name == "ready")
    os.kill(power.state.pid, signal.SIGTERM)
    await until(power, lambda: power.state.name == "ready" and power.state.starts == 2)
    assert back[-1] == power.state.pid


async def test_stopping_leaves_nobody_behind(tmp_path: Path) -> None:
    async with Power(bot, clock=SystemClock(), log=tmp_path / "bot.log") as power:
        await until(power, lambda: power.state.name == "ready")
    assert not alive(power.state.pid)
    async with power:
        await until(power, lambda: power.state.pid > 0)


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux")
def test_a_killed_demo_leaves_no_bot_behind() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, cwd=ROOT)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert alive(child)
    parent.kill()
    assert parent.stdout.read() == b""  # the pipe ends when its last holder, the child, has died
    parent.wait()
    parent.stdout.close()


PARENT = """
import os, subprocess, sys
tied = [sys.executable, "-m", "bot.sandbox.tether", str(os.getpid()), "A=b", "--"]
bot = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
child = subprocess.Popen([*tied, sys.executable, "-c", bot])
child.wait()
"""


def test_a_bot_whose_parent_is_gone_does_not_start() -> None:
    command = [
        sys.executable,
        "-m",
        "bot.sandbox.tether",
        "1",
        "--",
        sys.executable,
        "-c",
        "print('started')",
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout) == (1, "")


def alive(pid: int) -> bool:
    """Whether there is such a process that is not just waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


class LateBot:
    """A bot whose clock is its own, and which may be away."""

    def __init__(self) -> None:
        self.behind = timedelta()
        self.asked: list[float] = []
        self.away = False

    async def ask(self, path: str, **body: Any) -> dict[str, Any] | None:
        if self.away:
            return None
        assert path == "/demo/clock"
        self.asked.append(body["seconds"])
        return {"now": (clock.now() - self.behind).isoformat()}


clock = SystemClock()


@pytest.fixture(autouse=True)
def _right_time() -> None:
    clock.offset = timedelta()


async def test_the_hands_stay_where_they_were_left(tmp_path: Path) -> None:
    hands = Hands(clock, LateBot(), folder=tmp_path)
    assert hands.fresh
    await hands.move(timedelta(minutes=7))
    later = Hands(SystemClock(), LateBot(), folder=tmp_path)
    assert (later.fresh, later.clock.offset) == (False, timedelta(minutes=7))


async def test_a_long_way_is_gone_in_steps_and_only_forward() -> None:
    late = LateBot()
    await Hands(clock, late).move(timedelta(minutes=12))
    assert late.asked == [300, 300, 120, 0]
    for wrong in (timedelta(), timedelta(seconds=-1), timedelta(days=9)):
        with pytest.raises(ValueError, match=r"day|0:00"):
            await Hands(clock, late).move(wrong)


async def test_a_bot_that_was_away_catches_up() -> None:
    late = LateBot()
    late.away = True
    hands = Hands(clock, late)
    await hands.move(timedelta(hours=1))
    late.away, late.behind = False, timedelta(hours=1)
    await hands.agree()
    assert late.asked[0] == 0
    assert late.asked[1] == pytest.approx(3600, abs=1)
    late.behind = timedelta(minutes=-20)
    offset = clock.offset
    await hands.agree()
    assert clock.offset - offset == pytest.approx(timedelta(minutes=20), abs=timedelta(seconds=1))


def test_a_fresh_demo_begins_in_the_morning(tmp_path: Path) -> None:
    hands = Hands(clock, LateBot(), folder=tmp_path)
    here = clock.now().astimezone(SHANGHAI).time()
    soon = (datetime.combine(datetime(2026, 3, 2, tzinfo=UTC), here) + timedelta(hours=2)).time()
    hands.begin_at(soon, until=soon, zone=SHANGHAI)
    assert clock.offset == pytest.approx(timedelta(hours=2), abs=timedelta(seconds=1))
    again = Hands(clock, LateBot(), folder=tmp_path)
    again.begin_at(time(0, 0), until=time(0, 0), zone=SHANGHAI)
    assert clock.offset == pytest.approx(timedelta(hours=2), abs=timedelta(seconds=1))


def test_a_taken_port_is_passed_over() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        taken = door.getsockname()[1]
        assert free_port("127.0.0.1", taken) > taken
    assert free_port("127.0.0.1", taken) == taken


async def test_one_folder_is_for_one_demo(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    async with Demo(settings, page_port=0) as demo:
        with pytest.raises(AlreadyRunning, match=demo.page.url):
            await Demo(settings, page_port=0).__aenter__()
    async with Demo(settings, page_port=0) as again:
        assert again.power.state.starts <= 1
