"""What a platform counts is counted on its way: by the table of paths, and without any secret."""

import httpx
import pytest

from bot.metering import counting, hearing
from bot.platforms.base import Incoming
from domain.models.usage import Spent
from notifier.metering import Meter, speaking_to

KEY = "b0d3f1a2-secret"


async def ask(meter: Meter, url: str, *, status: int = 200) -> None:
    transport = httpx.MockTransport(lambda _request: httpx.Response(status, json={"errcode": 0}))
    async with httpx.AsyncClient(transport=transport, event_hooks={"response": [counting(meter)]}) as http:
        await http.post(url, json={})


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/robot/sendBySession?session=x", Spent("dingtalk", "session", "dingtalk:a")),
        ("/v1.0/robot/groupMessages/send", Spent("dingtalk", "push", "dingtalk:a")),
        ("/v1.0/robot/oToMessages/batchSend", Spent("dingtalk", "push", "dingtalk:a")),
        ("/v1.0/card/instances/createAndDeliver", Spent("dingtalk", "card", "dingtalk:a")),
        ("/v1.0/robot/ding/send", Spent("dingtalk", "ding", "dingtalk:a")),
        ("/media/upload?type=image", Spent("dingtalk", "upload", "dingtalk:a")),
        ("/cgi-bin/message/send", Spent("wecom", "app", "dingtalk:a")),
    ],
)
async def test_a_request_is_counted_on_the_chat_that_is_spoken_to(path: str, expected: Spent) -> None:
    meter = Meter()
    with speaking_to(meter, platform="dingtalk", chat_key="dingtalk:a"):
        await ask(meter, f"https://api.example{path}")
    assert meter.take() == {expected: 1}


@pytest.mark.parametrize(
    "path",
    ["/v1.0/oauth2/accessToken", "/gettoken", "/v1.0/gateway/connections/open", "/topapi/v2/user/get"],
)
async def test_tokens_and_the_directory_are_free(path: str) -> None:
    meter = Meter()
    await ask(meter, f"https://api.example{path}")
    assert meter.empty


@pytest.mark.parametrize("status", [403, 429, 503])
async def test_a_call_that_a_limit_has_stopped_is_not_counted(status: int) -> None:
    meter = Meter()
    await ask(meter, "https://api.example/v1.0/robot/groupMessages/send", status=status)
    assert meter.empty


async def test_a_groups_robot_is_named_without_its_key() -> None:
    meter = Meter()
    await ask(meter, f"https://api.example/robot/send?access_token={KEY}")
    await ask(meter, f"https://api.example/cgi-bin/webhook/send?key={KEY}")
    taken = meter.take()
    assert {it.use for it in taken} == {"webhook"}
    assert {it.robot[:8] for it in taken} == {"webhook-"}
    assert not [it for it in taken if "secret" in it.robot]


async def test_what_is_heard_is_counted_also_when_it_is_heard_again() -> None:
    async def hear(_incoming: Incoming) -> bool:
        return False

    meter = Meter()
    incoming = Incoming(
        platform="dingtalk",
        tenant="t",
        message_id="m",
        kind="text",
        chat_id="a",
        chat_kind="group",
        sender_id="s",
    )
    for _time in range(2):
        assert not await hearing(hear, meter)(incoming)
    assert meter.take() == {Spent("dingtalk", "received", "dingtalk:a"): 2}
