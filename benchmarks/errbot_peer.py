"""The peer of `benchmarks.dispatch`: Errbot, run by an interpreter that has it.

It is set up by its own configuration template and its own test backend (the one that needs no network),
without threads. Reads lines "bare N" or "whole N" and answers each with the rate of N messages: whole is a
message in and its rendered reply in the backend's queue; bare has its log off and drops the reply.
"""

import importlib
import logging
import sys
import tempfile
import time
from types import SimpleNamespace

# Errbot lives in an environment of its own, where mypy does not look.
from errbot import BotPlugin, botcmd  # type: ignore[import-not-found]
from errbot.backends.base import Message  # type: ignore[import-not-found]
from errbot.bootstrap import setup_bot  # type: ignore[import-not-found]
from errbot.core import ErrBot  # type: ignore[import-not-found]


def settings(folder: str) -> SimpleNamespace:
    """Return the settings of Errbot's template, in a folder of its own and without threads."""
    template = vars(importlib.import_module("errbot.config-template"))
    return SimpleNamespace(
        **{
            **{name: value for name, value in template.items() if not name.startswith("_")},
            "BOT_DATA_DIR": folder,
            "BOT_LOG_FILE": f"{folder}/errbot.log",
            "BOT_EXTRA_PLUGIN_DIR": None,
            "STORAGE": "Memory",
            "BOT_ASYNC": False,
        }
    )


def plugin_class(commands: int) -> type[BotPlugin]:
    """Return a plugin with so many commands; each splits its arguments and answers."""

    def make(name: str) -> object:
        def run(_self: BotPlugin, _msg: Message, args: list[str]) -> str:
            order, operation, good, _, scrap, _ = args
            return f"{order} {operation}: {int(good)} {int(scrap)}"

        run.__name__ = name
        run.__doc__ = "Reports work."
        return botcmd(run, split_args_with=None)

    return type("Bench", (BotPlugin,), {f"report{at}": make(f"report{at}") for at in range(commands)})


def start(folder: str, commands: int) -> ErrBot:
    """Return a running bot without a network."""
    bot = setup_bot("Test", logging.getLogger(""), settings(folder))
    bot.plugin_manager.activate_non_started_plugins()
    bot.inject_commands_from(plugin_class(commands)(bot, "Bench"))
    return bot


def rate(bot: ErrBot, commands: int, calls: int) -> float:
    """Return messages per second of processor time; every reply is checked."""
    replies = bot.outgoing_message_queue
    while not replies.empty():
        replies.get()
    began = time.process_time()
    for at in range(calls):
        text = f"!report{at % commands} WO-1001 焊接 50 良 2 废"
        bot.callback_message(Message(text, frm=bot.sender, to=bot.bot_identifier))
    took = time.process_time() - began
    if replies.qsize() != calls or replies.get() != "WO-1001 焊接: 50 2":
        raise SystemExit("the peer did not answer")
    return calls / took


def main() -> None:
    """Answer rounds until the input ends."""
    commands = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        bot = start(folder, commands)
        render = bot.send_message
        for line in sys.stdin:
            kind, calls = line.split()
            logging.disable(logging.CRITICAL if kind == "bare" else logging.NOTSET)
            bot.send_message = (
                render if kind == "whole" else lambda msg: bot.outgoing_message_queue.put(msg.body)
            )
            print(rate(bot, commands, int(calls)), flush=True)


if __name__ == "__main__":
    main()
