"""The pretend DingTalk stream: opening a connection and the robot messages on it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.sandbox.dingtalk import DingTalkCloud
from tests.wire.dingtalk_probe import PNG, ROBOT, Probe, a_cloud, a_world


@pytest.fixture
async def cloud() -> AsyncIterator[DingTalkCloud]:
    async with a_cloud() as cloud:
        yield cloud


@pytest.fixture
async def probe(cloud: DingTalkCloud) -> AsyncIterator[Probe]:
    async with Probe(cloud) as probe:
        yield probe


async def heard(cloud: DingTalkCloud, probe: Probe, **say: Any) -> dict[str, Any]:
    """Let Li say something in the group and return the frame."""
    stream = await probe.connect()
    cloud.world.say("li", "line3", mention_bot=True, **say)
    return await stream.frame()


# opening


async def test_a_ticket_opens_one_connection_and_only_within_90_seconds(
    cloud: DingTalkCloud, probe: Probe
) -> None:
    opened = await probe.ticket()
    assert opened["endpoint"].startswith("ws://127.0.0.1:")
    path = opened["endpoint"].replace("ws:", "http:")
    async with aiohttp.ClientSession() as http:
        async with http.ws_connect(opened["endpoint"], params={"ticket": opened["ticket"]}):
            assert (await probe.call("GET", path, params={"ticket": opened["ticket"]}))[0] == 401
        opened = await probe.ticket()
        cloud.world.clock.advance(timedelta(seconds=91))
        with pytest.raises(aiohttp.WSServerHandshakeError, match="401"):
            await http.ws_connect(opened["endpoint"], params={"ticket": opened["ticket"]})
    assert cloud.recorder.rules_broken() == ["connect.ticket"] * 2


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [({"clientSecret": "wrong"}, 401, "authFailed"), ({"subscriptions": []}, 400, "systemError")],
)
async def test_opening_is_refused(probe: Probe, change: dict[str, Any], status: int, code: str) -> None:
    got, answer = await probe.post("/v1.0/gateway/connections/open", probe.opening(**change))
    assert (got, answer["code"]) == (status, code)
    assert {"requestid", "message"} < set(answer)


async def test_opening_falls_ill_in_every_way(cloud: DingTalkCloud, probe: Probe) -> None:
    async def open_it() -> tuple[int, Any]:
        return await probe.post(
            "/v1.0/gateway/connections/open", probe.opening(), timeout=aiohttp.ClientTimeout(total=0.3)
        )

    cloud.faults.add("status", "*.open", times=1, status=400, code="systemError")
    cloud.faults.add("status", "*.open", times=1, status=503)
    cloud.faults.add("refuse", "*.open", times=1)
    assert [(await open_it())[0] for _ in range(3)] == [400, 503, 401]
    cloud.faults.add("html", "*.open", times=1, status=200)
    assert "<html>" in (await open_it())[1]
    cloud.faults.add("hang", "*.open", times=1)
    with pytest.raises(TimeoutError):
        await open_it()
    cloud.faults.add("reset", "*.open", times=1)
    with pytest.raises(aiohttp.ClientError):
        await open_it()
    assert (await open_it())[0] == 200


async def test_without_accept_json_the_gateway_answers_xml(cloud: DingTalkCloud, probe: Probe) -> None:
    _, answer = await probe.post("/v1.0/gateway/connections/open", probe.opening(), headers={"Accept": "*/*"})
    assert answer.startswith("<?xml")
    assert cloud.recorder.rules_broken() == ["open.accept"]


# robot messages


async def test_a_text_in_a_group_has_every_documented_field(cloud: DingTalkCloud, probe: Probe) -> None:
    frame = await heard(cloud, probe, text="报工 WO-1001 5", mentions=["han"])
    data = frame["data"]
    assert frame["type"] == "CALLBACK"
    assert frame["headers"]["topic"] == ROBOT["topic"]
    assert all(isinstance(value, str) for value in frame["headers"].values())
    assert set(frame["headers"]) == {"appId", "connectionId", "contentType", "messageId", "time", "topic"}
    assert data["text"] == {"content": " @韩梅梅 报工 WO-1001 5"}
    assert (data["conversationType"], data["conversationTitle"], data["isInAtList"]) == ("2", "三号线", True)
    assert data["conversationId"].startswith("cid")
    assert (data["senderStaffId"], data["senderNick"], data["msgtype"]) == ("0147", "李雷", "text")
    assert data["sessionWebhookExpiredTime"] - data["createAt"] == 5_400_000
    assert data["robotCode"] == cloud.robot_code
    assert data["atUsers"][0] == {"dingtalkId": data["chatbotUserId"]}
    assert data["atUsers"][1]["staffId"] == "0258"


async def test_a_group_is_heard_only_when_the_bot_is_mentioned_and_never_by_file(
    cloud: DingTalkCloud, probe: Probe
) -> None:
    stream = await probe.connect()
    cloud.world.say("li", "line3", text="聊天")
    cloud.world.say("li", "line3", images=[PNG])
    cloud.world.say("li", "line3", file=("a.pdf", b"%PDF"), mention_bot=True)
    cloud.world.say("li", "line3", audio=b"#!AMR", text="语音", mention_bot=True)
    assert await stream.silence()


async def test_a_direct_chat_is_heard_whatever_comes(cloud: DingTalkCloud, probe: Probe) -> None:
    stream = await probe.connect()
    room = cloud.world.direct_room("dingtalk", "li").id
    cloud.world.say("li", room, text="状态")
    cloud.world.say("li", room, images=[PNG])
    cloud.world.say("li", room, file=("a.pdf", b"%PDF"))
    cloud.world.say("li", room, audio=b"#!AMR", text="报工五件")
    frames = [(await stream.frame())["data"] for _ in range(4)]
    assert [data["msgtype"] for data in frames] == ["text", "picture", "file", "audio"]
    assert {data["conversationType"] for data in frames} == {"1"}
    assert "conversationTitle" not in frames[0]
    assert frames[0]["text"] == {"content": "状态"}
    assert set(frames[1]["content"]) == {"downloadCode", "pictureDownloadCode"}
    assert frames[2]["content"]["fileName"] == "a.pdf"
    assert frames[3]["content"]["recognition"] == "报工五件"


async def test_text_with_pictures_comes_as_rich_text(cloud: DingTalkCloud, probe: Probe) -> None:
    data = (await heard(cloud, probe, text="收料", images=[PNG, PNG + b"2"]))["data"]
    items = data["content"]["richText"]
    assert data["msgtype"] == "richText"
    assert items[0] == {"text": "@班长 收料"}
    assert [item["type"] for item in items[1:]] == ["picture", "picture"]
    assert all(item["downloadCode"] != item["pictureDownloadCode"] for item in items[1:])


@pytest.mark.parametrize(
    ("say", "kind"),
    [
        ({"images": [PNG]}, "picture"),
        ({"images": [PNG], "text": "看"}, "richText"),
        ({"file": ("a.xlsx", b"PK")}, "file"),
        ({"audio": b"#!AMR"}, "audio"),
        ({"text": "早"}, "text"),
    ],
)
async def test_a_quoted_message_comes_inside_the_text(
    cloud: DingTalkCloud, probe: Probe, say: dict[str, Any], kind: str
) -> None:
    quoted = cloud.world.say("han", "line3", **say)
    data = (await heard(cloud, probe, text="收料 L-77", quote=quoted.id))["data"]
    replied = data["text"]["repliedMsg"]
    assert data["text"]["isReplyMsg"] is True
    assert replied["msgType"] == kind
    assert replied["msgId"] == data["originalMsgId"]
    assert replied["senderId"] != data["senderId"]
    if kind == "richText":
        assert replied["content"]["richText"][1]["msgType"] == "picture"
    else:
        assert replied["content"]


async def test_a_quoted_card_is_named_by_its_process_key(cloud: DingTalkCloud, probe: Probe) -> None:
    card = cloud.world.bot_post("line3", "card", {"buttons": []})
    data = (await heard(cloud, probe, text="接", quote=card.id))["data"]
    assert data["text"]["repliedMsg"]["msgType"] == "interactiveCard"
    assert data["text"]["repliedMsg"]["senderId"] == data["chatbotUserId"]
    assert data["originalProcessQueryKey"]


async def test_what_nobody_can_say_can_still_be_pushed(cloud: DingTalkCloud, probe: Probe) -> None:
    stream = await probe.connect()
    post = cloud.world.say("li", cloud.world.direct_room("dingtalk", "li").id, text="一段视频")
    await stream.frame()
    code = cloud.download_code(b"mp4")
    content = {"duration": 4000, "downloadCode": code, "videoType": "mp4"}
    cloud.push_content(post, {"msgtype": "video", "content": content})
    cloud.push_content(post, {"msgtype": "unknownMsgType"})
    video, unknown = (await stream.frame())["data"], (await stream.frame())["data"]
    assert (video["msgtype"], video["content"]) == ("video", content)
    assert (video["senderStaffId"], unknown["msgtype"]) == ("0147", "unknownMsgType")
    assert not {"text", "content"} & set(unknown)


async def test_someone_from_outside_has_no_staff_id(cloud: DingTalkCloud, probe: Probe) -> None:
    stream = await probe.connect()
    cloud.world.say("guest", "line3", text="hi", mention_bot=True)
    data = (await stream.frame())["data"]
    assert "senderStaffId" not in data
    assert data["senderId"].startswith("$:LWCP_v1:$")


async def test_beyond_the_monthly_quota_messages_come_without_text() -> None:
    async with a_cloud(pushes_per_month=1) as cloud, Probe(cloud) as probe:
        stream = await probe.connect()
        cloud.world.say("li", "line3", text="一", mention_bot=True)
        cloud.world.say("li", "line3", text="二", mention_bot=True)
        first, second = (await stream.frame())["data"], (await stream.frame())["data"]
        assert "errorCode" not in first
        assert second["errorCode"] == "20001"
        assert not {"text", "content", "msgtype"} & set(second)


async def test_names_on_the_wire_are_the_same_after_a_restart() -> None:
    world, seen = a_world(), []
    for _ in range(2):
        async with a_cloud(world) as cloud, Probe(cloud) as probe:
            seen.append((await heard(cloud, probe, text="x"))["data"])
    assert seen[0]["conversationId"] == seen[1]["conversationId"]
    assert seen[0]["senderId"] == seen[1]["senderId"]
    assert seen[0]["msgId"] != seen[1]["msgId"]
