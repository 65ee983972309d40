"""The echo bot: `python -m benchmarks.spoken.echo WS_URL BOT_ID SECRET`, the least that can answer at all.

One socket, no journal, no database: every message is answered with its own words on its own request
(aibot_subscribe, aibot_msg_callback, aibot_respond_msg: WeCom page 101463).
"""

import asyncio
import json
import sys
from typing import Any

import aiohttp


async def echo(url: str, bot_id: str, secret: str) -> None:
    """Answer until the socket ends."""
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        await socket.send_str(frame("aibot_subscribe", "subscribe", {"bot_id": bot_id, "secret": secret}))
        async for message in socket:
            heard = json.loads(message.data)
            if heard.get("cmd") == "aibot_msg_callback":
                said = answer(heard["body"]["text"]["content"], number=heard["body"]["msgid"])
                await socket.send_str(frame("aibot_respond_msg", heard["headers"]["req_id"], said))


def frame(cmd: str, req_id: str, body: dict[str, Any]) -> str:
    """Return a frame of the bot."""
    return json.dumps({"cmd": cmd, "headers": {"req_id": req_id}, "body": body}, ensure_ascii=False)


def answer(text: str, *, number: str) -> dict[str, Any]:
    """Return the body of an answer that is complete at once."""
    return {"msgtype": "stream", "stream": {"id": number, "finish": True, "content": text}}


if __name__ == "__main__":
    asyncio.run(echo(*sys.argv[1:4]))
