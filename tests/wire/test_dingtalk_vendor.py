"""The pretend DingTalk is proved by DingTalk's own SDK: what it takes for the real cloud is real enough.

`dingtalk_coverage.md` says which frame is proved here and which test holds it.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox.dingtalk import DingTalkCloud, Limits
from bot.sandbox.dingtalk.templates import MARKDOWN_BUTTONS
from bot.sandbox.town import Post
from bot.sandbox.world import World
from tests.wire.dingtalk_probe import HAN, LI, LINE, PNG, eventually
from tests.wire.vendors.bridge import Vendor, vendor
from tests.wire.vendors.environments import NoEnvironment, python_for

pytestmark = pytest.mark.slow
CLIENT = Path(__file__).parent / "vendors" / "dingtalk_stream_client.py"
BUTTON = {"text": "我来处理", "color": "blue", "request": True, "params": {"id": "ack"}}


class OneName(DingTalkCloud):
    """The SDK's helpers take the client id for the robot's code, as it is for most apps."""

    robot_code = DingTalkCloud.client_id


@dataclass(frozen=True)
class Meeting:
    """The pretend cloud and the vendor's client, connected."""

    cloud: DingTalkCloud
    sdk: Vendor

    async def says(self, **say: Any) -> dict[str, Any]:
        """Let Li say something to the bot in the group; return what the SDK read."""
        self.cloud.world.say("li", "line3", mention_bot=True, **say)
        heard: dict[str, Any] = await self.sdk.heard("message")
        return heard

    def shown(self) -> Post:
        """Return what the bot said last."""
        return self.cloud.world.posts("line3", author="bot")[-1]


@pytest.fixture(params=["dingtalk-stream-stable", "dingtalk-stream-pre"])
async def meeting(request: pytest.FixtureRequest) -> AsyncIterator[Meeting]:
    try:
        python = python_for(request.param)
    except NoEnvironment as why:
        pytest.fail(f"no environment for {request.param}: {why}")
    # new push ids: the pre-release drops a push id that it has seen, and does not acknowledge it again
    limits = Limits(redeliver_event=(0.3,) * 5, redeliver_new_id=True, ping_seconds=None)
    async with OneName(World([LI, HAN], [LINE]), limits=limits) as cloud:
        settings = {
            "DINGTALK_OPENAPI_ENDPOINT": cloud.url,
            "VENDOR_CLIENT_ID": cloud.client_id,
            "VENDOR_CLIENT_SECRET": cloud.client_secret,
            "NO_PROXY": "127.0.0.1",
        }
        async with vendor([str(python), str(CLIENT)], settings=settings, cwd=CLIENT.parent) as sdk:
            await eventually(lambda: cloud.connected)
            yield Meeting(cloud, sdk)


async def acked(meeting: Meeting, count: int) -> None:
    """Wait for so many frames from the bot."""
    await eventually(lambda: len(meeting.cloud.recorder.payloads("dingtalk.stream")) >= count)


async def test_it_opens_hears_acknowledges_and_replies(meeting: Meeting) -> None:
    (opening,) = meeting.cloud.recorder.payloads("dingtalk.open")
    assert opening["ua"].startswith("dingtalk-sdk-python/")
    assert {entry["type"] for entry in opening["subscriptions"]} == {"EVENT", "CALLBACK"}
    read = (await meeting.says(text="报工 WO-1001 5"))["read"]
    assert read == {
        "type": "text",
        "texts": [" 报工 WO-1001 5"],
        "pictures": None,
        "sender": "0147",
        "group": True,
    }
    await acked(meeting, 1)
    assert (await meeting.sdk.do("reply_with_text", "收到 @0147"))["errcode"] == 0
    assert (meeting.shown().kind, meeting.shown().body["text"]) == ("text", "收到 @李雷")
    assert (await meeting.sdk.do("reply_with_markdown", "报工", "#### 好 @0147"))["errcode"] == 0
    assert (meeting.shown().kind, meeting.shown().mentions) == ("markdown", ("li",))
    assert meeting.cloud.recorder.rules_broken() == []


