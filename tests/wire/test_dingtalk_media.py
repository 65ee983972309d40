"""The pretend DingTalk's media doors: download codes, presigned addresses, upload."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.sandbox.dingtalk import DingTalkCloud
from bot.sandbox.dingtalk.names import conversation_id
from tests.wire.dingtalk_probe import LINE, PNG, Probe, a_cloud

DOWNLOAD = "/v1.0/robot/messageFiles/download"


@pytest.fixture
async def cloud() -> AsyncIterator[DingTalkCloud]:
    async with a_cloud() as cloud:
        yield cloud


@pytest.fixture
async def probe(cloud: DingTalkCloud) -> AsyncIterator[Probe]:
    async with Probe(cloud) as probe:
        await probe.sign_in()
        yield probe


async def a_code(cloud: DingTalkCloud, probe: Probe) -> str:
    """Return the download code of a picture that Li posts to the bot."""
    stream = await probe.connect()
    cloud.world.say("li", cloud.world.direct_room("dingtalk", "li").id, images=[PNG])
    return str((await stream.frame())["data"]["content"]["downloadCode"])


async def test_a_picture_is_fetched_by_code_and_presigned_address(cloud: DingTalkCloud, probe: Probe) -> None:
    body = {"downloadCode": await a_code(cloud, probe), "robotCode": cloud.robot_code}
    status, answer = await probe.post(DOWNLOAD, body)
    assert status == 200
    async with aiohttp.ClientSession() as http:
        async with http.get(answer["downloadUrl"]) as got:
            assert (got.status, await got.read()) == (200, PNG)
            assert got.content_type == "application/octet-stream"
        async with http.get(answer["downloadUrl"][:-2] + "zz") as forged:
            assert forged.status == 403
        cloud.world.clock.advance(timedelta(minutes=10))
        async with http.get(answer["downloadUrl"]) as late:
            assert (late.status, late.content_type) == (403, "application/xml")
    assert cloud.recorder.rules_broken() == []


async def test_a_code_is_good_for_its_robot_and_its_time(cloud: DingTalkCloud, probe: Probe) -> None:
    body = {"downloadCode": await a_code(cloud, probe), "robotCode": "another"}
    assert (await probe.post(DOWNLOAD, body))[1]["code"] == "invalidParameter.robotCode.auth"
    body["robotCode"] = cloud.robot_code
    cloud.world.clock.advance(timedelta(days=1))
    await probe.sign_in()
    status, answer = await probe.post(DOWNLOAD, body)
    assert (status, answer["code"]) == (400, "invalidParameter.robotCode.downloadCode")


def form(content: bytes, name: str) -> aiohttp.FormData:
    data = aiohttp.FormData()
    data.add_field("type", "image")
    data.add_field("media", content, filename=name, content_type="image/png")
    return data


async def upload(probe: Probe, content: bytes, *, name: str = "a.png", kind: str = "image") -> Any:
    query = {"access_token": probe.token, "type": kind}
    return (await probe.call("POST", "/media/upload", data=form(content, name), params=query))[1]


async def test_what_was_uploaded_is_shown_in_a_message(cloud: DingTalkCloud, probe: Probe) -> None:
    answer = await upload(probe, PNG)
    assert (answer["errcode"], answer["type"]) == (0, "image")
    for param, kind in (
        ('{"photoURL":"%s"}', "image"),
        ('{"title":"t","text":"![](%s)"}', "markdown"),
    ):
        key = "sampleImageMsg" if kind == "image" else "sampleMarkdown"
        body = {"robotCode": cloud.robot_code, "openConversationId": conversation_id(LINE), "msgKey": key}
        await probe.post("/v1.0/robot/groupMessages/send", body | {"msgParam": param % answer["media_id"]})
    image, markdown = cloud.world.posts("line3", author="bot")
    assert cloud.world.media(image.body["media"]) == PNG
    assert markdown.body["text"] == f"![](media:{image.body['media']})"


async def test_uploads_are_refused_by_size_ending_form_and_token() -> None:
    async with a_cloud(upload_bytes=100) as cloud, Probe(cloud) as probe:
        await probe.sign_in()
        assert (await upload(probe, b"x" * 101))["errcode"] == 40009
        assert (await upload(probe, PNG, name="a.exe"))["errcode"] == 40004
        assert (await upload(probe, b""))["errcode"] == 40035
        _, answer = await probe.post("/media/upload", {}, params={"access_token": probe.token})
        assert answer["errcode"] == 43004
        cloud.tokens.revoke()
        assert (await upload(probe, PNG))["errcode"] == 40014
