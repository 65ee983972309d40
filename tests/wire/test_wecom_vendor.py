"""The pretend WeCom, proved by Tencent's own clients for Python and Node, over TLS, each in a process."""

import asyncio
import base64
import hashlib
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.recorder import Recorder
from bot.sandbox.town import Resident, Room
from bot.sandbox.wecom import Limits, WeComCloud
from bot.sandbox.world import World
from tests.wire.vendors.bridge import Vendor, VendorError, vendor
from tests.wire.vendors.certificates import loopback_certificate
from tests.wire.vendors.environments import HERE, NoEnvironment, node_for, python_for
from tests.wire.wecom_rig import GROUP, JPEG, PNG, button_card, markdown

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

CHUNK = 512 * 1024
FINISHED = True


class Sdk:
    """One of Tencent's clients, spoken to in the words of the Python one."""

    def __init__(self, name: str, process: Vendor) -> None:
        self.name = name
        self._process = process

    async def heard(self, event: str) -> Any:
        """Wait for an event and return its frame."""
        return await self._process.heard(event)

    async def do(self, method: str, *arguments: Any) -> Any:
        """Call a method: `reply_stream` is `replyStream` in Node."""
        if self.name == "node":
            method = re.sub(r"_(\w)", lambda found: found[1].upper(), method)
        return await self._process.do(method, *arguments)

    async def downloaded(self, media: dict[str, str]) -> tuple[bytes, str]:
        """Fetch and decrypt with the SDK's own code; returns content and file name."""
        result = await self.do("download_file", media["url"], media["aeskey"])
        data, name = result if self.name == "python" else (result["buffer"], result["filename"])
        return base64.b64decode(data), name

    async def uploaded(self, data: bytes, *, kind: str, name: str) -> str:
        """Upload; the Python SDK has no method for it, so its general one carries the three frames."""
        if self.name == "node":
            given = {"base64": base64.b64encode(data).decode()}
            return str((await self.do("upload_media", given, {"type": kind, "filename": name}))["media_id"])
        return await self._uploaded_by_hand(data, kind=kind, name=name)

    async def _uploaded_by_hand(self, data: bytes, *, kind: str, name: str) -> str:
        parts = [data[start : start + CHUNK] for start in range(0, len(data), CHUNK)]
        digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
        body = {"type": kind, "filename": name, "total_size": len(data), "total_chunks": len(parts)}
        upload_id = (await self._upload("init", body | {"md5": digest}))["upload_id"]
        for index, part in enumerate(parts):
            piece = {"chunk_index": index, "base64_data": base64.b64encode(part).decode()}
            await self._upload("chunk", {"upload_id": upload_id, **piece})
        return str((await self._upload("finish", {"upload_id": upload_id}))["media_id"])

    async def _upload(self, step: str, body: dict[str, Any]) -> dict[str, Any]:
        self._count = getattr(self, "_count", 0) + 1
        frame = {"headers": {"req_id": f"upload_{self._count}"}}
        answer = await self.do("reply", frame, body, f"aibot_upload_media_{step}")
        return dict(answer.get("body") or {})


@pytest.fixture
async def cloud(tmp_path: Path) -> AsyncIterator[WeComCloud]:
    """Serve a group of two over TLS."""
    context, _ = loopback_certificate(tmp_path)
    people = [
        Resident(id="li", name="李工", wecom_user_id="LiGong"),
        Resident(id="wang", name="王芳", wecom_user_id="WangFang"),
    ]
    group = Room(id=GROUP, platform="wecom", kind="group", title="仓库群", members=("li", "wang"))
    async with WeComCloud(World(people, [group]), ssl=context, limits=Limits(in_flight=9)) as cloud:
        yield cloud


@pytest.fixture(params=["python", "node"])
async def sdk(request: pytest.FixtureRequest, cloud: WeComCloud, tmp_path: Path) -> AsyncIterator[Sdk]:
    """Each client in turn, subscribed."""
    async with vendor(_command(request.param), settings=_settings(cloud, tmp_path), cwd=tmp_path) as process:
        sdk = Sdk(request.param, process)
        await sdk.heard("authenticated")
        yield sdk


