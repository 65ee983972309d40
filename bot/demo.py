"""The demo's processes: clouds, world and chat page here; the real bot as a child that may be killed."""

import asyncio
import contextlib
import fcntl
import signal
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from pathlib import Path
from typing import Self

from rich.console import Console

from bot.clearly import clearly
from bot.platforms.wecom.app import menu
from bot.platforms.wecom.doors import APP_PATH
from bot.sandbox.dingtalk import DingTalkCloud
from bot.sandbox.dingtalk.limits import Limits as DingTalkLimits
from bot.sandbox.hands import Hands
from bot.sandbox.page import ChatPage, Stage
from bot.sandbox.page.labels import make_labels
from bot.sandbox.plant import settle
from bot.sandbox.power import Power
from bot.sandbox.wecom import WeComCloud
from bot.sandbox.world import World
from bot.settings import Settings
from domain.clock import SystemClock
from domain.playbook import Playbook, load, load_master
from domain.playbook.master import MasterData
from domain.store.version import refuse_newer

BOT_PORT = 8601
PORTS_TO_TRY = 20
PATIENT = DingTalkLimits(redeliver_robot=(4.0,) * 10 + (20.0,) * 6)
FIRST_WORDS = {"group": "今天还差什么", "direct": "谁在等我"}
MORNING, EVENING = time(9, 5), time(16, 30)  # a demo at night would begin with nobody on duty
screen = Console()


class AlreadyRunning(Exception):
    """Another demo uses this folder; the text is its address."""


class Demo:
    """`async with Demo(settings) as demo`: everything runs; `demo.page.url` is the page's address."""

    def __init__(self, settings: Settings, *, page_host: str = "127.0.0.1", page_port: int = 8600) -> None:
        self.folder = settings.data_dir.absolute()
        self.database = f"sqlite:///{self.folder / 'banzhang.db'}"
        self._settings = settings
        self._page_host, self._page_port = page_host, page_port
        self._exits = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with self._exits:
            await self._open()
            self._exits = self._exits.pop_all()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._exits.aclose()

    async def _open(self) -> None:
        enter = self._exits.enter_async_context
        playbook, master = read_plant(self._settings.playbook)
        self._exits.enter_context(_alone(self.folder))
        refuse_newer(self.database)
        self.clock = SystemClock()
        self.world = World(clock=self.clock, folder=self.folder / "sandbox")
        settle(self.world, playbook)
        self.dingtalk = await enter(DingTalkCloud(self.world, limits=PATIENT))
        self.wecom = await enter(WeComCloud(self.world))
        self.wecom.app.menus.entries = menu.entries()
        self.power = Power(self._bot, clock=self.clock, log=self.folder / "bot.log")
        self.hands = Hands(self.clock, self.power, folder=self.folder / "sandbox")
        self.hands.begin_at(MORNING, until=EVENING, zone=playbook.zone)
        stage = Stage(
            world=self.world,
            playbook=playbook,
            master=master,
            hands=self.hands,
            plug=self.power,
            labels=make_labels(master),
        )
        self.page = await enter(ChatPage(stage, host=self._page_host, port=self._free_page_port()))
        self.hands.tell = self.power.tell = self.page.tell_house
        self.power.came_back = self._welcome
        await enter(self.power)
        (self.folder / "demo.lock").write_text(self.page.url)

    def _free_page_port(self) -> int:
        return free_port(self._page_host, self._page_port) if self._page_port else 0

    def _bot(self) -> tuple[Sequence[str], Mapping[str, str], str]:
        """Return the bot's program, its settings, and where its own HTTP door is."""
        port = free_port("127.0.0.1", BOT_PORT)
        ahead = str(self.clock.offset.total_seconds())
        program = [sys.executable, "-m", "bot.cli", "serve", "--demo-clock", ahead]
        settings = {
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.database,
            "PLAYBOOK": str(self._settings.playbook.absolute()),
            "HTTP_HOST": "127.0.0.1",
            "HTTP_PORT": str(port),
            **self._clouds(),
        }
        self.wecom.app.courier.url = f"http://127.0.0.1:{port}{APP_PATH}"
        named = {f"BANZHANG_{name}": value for name, value in settings.items()}
        return program, named, f"http://127.0.0.1:{port}"

    def _clouds(self) -> dict[str, str]:
        """Point every door at the sandbox; the developer's own settings of real clouds are emptied."""
        ours = {
            name.upper(): "" for name in Settings.model_fields if name.startswith(("dingtalk_", "wecom_"))
        }
        return ours | {
            "DINGTALK_CLIENT_ID": self.dingtalk.client_id,
            "DINGTALK_CLIENT_SECRET": self.dingtalk.client_secret,
            "DINGTALK_ROBOT_CODE": self.dingtalk.robot_code,
            "DINGTALK_API_URL": self.dingtalk.url,
            "DINGTALK_OAPI_URL": self.dingtalk.url,
            "WECOM_BOT_ID": self.wecom.bot_id,
            "WECOM_BOT_SECRET": self.wecom.secret,
            "WECOM_WS_URL": self.wecom.ws_url,
            "WECOM_API_URL": self.wecom.http_url,
            "WECOM_CORP_ID": self.wecom.app.corp_id,
            "WECOM_AGENT_ID": str(self.wecom.app.agent_id),
            "WECOM_AGENT_SECRET": self.wecom.app.secret,
            "WECOM_APP_TOKEN": self.wecom.app.token,
            "WECOM_APP_AES_KEY": self.wecom.app.aes_key,
        }

    async def _welcome(self) -> None:
        """Whenever the bot is back: set its clock; the first time, let somebody speak in every WeCom chat.

        WeCom lets an AI bot write only where somebody has written to it (page 101463).
        """
        await self.hands.agree()
        self._speak_first()

    def _speak_first(self) -> None:
        for room in tuple(self.world.rooms.values()):
            if room.platform == "wecom" and not room.door and room.members and not self.world.posts(room.id):
                words = FIRST_WORDS[room.kind]
                self.world.say(room.members[0], room.id, text=words, mention_bot=room.kind == "group")


