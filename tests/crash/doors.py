"""Every door of both platforms in one run: each life of the process has them all.

DingTalk tells every message by its stream and by HTTP; WeCom's bot is heard by its long connection in one
life and by its callback URL in the next; people talk to the self-built app too; WeCom groups have webhooks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.platforms.dingtalk.callbacks import ROBOT_PATH
from bot.platforms.wecom.doors import APP_PATH, BOT_PATH
from bot.sandbox.wecom.payloads import msgid_of
from tests.crash import plant
from tests.crash.ledger import Ledger
from tests.crash.town import KEPT, Town, by_app_id, keep
from tests.talks.ways_in import AES_KEY, TOKEN

LINE: Final = "line"
CALLBACK: Final = "callback"
FIRST_ANSWER_LOST: Final = 0.1


@dataclass(frozen=True, kw_only=True)
class Doors:
    """Where the process listens in every life, and what it and the clouds are told of each other."""

    port: int

    def open(self, town: Town, *, folder: Path) -> None:
        """Tell the clouds where the process listens, and the ledger what they see acknowledged."""
        town.dingtalk.postman.robot_url = f"{self.url}{ROBOT_PATH}"
        town.dingtalk.postman.both = True
        town.dingtalk.postman.answered = lambda data: acknowledge(town.ledger, "dingtalk", data.get("msgId"))
        town.wecom.app.courier.url = f"{self.url}{APP_PATH}"
        town.wecom.app.courier.answered = lambda post: acknowledge(town.ledger, "wecom", by_app_id(post))
        town.wecom.callbacks.answered = lambda post: acknowledge(town.ledger, "wecom", msgid_of(post))
        for group, file in plant.hooks(folder).items():
            file.write_text(town.wecom.app.hook_url(group))

    @property
    def url(self) -> str:
        """The address of the process."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self, town: Town, *, way: str) -> Mapping[str, str]:
        """Return what a life is told beside the usual: `way` is how it hears WeCom's bot."""
        app = town.wecom.app
        own = {
            "HTTP_PORT": str(self.port),
            "WECOM_CORP_ID": app.corp_id,
            "WECOM_AGENT_ID": str(app.agent_id),
            "WECOM_AGENT_SECRET": app.secret,
            "WECOM_APP_TOKEN": app.token,
            "WECOM_APP_AES_KEY": app.aes_key,
        }
        if way == CALLBACK:
            own |= {"WECOM_BOT_SECRET": "", "WECOM_BOT_TOKEN": TOKEN, "WECOM_BOT_AES_KEY": AES_KEY}
        return {f"BANZHANG_{name}": value for name, value in own.items()}

    async def turn(self, town: Town, *, way: str) -> None:
        """Switch WeCom's bot to this way, as its administrator does in the console."""
        for fault in [it for it in town.faults.switched if it.kind == "deaf" and it.door == KEPT]:
            town.faults.remove(fault)
        if way == LINE:
            town.wecom.use_connection()
            keep(town.faults)
        else:  # a call is repeated until it is answered anyway
            await town.wecom.use_callback(f"{self.url}{BOT_PATH}", token=TOKEN, aes_key=AES_KEY)


def acknowledge(ledger: Ledger, platform: str, message_id: Any) -> None:
    """Note an acknowledgement, whoever saw it."""
    ledger.acknowledge(platform, str(message_id))


def make_trouble(town: Town) -> None:
    """Switch on what goes wrong at the doors that the usual run has not: repeats, lost answers, throttles."""
    faults = town.faults
    for kind, chance in {"duplicate": 0.05, "redeliver": 0.05, "reorder": 0.03, "late": 0.03}.items():
        faults.add(kind, "wecom.app.push", chance=chance, seconds=0.3)  # type: ignore[arg-type]
    for door in ("wecom.app.send", "wecom.hook.send", "wecom.response_url"):
        faults.add("lost", door, chance=0.01)
        faults.add("status", door, chance=0.01)
    faults.add("lost", KEPT, chance=FIRST_ANSWER_LOST)  # of a call: the line has no answers to it
    faults.add("throttle", "wecom.app.send", chance=0.002, seconds=2.0)
    faults.add("throttle", "dingtalk.webhook", chance=0.002, seconds=2.0)