async def test_it_hears_text_and_answers_in_every_way(cloud: WeComCloud, sdk: Sdk) -> None:
    cloud.world.say("li", GROUP, text="报工 WO-1 5", mention_bot=True)
    frame = await sdk.heard("message.text")
    assert frame["body"]["text"]["content"] == "@班长 报工 WO-1 5"
    await sdk.do("reply_stream", frame, "S1", "查…")
    await sdk.do("reply_stream", frame, "S1", "已报工 **5** 件", FINISHED, None, {"id": "F1"})
    await sdk.do("reply", frame, markdown("一行"))
    await sdk.do("reply_template_card", frame, button_card("T1"))
    await sdk.do("send_message", GROUP, markdown("**早会**"))
    await sdk.do("send_message", GROUP, {"msgtype": "template_card", "template_card": button_card("T2")})
    said = [(post.kind, post.body["text"]) for post in cloud.world.posts(GROUP, author="bot")]
    assert said == [
        ("markdown", "已报工 **5** 件"),
        ("markdown", "一行"),
        ("card", "LOT-7"),
        ("markdown", "**早会**"),
        ("card", "LOT-7"),
    ]
    assert cloud.recorder.violations == []


async def test_it_pushes_to_a_person(cloud: WeComCloud, sdk: Sdk) -> None:
    direct = cloud.world.direct_room("wecom", "li").id
    cloud.world.say("li", direct, text="你好")
    await sdk.heard("message.text")
    await sdk.do("send_message", "LiGong", {"chat_type": 1, **markdown("请复检 LOT-7")})
    assert [post.body["text"] for post in cloud.world.posts(direct, author="bot")] == ["请复检 LOT-7"]
    assert cloud.recorder.violations == []


async def test_it_reads_pictures_files_voice_and_quotes(cloud: WeComCloud, sdk: Sdk) -> None:
    direct = cloud.world.direct_room("wecom", "li").id
    photo = cloud.world.say("wang", GROUP, images=[JPEG])
    cloud.world.say("li", GROUP, text="入库", images=[PNG], mention_bot=True)
    item = (await sdk.heard("message.mixed"))["body"]["mixed"]["msg_item"][1]
    assert (await sdk.downloaded(item["image"]))[0] == PNG
    cloud.world.say("li", GROUP, text="入库", quote=photo.id, mention_bot=True)
    quote = (await sdk.heard("message.text"))["body"]["quote"]
    assert (await sdk.downloaded(quote["image"]))[0] == JPEG
    cloud.bare_keys = True
    cloud.world.say("li", direct, images=[JPEG])
    assert (await sdk.downloaded((await sdk.heard("message.image"))["body"]["image"]))[0] == JPEG
    cloud.world.say("li", direct, file=("领料 单.xlsx", b"PK\x03\x04" * 9))
    file = (await sdk.heard("message.file"))["body"]["file"]
    assert await sdk.downloaded(file) == (b"PK\x03\x04" * 9, "领料 单.xlsx")
    cloud.world.say("li", direct, text="焊接五十", audio=b"amr")
    assert (await sdk.heard("message.voice"))["body"]["voice"]["content"] == "焊接五十"
    assert cloud.recorder.violations == []


async def test_it_welcomes_updates_cards_and_hears_feedback(cloud: WeComCloud, sdk: Sdk) -> None:
    direct = cloud.world.direct_room("wecom", "li")
    cloud.world.enter("li", direct.id)
    welcome = {"msgtype": "text", "text": {"content": "我是班长"}}
    await sdk.do("reply_welcome", await sdk.heard("event.enter_chat"), welcome)
    cloud.world.say("li", direct.id, text="单")
    frame = await sdk.heard("message.text")
    await sdk.do("reply_template_card", frame, button_card("T3"), {"id": "F2"})
    greeting, card = cloud.world.posts(direct.id, author="bot")
    assert (greeting.kind, greeting.body["text"]) == ("text", "我是班长")
    cloud.world.click("li", card.id, "say:确认 7")
    event = await sdk.heard("event.template_card_event")
    done = button_card("T3", button_list=[{"text": "已确认", "key": "noop", "style": 4}])
    await sdk.do("update_template_card", event, done)
    assert [button["text"] for button in cloud.world.post(card.id).body["buttons"]] == ["已确认"]
    rated = cloud.world.bot_post(direct.id, "markdown", {"title": "", "text": "好", "feedback": "F3"})
    cloud.rate("li", rated.id, type=1)
    feedback = (await sdk.heard("event.feedback_event"))["body"]["event"]["feedback_event"]
    assert feedback == {"id": "F3", "type": 1}
    assert cloud.recorder.violations == []