def read_plant(folder: Path) -> tuple[Playbook, MasterData]:
    """Read the playbook and, if there is one, its master data; raises PlaybookInvalid."""
    playbook = load(folder)
    there = (folder / "master").is_dir()
    return playbook, load_master(folder / "master", playbook=playbook) if there else MasterData()


def free_port(host: str, wanted: int) -> int:
    """Return the wanted port, or the first free one after it."""
    for port in range(wanted, wanted + PORTS_TO_TRY):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                door.bind((host, port))
                return port
    raise OSError(f"no free port from {wanted} to {wanted + PORTS_TO_TRY - 1} on {host}")


def run(settings: Settings, *, page_host: str = "127.0.0.1", page_port: int = 8600) -> None:
    """Run the demo until Ctrl-C or SIGTERM; says why and ends if it cannot start."""
    demo = Demo(settings, page_host=page_host, page_port=page_port)
    try:
        with clearly(demo.database):
            asyncio.run(_run(demo, wanted=page_port))
    except AlreadyRunning as other:
        screen.print(f"演示已经在运行：{other}   The demo is running already.")
        raise SystemExit(1) from None
    except OSError as problem:
        screen.print(f"演示开不起来：{problem}", markup=False)
        raise SystemExit(1) from None


async def _run(demo: Demo, *, wanted: int) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with demo:
        screen.print(_greeting(demo, wanted=wanted), highlight=False)
        await stop.wait()
        screen.print("正在停下…  Stopping…")


def _greeting(demo: Demo, *, wanted: int) -> str:
    as_wanted = not wanted or demo.page.url.endswith(f":{wanted}")
    taken = "" if as_wanted else f"  （{wanted} 端口被占用，换了一个 / port {wanted} was taken）\n"
    return (
        f"\n  [bold]班长演示  Banzhang demo[/bold]\n\n"
        f"  打开 / open   [bold]{demo.page.url}[/bold]\n{taken}\n"
        f"  当一回操作工，在群里说：报工 WO-1001 焊接 50 良 2 废\n"
        f"  Be an operator and say the sentence above; the page shows what to try next.\n\n"
        f"  数据 / data   {demo.folder}   （删掉就重新开始 / delete it to start over）\n"
        f"  停止 / stop   Ctrl-C\n"
    )


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; raises AlreadyRunning with the address of the one who has it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "demo.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise AlreadyRunning(lock.read()) from None
        yield
