"""The pretend app API and callbacks, proved by wechatpy (client and crypto) and Prometheus Alertmanager."""

import asyncio
import base64
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from aiohttp import web
from wechatpy.enterprise.crypto import WeChatCrypto
from wechatpy.enterprise.parser import parse_message
from wechatpy.enterprise.replies import TextReply

from bot.platforms.wecom.app import menu
from bot.sandbox.town import Resident, Room
from bot.sandbox.wecom import WeComCloud
from bot.sandbox.wecom.app import AppLimits
from bot.sandbox.world import World
from tests import alertmanager
from tests.ports import free_port
from tests.wire.vendors.bridge import Vendor, VendorError, vendor
from tests.wire.vendors.environments import HERE
from tests.wire.wecom_app_house import GROUP, PHOTO
from tests.wire.wecom_rig import button_card
from tests.wire.wecom_server import until

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning:wechatpy")]


@pytest.fixture
async def cloud() -> AsyncIterator[WeComCloud]:
    """Serve a town of two."""
    people = [
        Resident(id="li", name="李工", wecom_user_id="LiGong"),
        Resident(id="wang", name="王芳", wecom_user_id="WangFang"),
    ]
    group = Room(id=GROUP, platform="wecom", kind="group", title="仓库群", members=("li", "wang"))
    async with WeComCloud(World(people, [group]), app_limits=AppLimits(pause=0.01)) as cloud:
        yield cloud
        assert cloud.recorder.rules_broken() == []


@pytest.fixture
async def wechatpy(cloud: WeComCloud, tmp_path: Path) -> AsyncIterator[Vendor]:
    """Run wechatpy's client."""
    settings = {
        "VENDOR_API": f"{cloud.http_url}/cgi-bin/",
        "VENDOR_CORP": cloud.app.corp_id,
        "VENDOR_SECRET": cloud.app.secret,
        "no_proxy": "127.0.0.1",
    }
    command = [sys.executable, str(HERE / "wechatpy_client.py")]
    async with vendor(command, settings=settings, cwd=tmp_path) as process:
        yield process


def seen(cloud: WeComCloud, who: str = "li") -> list[str]:
    """Return the kinds of what somebody has heard from the app."""
    room = cloud.world.direct_room("wecom", who, door="app")
    return [post.kind for post in cloud.world.posts(room.id, author="bot")]


async def test_wechatpy_sends_every_kind_of_message(cloud: WeComCloud, wechatpy: Vendor) -> None:
    agent = cloud.app.agent_id
    cloud.app.courier.url = "http://127.0.0.1:9/"  # interactive cards want a callback
    sent = await wechatpy.do("message.send_text", agent, ["LiGong", "nobody"], "开早会")
    assert sent["invaliduser"] == "nobody"
    await wechatpy.do("message.send_markdown", agent, "LiGong", "**日报**")
    await wechatpy.do("message.send_text_card", agent, "LiGong", "日报", "良 50", "https://a.example/")
    card = {"msgtype": "template_card", "template_card": button_card("T1")}
    answer = await wechatpy.do("message.send", agent, "LiGong", "", "", card)
    update = {"userids": ["LiGong"], "agentid": agent, "response_code": answer["response_code"]}
    await wechatpy.do("post", "message/update_template_card", update | {"button": {"replace_name": "已确认"}})
    assert seen(cloud) == ["text", "markdown", "markdown", "card"]
    post = cloud.world.tagged("wecom", "T1")
    assert post is not None
    assert [button["text"] for button in post.body["buttons"]] == ["已确认"]
    await wechatpy.do("post", "message/recall", {"msgid": sent["msgid"]})


async def test_wechatpy_uploads_sends_and_fetches_media(cloud: WeComCloud, wechatpy: Vendor) -> None:
    picture = {"name": "p.jpg", "base64": base64.b64encode(PHOTO).decode()}
    uploaded = await wechatpy.do("media.upload", "image", picture)
    await wechatpy.do("message.send_image", cloud.app.agent_id, "LiGong", uploaded["media_id"])
    assert seen(cloud) == ["image"]
    assert base64.b64decode(await wechatpy.do("download", uploaded["media_id"])) == PHOTO


async def test_wechatpy_makes_our_menu(cloud: WeComCloud, wechatpy: Vendor) -> None:
    agent = cloud.app.agent_id
    await wechatpy.do("menu.create", agent, {"button": menu.entries()})
    assert (await wechatpy.do("menu.get", agent))["button"] == menu.entries()
    await wechatpy.do("menu.delete", agent)
    with pytest.raises(VendorError, match="46003"):
        await wechatpy.do("menu.get", agent)
    assert "127.0.0.1" in await wechatpy.do("misc.get_wechat_ips")