async def test_it_reads_pictures_rich_text_and_quotes(meeting: Meeting) -> None:
    read = (await meeting.says(text="收料", images=[PNG]))["read"]
    assert (read["type"], read["texts"], len(read["pictures"])) == ("richText", ["@班长 收料"], 1)
    address = await meeting.sdk.do("picture_address", read["pictures"][0])
    async with aiohttp.ClientSession() as http, http.get(address) as got:
        assert await got.read() == PNG
    photo = meeting.cloud.world.say("han", "line3", images=[PNG])
    raw = (await meeting.says(text="收料 L-77", quote=photo.id))["raw"]
    code = raw["text"]["repliedMsg"]["content"]["downloadCode"]
    assert (await meeting.sdk.do("picture_address", code)).startswith(meeting.cloud.url)
    direct = meeting.cloud.world.direct_room("dingtalk", "li").id
    meeting.cloud.world.say("li", direct, images=[PNG])
    read = (await meeting.sdk.heard("message"))["read"]
    assert (read["type"], len(read["pictures"]), read["group"]) == ("picture", 1, False)
    meeting.cloud.world.say("li", direct, file=("a.pdf", b"%PDF"))
    assert (await meeting.sdk.heard("message"))["raw"]["content"]["fileName"] == "a.pdf"
    meeting.cloud.world.say("li", direct, audio=b"#!AMR", text="报工")
    assert (await meeting.sdk.heard("message"))["raw"]["content"]["recognition"] == "报工"
    await acked(meeting, 5)
    assert meeting.cloud.recorder.rules_broken() == []


async def test_its_card_is_pressed_answered_and_updated(meeting: Meeting) -> None:
    await meeting.says(text="停机")
    data = {
        "title": "3号线停机",
        "markdown": "**停机**",
        "sys_full_json_obj": json.dumps({"msgButtons": [BUTTON]}),
    }
    track = await meeting.sdk.do("deliver_card", MARKDOWN_BUTTONS, data)
    card = meeting.shown()
    assert (card.kind, card.tag, card.body["text"]) == ("card", track, "**停机**")
    meeting.cloud.world.click("li", card.id, "1")
    pressed = await meeting.sdk.heard("press")
    assert pressed["content"]["cardPrivateData"]["params"] == {"id": "ack"}
    assert (pressed["track"], pressed["user"]) == (track, "0147")
    await eventually(lambda: meeting.shown().version == 2)
    assert (meeting.shown().body["title"], meeting.shown().body["text"]) == ("3号线停机", "已接手")
    await meeting.sdk.do("change_card", track, {"markdown": "已恢复", "title": "完"})
    assert (meeting.shown().version, meeting.shown().body["text"]) == (3, "已恢复")
    assert meeting.cloud.recorder.rules_broken() == []


async def test_an_event_is_pushed_until_the_status_is_success(meeting: Meeting) -> None:
    push = meeting.cloud.emit("user_add_org", {"userId": ["0369"]}, event_id="e1")
    for _ in range(2):
        assert await meeting.sdk.heard("event") == {"type": "user_add_org", "data": {"userId": ["0369"]}}
    await eventually(lambda: push.settled)
    assert meeting.cloud.recorder.rules_broken() == ["event.ack.status"]  # the SDK's own acknowledgement


@pytest.mark.parametrize("end", ["disconnect", "close", "cut"])
async def test_it_survives_ping_and_every_end_of_the_socket(meeting: Meeting, end: str) -> None:
    cloud = meeting.cloud
    assert await cloud.ping()
    (old,) = cloud.courier.sockets
    if end == "disconnect":
        assert cloud.disconnect() == 1
    elif end == "close":
        await cloud.close_sockets(1001)
    else:
        cloud.cut_sockets()
    # 0.24.3 waits 10 s after a reset
    await eventually(lambda: old not in cloud.courier.sockets and cloud.connected)
    assert (await meeting.says(text="还在吗"))["read"]["texts"] == [" 还在吗"]
    await eventually(lambda: '"response"' in str(cloud.recorder.payloads("dingtalk.stream")[-1]["data"]))
    assert cloud.recorder.rules_broken() == []
