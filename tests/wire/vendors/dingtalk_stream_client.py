"""DingTalk's own Python SDK behind a pipe; runs in the environment of `dingtalk-stream-*.lock`, not in ours.

Reads `{"number", "do", "with"}` lines, does it with the SDK's own helpers, writes what they return and what
the SDK hears. DINGTALK_OPENAPI_ENDPOINT is read at its import, so it is set before the process starts.
"""

import asyncio
import importlib
import json
import logging
import os
import sys
from typing import Any

sdk: Any = importlib.import_module("dingtalk_stream")
OK = sdk.AckMessage.STATUS_OK


def tell(**line: Any) -> None:
    """Write one line."""
    sys.stdout.write(json.dumps(line, default=str) + "\n")
    sys.stdout.flush()


class Chat(sdk.ChatbotHandler):  # type: ignore[misc]
    """Tells what it hears, keeps the last message for the replies."""

    def __init__(self) -> None:
        super().__init__()
        self.last: Any = None

    async def process(self, message: Any) -> tuple[int, str]:
        """Read it with the SDK's own reader, and acknowledge."""
        self.last = sdk.ChatbotMessage.from_dict(message.data)
        tell(heard="message", **{"with": {"read": self.read(), "raw": message.data}})
        return OK, "OK"

    def read(self) -> dict[str, Any]:
        """What the SDK made of it."""
        return {
            "type": self.last.message_type,
            "texts": self.last.get_text_list(),
            "pictures": self.last.get_image_list(),
            "sender": self.last.sender_staff_id,
            "group": self.last.conversation_type == "2",
        }

    def reply_with_text(self, text: str) -> Any:
        """Answer through the sessionWebhook."""
        return self.reply_text(text, self.last)

    def reply_with_markdown(self, title: str, text: str) -> Any:
        """Answer through the sessionWebhook."""
        return self.reply_markdown(title, text, self.last)

    def picture_address(self, code: str) -> Any:
        """Exchange a download code."""
        return self.get_image_download_url(code)

    def deliver_card(self, template: str, data: dict[str, str]) -> Any:
        """Create and deliver a card into the chat of the last message."""
        return sdk.CardReplier(self.dingtalk_client, self.last).create_and_deliver_card(template, data)

    def change_card(self, track: str, data: dict[str, str]) -> Any:
        """Update a card."""
        return sdk.CardReplier(self.dingtalk_client, self.last).put_card_data(track, data)


class Buttons(sdk.CallbackHandler):  # type: ignore[misc]
    """Answers every press with a changed card."""

    async def process(self, message: Any) -> tuple[int, dict[str, Any]]:
        """Answer in the acknowledgement."""
        pressed = sdk.CardCallbackMessage.from_dict(message.data)
        read = {"content": pressed.content, "track": pressed.card_instance_id, "user": pressed.user_id}
        tell(heard="press", **{"with": read})
        shown = {"markdown": "已接手", "sys_full_json_obj": '{"msgButtons":[]}'}
        options = {"updateCardDataByKey": True}
        return OK, {"cardUpdateOptions": options, "cardData": {"cardParamMap": shown}}


class Events(sdk.EventHandler):  # type: ignore[misc]
    """Acknowledges as the SDK does (without status), and as the protocol demands from the second time on."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    async def process(self, event: Any) -> tuple[int, str]:
        """Tell."""
        tell(heard="event", **{"with": {"type": event.headers.event_type, "data": event.data}})
        return OK, "OK"

    async def raw_process(self, event: Any) -> Any:
        """Put the status into the data, but not the first time."""
        ack = await super().raw_process(event)
        self.count += 1
        if self.count > 1:
            ack.data = {"status": "SUCCESS", "message": "ok"}
        return ack


async def obey(chat: Chat, order: dict[str, Any]) -> None:
    """Do what was ordered; the SDK's helpers block, so beside the loop."""
    try:
        result = await asyncio.to_thread(getattr(chat, order["do"]), *order["with"])
    except Exception as error:  # noqa: BLE001 (whatever the SDK raises is the other side's business)
        tell(done=order["number"], failed=f"{type(error).__name__}: {error}")
    else:
        tell(done=order["number"], result=result)


async def main() -> None:
    """Connect, then obey until the input ends."""
    logger = logging.getLogger("vendor")
    logger.addHandler(logging.StreamHandler(sys.stderr))
    credential = sdk.Credential(os.environ["VENDOR_CLIENT_ID"], os.environ["VENDOR_CLIENT_SECRET"])
    client = sdk.DingTalkStreamClient(credential, logger=logger)
    chat = Chat()
    client.register_callback_handler(sdk.ChatbotMessage.TOPIC, chat)
    client.register_callback_handler(sdk.CallbackHandler.TOPIC_CARD_CALLBACK, Buttons())
    client.register_all_event_handler(Events())
    reader = asyncio.StreamReader(limit=2**24)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    running = {asyncio.create_task(client.start())}
    while line := await reader.readline():
        running.add(asyncio.create_task(obey(chat, json.loads(line))))
    os._exit(0)  # 0.24.3 swallows its cancellation


if __name__ == "__main__":
    asyncio.run(main())
