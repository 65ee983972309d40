"""Tencent's Python SDK for AI bots behind a pipe; runs in the environment of `wecom-aibot.lock`, not in ours.

Reads `{"number", "do", "with"}` lines, calls the method of that name, writes what it returns and hears.
"""

import asyncio
import base64
import importlib
import json
import os
import sys
from typing import Any

EVENTS = (
    "authenticated",
    "disconnected",
    "error",
    "message.text",
    "message.image",
    "message.mixed",
    "message.voice",
    "message.file",
    "event.enter_chat",
    "event.template_card_event",
    "event.feedback_event",
    "event.disconnected_event",
)


class Quiet:
    """Takes the SDK's log lines, which would spoil the pipe."""

    def debug(self, message: str, *more: object) -> None:
        """Say nothing."""

    def info(self, message: str, *more: object) -> None:
        """Say nothing."""

    def warn(self, message: str, *more: object) -> None:
        """Write to stderr."""
        print(message, *more, file=sys.stderr)  # noqa: T201 (stdout is the wire to the test)

    error = warn


def tell(**line: Any) -> None:
    """Write one line."""
    sys.stdout.write(json.dumps(line, default=plain) + "\n")
    sys.stdout.flush()


def plain(value: object) -> str:
    """Bytes as base64, anything else as its text."""
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


def made_client() -> Any:
    """Build the client; it trusts what certifi names at its import, so that is set first."""
    certifi: Any = importlib.import_module("certifi")
    certifi.where = lambda: os.environ["VENDOR_TRUSTS"]
    aibot: Any = importlib.import_module("aibot")
    return aibot.WSClient(
        aibot.WSClientOptions(
            bot_id=os.environ["VENDOR_BOT_ID"],
            secret=os.environ["VENDOR_SECRET"],
            ws_url=os.environ["VENDOR_WS_URL"],
            heartbeat_interval=200,
            reconnect_interval=50,
            logger=Quiet(),
        )
    )


async def obey(client: Any, order: dict[str, Any]) -> None:
    """Call a method of the client and tell its result."""
    try:
        result = await getattr(client, order["do"])(*order["with"])
    except Exception as error:  # noqa: BLE001 (whatever the SDK raises is the other side's business)
        tell(done=order["number"], failed=f"{type(error).__name__}: {error}")
    else:
        tell(done=order["number"], result=result)


async def main() -> None:
    """Connect, then obey until the input ends."""
    client = made_client()
    for name in EVENTS:
        client.on(name, lambda *frame, name=name: tell(heard=name, **{"with": frame[0] if frame else None}))
    reader = asyncio.StreamReader(limit=2**26)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await client.connect()
    running = set()
    while line := await reader.readline():
        task = asyncio.create_task(obey(client, json.loads(line)))
        running.add(task)
        task.add_done_callback(running.discard)


if __name__ == "__main__":
    asyncio.run(main())
