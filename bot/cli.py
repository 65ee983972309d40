"""The command line: demo, serve, doctor, say, check, migrate, import, load, verify."""

import asyncio
import logging
import signal
import sys
from datetime import timedelta
from inspect import getdoc
from pathlib import Path
from typing import Annotated

import structlog
import typer
from rich.console import Console

from bot.memory import settle
from bot.settings import Settings
from domain.clock import SystemClock

app = typer.Typer(
    help="班长（Banzhang）：在钉钉和企业微信群里管车间。 Runs a shop floor from DingTalk and WeCom groups.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
screen = Console()
trouble = Console(stderr=True)


def _logs() -> None:
    """One JSON object a line on stderr when piped, readable lines on a terminal; never a secret."""
    logging.basicConfig(level=logging.WARNING, format="%(name)s %(message)s")
    renderer = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,  # else every line is assembled anew from here
    )


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="聊天网页的端口 / port of the chat page")] = 8600,
    host: Annotated[str, typer.Option(help="监听地址 / address to listen on")] = "127.0.0.1",
    data_dir: Annotated[Path, typer.Option(help="演示数据放在哪里 / where the demo keeps its data")] = Path(
        "data/demo"
    ),
) -> None:
    """演示：假的钉钉和企业微信、一个工厂、一个聊天网页。 The demo: pretend clouds, a plant, a chat page."""
    from bot.demo import run  # noqa: PLC0415 (the sandbox is not loaded by the real bot)

    run(Settings(data_dir=data_dir), page_host=host, page_port=port)


@app.command()
def serve(
    *,
    demo_clock: Annotated[
        float | None, typer.Option(hidden=True, help="时钟可以拨，现在快多少秒（只给演示用）")
    ] = None,
) -> None:
    """运行：按环境变量连接真的平台。 Run against the clouds that the environment names."""
    from bot.app import House  # noqa: PLC0415 (help must be quick)
    from bot.clearly import clearly  # noqa: PLC0415 (as above)
    from bot.clouds import configured  # noqa: PLC0415 (the same)

    _logs()
    settings = Settings()
    if not configured(settings):
        trouble.print(
            "没有配置任何平台。请设置其中一种（见 deploy/env.example）：\n"
            "  钉钉            BANZHANG_DINGTALK_CLIENT_ID、_CLIENT_SECRET\n"
            "  企业微信机器人  BANZHANG_WECOM_BOT_ID、_BOT_SECRET（长连接）\n"
            "                  或 BANZHANG_WECOM_BOT_TOKEN、_BOT_AES_KEY（回调）\n"
            "  企业微信应用    BANZHANG_WECOM_CORP_ID、_AGENT_ID、_AGENT_SECRET\n"
            "先试用请运行 ./dev demo。"
        )
        raise typer.Exit(2)
    with clearly(settings.database):
        clock = SystemClock(timedelta(seconds=demo_clock or 0))
        asyncio.run(_until_told(House(settings, movable_clock=demo_clock is not None, clock=clock)))


async def _until_told(house: "House") -> None:  # type: ignore[name-defined]  # noqa: F821 (imported late)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await house.start()
    settle()
    await stop.wait()
    await house.stop()


@app.command()
def doctor(
    *,
    url: Annotated[
        str, typer.Option(help="从外面验证回调：https://你们的域名 / verify our callbacks from outside")
    ] = "",
    menu: Annotated[bool, typer.Option(help="建好企业微信应用的扫码菜单 / make the menu of the app")] = False,
) -> None:
    """体检：一步步连上配置好的平台，缺什么说什么。 Connect to each cloud and say what is missing."""
    from bot.doctor.findings import Finding, Verdict, summary  # noqa: PLC0415 (help must be quick)
    from bot.doctor.rounds import Orders, examine  # noqa: PLC0415 (as above)
    from domain.clock import SystemClock  # noqa: PLC0415 (as above)

    async def rounds() -> list[Finding]:
        found = []
        orders = Orders(url=url, make_menu=menu)
        async for finding in examine(Settings(), clock=SystemClock(), orders=orders):
            screen.print(finding.line(), markup=False, highlight=False, soft_wrap=True)
            found.append(finding)
        return found

    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    found = asyncio.run(rounds())
    screen.print(summary(found), markup=False)
    if any(finding.verdict is Verdict.BAD for finding in found):
        raise typer.Exit(1)


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="规则所在的目录 / the playbook's folder")] = None,
) -> None:
    """检查规则文件，一次列出所有错误的文件和行号。 Check the playbook; every problem with file and line."""
    from domain.playbook import PlaybookInvalid, load, load_master  # noqa: PLC0415 (help must be quick)

    where = folder or Settings().playbook
    try:
        playbook = load(where)
        if (where / "master").is_dir():
            load_master(where / "master", playbook=playbook)
    except PlaybookInvalid as problem:
        trouble.print(str(problem), markup=False)
        raise typer.Exit(1) from None
    screen.print(f"规则没有错误：{playbook.site.name}，版本 {playbook.version}")