async def test_it_uploads_in_pieces_and_sends_the_media(cloud: WeComCloud, sdk: Sdk) -> None:
    data = os.urandom(CHUNK + 1000)
    cloud.world.say("li", GROUP, text="日报", mention_bot=True)
    frame = await sdk.heard("message.text")
    file = await sdk.uploaded(data, kind="file", name="日报.xlsx")
    image = await sdk.uploaded(PNG, kind="image", name="图.png")
    await sdk.do("reply", frame, {"msgtype": "file", "file": {"media_id": file}})
    await sdk.do("send_message", GROUP, {"msgtype": "image", "image": {"media_id": image}})
    shown = [
        (post.kind, cloud.world.media(post.body["media"])) for post in cloud.world.posts(GROUP, author="bot")
    ]
    assert shown == [("file", data), ("image", PNG)]
    assert cloud.recorder.violations == []


async def test_it_keeps_the_heartbeat_and_comes_back_after_a_cut(cloud: WeComCloud, sdk: Sdk) -> None:
    cloud.drop_line()
    await sdk.heard("disconnected")
    await sdk.heard("authenticated")
    cloud.world.say("li", GROUP, text="还在吗", mention_bot=True)
    await sdk.do("reply", await sdk.heard("message.text"), markdown("在"))
    await _pinged(cloud.recorder)
    assert cloud.recorder.violations == []


async def test_it_is_kicked_by_the_next_one(cloud: WeComCloud, sdk: Sdk, tmp_path: Path) -> None:
    async with vendor(_command(sdk.name), settings=_settings(cloud, tmp_path), cwd=tmp_path) as process:
        assert await process.heard("authenticated") is None
        event = await sdk.heard("event.disconnected_event")
        assert event["body"]["event"] == {"eventtype": "disconnected_event"}
        cloud.world.say("li", GROUP, text="谁听到", mention_bot=True)
        assert (await process.heard("message.text"))["body"]["from"] == {"userid": "LiGong"}


async def test_it_understands_a_refusal(cloud: WeComCloud, sdk: Sdk) -> None:
    with pytest.raises(VendorError, match="846605"):
        await sdk.do("reply", {"headers": {"req_id": "made-up"}}, markdown())
    with pytest.raises(VendorError, match="86001"):
        await sdk.do("send_message", "nobody", markdown())
    assert cloud.recorder.rules_broken() == ["req_id.unknown", "send.chatid"]


@pytest.mark.parametrize("name", ["python", "node"])
async def test_it_is_told_that_the_secret_is_wrong(cloud: WeComCloud, tmp_path: Path, name: str) -> None:
    settings = _settings(cloud, tmp_path) | {"VENDOR_SECRET": "nope"}
    async with vendor(_command(name), settings=settings, cwd=tmp_path) as process:
        assert "853000" in str(await process.heard("error"))
    assert not cloud.subscribed


async def _pinged(recorder: Recorder) -> None:
    """Wait for the client's own clock: it pings every 0.2 s."""
    async with asyncio.timeout(10):
        while not recorder.at("wecom.ping", "out"):  # noqa: ASYNC110 (another process's clock)
            await asyncio.sleep(0.02)  # another process's clock cannot be moved


def _command(name: str) -> list[str]:
    try:
        if name == "python":
            return [str(python_for("wecom-aibot")), str(HERE / "wecom_aibot_client.py")]
        return ["node", str(node_for("wecom-aibot-node") / "client.mjs")]
    except NoEnvironment as why:
        if os.environ.get("CI") and name == "python":
            pytest.fail(str(why))
        pytest.skip(f"Tencent's client for {name} cannot run here: {why}")


def _settings(cloud: WeComCloud, folder: Path) -> dict[str, str]:
    trusted = str(folder / "loopback.pem")
    return {
        "VENDOR_WS_URL": cloud.ws_url,
        "VENDOR_BOT_ID": cloud.bot_id,
        "VENDOR_SECRET": cloud.secret,
        "VENDOR_TRUSTS": trusted,
        "NODE_EXTRA_CA_CERTS": trusted,
    }