async def test_wechatpy_understands_refusals_and_renews_its_token(
    cloud: WeComCloud, wechatpy: Vendor
) -> None:
    agent = cloud.app.agent_id
    await wechatpy.do("message.send_text", agent, "LiGong", "一")
    cloud.app.counter.revoke()
    await wechatpy.do("message.send_text", agent, "LiGong", "二")
    assert seen(cloud) == ["text", "text"]
    with pytest.raises(VendorError, match="81013"):
        await wechatpy.do("message.send_text", agent, "nobody", "三")
    cloud.app.counter.trusted = False
    with pytest.raises(VendorError, match=r"60020 .*from ip: 127\.0\.0\.1"):
        await wechatpy.do("message.send_text", agent, "LiGong", "四")


class Listener:
    """A callback server as wechatpy's own guide writes it."""

    def __init__(self, cloud: WeComCloud) -> None:
        app = cloud.app
        self.crypto = WeChatCrypto(app.token, app.aes_key, app.corp_id)
        self.heard: list[object] = []

    async def verify(self, request: web.Request) -> web.Response:
        """Answer the console."""
        query = request.query
        echo = self.crypto.check_signature(
            query["msg_signature"], query["timestamp"], query["nonce"], query["echostr"]
        )
        return web.Response(text=echo)

    async def take(self, request: web.Request) -> web.Response:
        """Open, parse, answer."""
        query = request.query
        signed = (query["msg_signature"], query["timestamp"], query["nonce"])
        message = parse_message(self.crypto.decrypt_message(await request.text(), *signed))
        self.heard.append(message)
        reply = TextReply(content=f"收到 {message.type}", message=message).render()
        text = self.crypto.encrypt_message(reply, query["nonce"], query["timestamp"])
        return web.Response(text=text)


@contextlib.asynccontextmanager
async def listening(cloud: WeComCloud) -> AsyncIterator[Listener]:
    """Serve it and point the pretend WeCom there."""
    listener = Listener(cloud)
    site = web.Application()
    site.add_routes([web.get("/", listener.verify), web.post("/", listener.take)])
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    cloud.app.courier.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield listener
    finally:
        await runner.cleanup()


async def test_wechatpy_opens_our_calls_and_we_open_its_answers(cloud: WeComCloud) -> None:
    cloud.app.menus.entries = menu.entries()
    room = cloud.world.direct_room("wecom", "li", door="app")
    async with listening(cloud) as listener:
        assert await cloud.app.courier.verify()
        cloud.world.say("li", room.id, text="报工 WO-1 50")
        await until(lambda: not cloud.app.courier.busy)
        cloud.app.scan("li", "LOT-7")
        await until(lambda: not cloud.app.courier.busy)
        cloud.world.say("li", room.id, images=[PHOTO])
        await until(lambda: not cloud.app.courier.busy)
    text, scan, image = listener.heard
    assert (text.source, text.content) == ("LiGong", "报工 WO-1 50")  # type: ignore[attr-defined]
    assert (scan.event, scan.scan_type, scan.scan_result) == ("scancode_waitmsg", "qrcode", "LOT-7")  # type: ignore[attr-defined]
    assert image.media_id  # type: ignore[attr-defined]
    answers = [post.body["text"] for post in cloud.world.posts(room.id, author="bot")]
    assert answers == ["收到 text", "收到 event", "收到 image"]


async def test_alertmanager_delivers_an_alert(cloud: WeComCloud, tmp_path: Path) -> None:
    app = cloud.app
    given = {"api": cloud.http_url, "corp": app.corp_id, "secret": app.secret, "agent": app.agent_id}
    alert = {"labels": {"alertname": "发料慢"}, "annotations": {"summary": "三个工单在等料"}}
    try:
        with alertmanager.running(tmp_path, port=free_port(), user="LiGong", **given) as url:
            await _posted(f"{url}/api/v2/alerts", alert)
            room = cloud.world.direct_room("wecom", "li", door="app")
            async with asyncio.timeout(20):
                while not cloud.world.posts(room.id, author="bot"):  # noqa: ASYNC110 (see below)
                    await asyncio.sleep(0.05)  # another process speaks when it is ready
    except alertmanager.NoAlertmanager as why:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(why))
    (post,) = cloud.world.posts(room.id, author="bot")
    assert post.body["text"] == "发料慢：三个工单在等料"
    assert len(cloud.recorder.payloads("wecom.app.gettoken")) == 1


def test_an_alertmanager_that_does_not_run_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(alertmanager.ENVIRONMENT, "/bin/false")
    with pytest.raises(alertmanager.NoAlertmanager, match="/bin/false"):
        alertmanager.find()


async def _posted(url: str, alert: dict[str, dict[str, str]]) -> None:
    """Hand an alert over as soon as the Alertmanager listens."""
    async with httpx.AsyncClient(trust_env=False) as http, asyncio.timeout(20):
        while True:
            with contextlib.suppress(httpx.ConnectError):
                (await http.post(url, json=[alert])).raise_for_status()
                return
            await asyncio.sleep(0.05)  # another process is starting