@app.command()
def migrate() -> None:
    """把数据库升到最新的结构。 Bring the database to the newest version."""
    from bot.clearly import clearly  # noqa: PLC0415 (help must be quick)
    from domain.store import migrate as migrations  # noqa: PLC0415 (as above)

    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with clearly(settings.database):
        migrations.upgrade(settings.database)
    screen.print("数据库已是最新。")


@app.command()
def say(
    text: Annotated[str, typer.Argument(help="要说的话，如：报工 WO-1001 焊接 50 良 2 废")],
    who: Annotated[str, typer.Option("--as", help="谁在说（工号） / who speaks (job number)")],
) -> None:
    """在终端里说一句话，和在群里说一样。 Say one sentence from the terminal, as in a chat."""
    from bot.clearly import clearly  # noqa: PLC0415 (help must be quick)
    from bot.terminal import say_once  # noqa: PLC0415 (as above)

    settings = Settings()
    with clearly(settings.database):
        screen.print(say_once(settings, text, job_number=who), markup=False)


@app.command()
def load(
    *,
    orders: Annotated[int, typer.Option(min=1, help="多少张工单 / how many orders")] = 10_000,
    units: Annotated[int, typer.Option(min=1, help="每张多少件 / units of each")] = 200,
    seed: Annotated[int, typer.Option(help="同样的数长出同样的历史 / one seed, one past")] = 1,
) -> None:
    """造历史：给试验用的数据库造出几年的生产记录。 Give a trial database years of production history."""
    from rich.progress import track  # noqa: PLC0415 (help must be quick)

    from bot.clearly import clearly  # noqa: PLC0415 (as above)
    from bot.load.loading import grown  # noqa: PLC0415 (as above)
    from bot.load.plant import Size  # noqa: PLC0415 (as above)

    settings = Settings()
    size = Size(orders=orders, units=units, seed=seed)
    with clearly(settings.database):
        steps = grown(settings, size)
        rows = sum(track(steps, description="造历史", total=size.steps, console=screen))
    screen.print(f"{orders:,} 张工单，{orders * units:,} 件，一共 {rows:,} 行。")


@app.command("import")
def import_table(
    file: Annotated[Path, typer.Argument(help="路线、BOM 或物料的表：.xlsx 或 .csv（见 docs/import.md）")],
) -> None:
    """导入工艺路线、BOM、物料：有一处错就什么都不导入。 Import routes, BOMs, materials: all or nothing."""
    from bot.clearly import clearly  # noqa: PLC0415 (help must be quick)
    from bot.sheets import SheetUnreadable  # noqa: PLC0415 (the same)
    from bot.terminal import import_table  # noqa: PLC0415 (the same)
    from commands.kit.imported import told  # noqa: PLC0415 (the same)
    from domain.playbook import PlaybookInvalid  # noqa: PLC0415 (the same)

    settings = Settings()
    try:
        with clearly(settings.database):
            done = import_table(settings, file)
    except (SheetUnreadable, PlaybookInvalid) as problem:
        trouble.print(str(problem), markup=False)
        trouble.print("什么都没有导入。")
        raise typer.Exit(1) from None
    for line in told(done):
        screen.print(line, markup=False)


@app.command()
def verify() -> None:
    """重放全部事件，核对现在的状态。 Replay every event and compare with the state."""
    from bot.clearly import clearly  # noqa: PLC0415 (help must be quick)
    from bot.terminal import verify_state  # noqa: PLC0415 (as above)

    settings = Settings()
    with clearly(settings.database):
        differences, events = verify_state(settings)
    for line in differences:
        trouble.print(line, markup=False)
    screen.print(f"重放了 {events} 个事件，{len(differences)} 处不一致。")
    if differences:
        raise typer.Exit(1)


def _in_two_lines() -> None:
    """Give the English of every help a line of its own: wrapped together, neither is read in 80 columns."""
    for it in app.registered_commands:
        it.help = "\b\n" + (getdoc(it.callback) or "").replace("。 ", "。\n", 1)


_in_two_lines()

if __name__ == "__main__":
    app()
