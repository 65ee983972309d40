"""What DingTalk answers and what that means for a message: every code that is documented or was met."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import respx
from pydantic import SecretStr

from bot.platforms.dingtalk import DingTalk, DingTalkConfig
from bot.platforms.http import new_client
from domain.clock import FixedClock
from notifier.card import Button, Card
from notifier.delivery import Delivered, Outgoing, Refused, ReplySlot, Retry, Unknown

API, OAPI = "https://api.dingtalk.com", "https://oapi.dingtalk.com"
WEBHOOK = f"{OAPI}/robot/sendBySession"
TOKEN, GROUP = f"{API}/v1.0/oauth2/accessToken", f"{API}/v1.0/robot/groupMessages/send"
DIRECT = f"{API}/v1.0/robot/oToMessages/batchSend"
CREATE, CARD = f"{API}/v1.0/card/instances/createAndDeliver", f"{API}/v1.0/card/instances"
SECRET = "client-secret-77f1"
LATER, SOON = (Retry, None, False), (Retry, 1.0, False)
BLOCKED, MONTH = (Retry, 600.0, True), (Retry, 3600.0, False)
PUNISHED, DENIED, LOST = (Retry, 300.0, True), (Refused, None, False), (Unknown, None, False)


async def deaf(_incoming: object) -> bool:
    return True


@pytest.fixture
async def dingtalk(clock: FixedClock) -> AsyncIterator[DingTalk]:
    config = DingTalkConfig(client_id="id", client_secret=SecretStr(SECRET), robot_code="robot")
    async with new_client() as http:
        yield DingTalk(config, http=http, hear=deaf, clock=clock, node="n1")


@pytest.fixture
def wire() -> Any:
    """A cloud that hands out tokens; every other call must be foreseen by the test."""
    with respx.mock(assert_all_called=False) as router:
        router.post(TOKEN).respond(json={"accessToken": "token-1-9a8b", "expireIn": 7200})
        yield router


def out(clock: FixedClock, *, session: bool = False, card: Card | None = None, **changes: Any) -> Outgoing:
    """A message to a group, by session or by push."""
    data = {"webhook": f"{WEBHOOK}?session=abc"}
    slot = ReplySlot(kind="session", deadline=clock.now() + timedelta(minutes=80), data=data)
    fields: dict[str, Any] = {"id": 1, "key": "k1", "chat_id": "cidA==", "chat_kind": "group"}
    fields |= {"card": card or Card(lines=("好",)), "slot": slot if session else None}
    return Outgoing(**(fields | changes))


def shape(outcome: Any) -> tuple[type, float | None, bool]:
    """Class, wait and block of an outcome."""
    return type(outcome), getattr(outcome, "after", None), getattr(outcome, "block", False)


@pytest.mark.parametrize(
    ("errcode", "expected"),
    [
        (0, (Delivered, None, False)),
        (-1, LATER),
        (130101, BLOCKED),
        (410100, BLOCKED),
        (90018, SOON),
        (90002, SOON),
        (90020, MONTH),
        (90030, MONTH),
        (660026, LATER),
        (400013, DENIED),
        (400101, DENIED),
        (400102, DENIED),
        (400105, DENIED),
        (400106, DENIED),
        (430101, DENIED),
        (430102, DENIED),
        (430103, DENIED),
        (430104, DENIED),
        (310000, DENIED),
        (460101, DENIED),
        (101002, DENIED),
        (40035, DENIED),
        (43004, DENIED),
        (88, DENIED),
        (50002, DENIED),
        (987654, LATER),
    ],
)
async def test_answers_of_the_session_webhook(
    dingtalk: DingTalk, clock: FixedClock, wire: respx.Router, errcode: int, expected: Any
) -> None:
    wire.post(WEBHOOK).respond(json={"errcode": errcode, "errmsg": "text"})
    outcome = await dingtalk.send(out(clock, session=True))
    assert shape(outcome) == expected
    assert isinstance(outcome, Delivered) or (str(errcode) in outcome.reason and outcome.reason[0] > "\u4e00")


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, "invalid.openConversationId", DENIED),
        (400, "miss.openConversationId", DENIED),
        (400, "invalidParameter.robotCode.auth", DENIED),
        (400, "invalidParameter.robotCode.notExsit", DENIED),
        (400, "invalidParameter.msgParam.invalid", DENIED),
        (400, "invalidParameter.msgParam.tooLong", DENIED),
        (400, "group.disbanded", DENIED),
        (400, "bot.stopped", DENIED),
        (400, "bot.forbidden.sendMessage", DENIED),
        (400, "session.expired", DENIED),
        (400, "conversation.org.notMatch", DENIED),
        (400, "contain.unsafe.url", DENIED),
        (400, "contain.notAllowed.text", DENIED),
        (400, "chatbotId.notAllow.sendOTO", DENIED),
        (400, "staffId.notExisted", DENIED),
        (400, "robot.oto.notExist", DENIED),
        (400, "send.too.fast", BLOCKED),
        (400, "send.byToken.tooFast", BLOCKED),
        (400, "too.many.group", SOON),
        (403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", SOON),
        (403, "Forbidden.AccessDenied.QpmLimitForAppkeyAndApi", SOON),
        (403, "Forbidden.AccessDenied.QpsLimitForApi", SOON),
        (403, "Forbidden.AccessDenied.ApiCountLimitForOrg", MONTH),
        (403, "Forbidden.AccessDenied.AccessTokenPermissionDenied", DENIED),
        (403, "Forbidden.AccessDenied.IpNotInWhiteList", DENIED),
        (500, "system.error", LATER),
        (500, "unknown.send.result", LOST),
        (400, "unknown.send.result", LOST),
        (503, "ServiceUnavailable", LATER),
        (400, "something.new", LATER),
        (500, "something.new", LOST),
        (429, "something.new", SOON),
    ],
)
async def test_answers_of_the_robot_api(
    dingtalk: DingTalk, clock: FixedClock, wire: respx.Router, status: int, code: str, expected: Any
) -> None:
    answer = {"code": code, "message": "text", "requestid": "r"}
    wire.post(GROUP).respond(status, json=answer)
    assert shape(await dingtalk.send(out(clock))) == expected
    wire.post(DIRECT).respond(status, json=answer)
    assert shape(await dingtalk.send(out(clock, chat_kind="direct", chat_id="0147"))) == expected


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (httpx.Response(200, html="<html>ban</html>"), PUNISHED),
        (httpx.Response(403, html="<html>ban</html>"), PUNISHED),
        (httpx.Response(200, json={"status": 1111, "wait": 5, "source": "x5", "punish": "deny"}), PUNISHED),
        (httpx.Response(502, html="bad gateway"), LOST),
        (httpx.Response(504, html="time-out"), LOST),
        (httpx.Response(503, html="closed"), LATER),
        (httpx.Response(503, html="closed", headers={"Retry-After": "7"}), (Retry, 7.0, False)),
        (httpx.Response(200, json=[1]), PUNISHED),
        (httpx.Response(200, content=b"\xff\xfe"), PUNISHED),
    ],
)
async def test_answers_that_are_none_of_the_api(
    dingtalk: DingTalk, clock: FixedClock, wire: respx.Router, response: httpx.Response, expected: Any
) -> None:
    wire.post(GROUP).mock(return_value=response)
    assert shape(await dingtalk.send(out(clock))) == expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (httpx.ConnectError("x"), LATER),
        (httpx.ConnectTimeout("x"), LATER),
        (httpx.PoolTimeout("x"), LATER),
        (httpx.ReadTimeout("x"), LOST),
        (httpx.WriteError("x"), LOST),
        (httpx.ReadError("x"), LOST),
        (httpx.RemoteProtocolError("x"), LOST),
    ],
)
async def test_a_connection_that_fails_before_and_after_the_request_left(
    dingtalk: DingTalk, clock: FixedClock, wire: respx.Router, error: Exception, expected: Any
) -> None:
    wire.post(WEBHOOK).mock(side_effect=error)
    assert shape(await dingtalk.send(out(clock, session=True))) == expected
    wire.post(GROUP).mock(side_effect=error)
    assert shape(await dingtalk.send(out(clock))) == expected
    wire.post(CREATE).mock(side_effect=error)
    card = Card(title="t", key="andon:1")
    outcome = await dingtalk.send(out(clock, card=card))
    assert shape(outcome) == expected
    if isinstance(outcome, Unknown):
        assert (outcome.keyed, outcome.door) == (True, "card")


async def test_a_lost_token_is_no_doubt_about_the_message(
    dingtalk: DingTalk, clock: FixedClock, wire: respx.Router
) -> None:
    wire.post(TOKEN).mock(side_effect=httpx.ReadTimeout("x"))
    assert shape(await dingtalk.send(out(clock))) == LATER


async def test_wrong_credentials_wait_and_are_not_asked_about_again_at_once(
    dingtalk: DingTalk, clock: FixedClock, wire: respx.Router
) -> None:
    asked = wire.post(TOKEN).respond(400, json={"code": "invalidClientIdOrSecret", "message": SECRET})
    outcomes = [await dingtalk.send(out(clock)) for _ in range(3)]
    assert {shape(outcome) for outcome in outcomes} == {(Retry, 300.0, False)}
    assert asked.call_count == 1
    assert "BANZHANG_DINGTALK_CLIENT_SECRET" in repr(outcomes)
    assert SECRET not in repr(outcomes)


@pytest.mark.parametrize(("status", "code"), [(400, "InvalidAuthentication"), (401, "anything")])
async def test_a_refused_token_is_renewed_once(
    dingtalk: DingTalk, clock: FixedClock, wire: respx.Router, status: int, code: str
) -> None:
    refusal = httpx.Response(status, json={"code": code, "message": "m"})
    good = httpx.Response(200, json={"processQueryKey": "q1"})
    wire.post(GROUP).mock(side_effect=[refusal, good, refusal, refusal])
    assert await dingtalk.send(out(clock)) == Delivered(provider_id="q1")
    assert wire.post(TOKEN).call_count == 2
    assert shape(await dingtalk.send(out(clock))) == LATER
    assert wire.post(TOKEN).call_count == 3


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"processQueryKey": "q", "invalidStaffIdList": ["0147"]}, DENIED),
        ({"processQueryKey": "q", "flowControlledStaffIdList": ["0147"]}, (Retry, 60.0, False)),
        ({"processQueryKey": "q", "invalidStaffIdList": []}, (Delivered, None, False)),
    ],
)
async def test_a_single_send_that_succeeded_may_still_have_failed(
    dingtalk: DingTalk, clock: FixedClock, wire: respx.Router, answer: dict[str, Any], expected: Any
) -> None:
    wire.post(DIRECT).respond(json=answer)
    assert shape(await dingtalk.send(out(clock, chat_kind="direct", chat_id="0147"))) == expected


async def test_a_missing_permission_is_named(
    dingtalk: DingTalk, clock: FixedClock, wire: respx.Router
) -> None:
    detail = {"requiredScopes": ["qyapi_robot_sendmsg"]}
    code = "Forbidden.AccessDenied.AccessTokenPermissionDenied"
    wire.post(GROUP).respond(403, json={"code": code, "message": "m", "accessdenieddetail": detail})
    outcome = await dingtalk.send(out(clock))
    assert isinstance(outcome, Refused)
    assert "qyapi_robot_sendmsg" in outcome.reason


async def test_cards_without_permission_become_text_and_are_not_tried_for_ten_minutes(
    dingtalk: DingTalk, clock: FixedClock, wire: respx.Router
) -> None:
    code = "Forbidden.AccessDenied.AccessTokenPermissionDenied"
    created = wire.post(CREATE).respond(403, json={"code": code, "message": "m"})
    wire.post(WEBHOOK).respond(json={"errcode": 0})
    card = Card(title="缺料", buttons=(Button(text="接手", say="接手 A-7"),))
    for _ in range(2):
        assert await dingtalk.send(out(clock, card=card, session=True)) == Delivered()
    assert created.call_count == 1
    clock.advance(timedelta(minutes=11))
    await dingtalk.send(out(clock, card=card, session=True))
    assert created.call_count == 2


async def test_a_card_that_was_not_delivered_becomes_text(
    dingtalk: DingTalk, clock: FixedClock, wire: respx.Router
) -> None:
    results = [{"spaceId": "cidA==", "success": False, "errorMsg": "SPACE_NOT_EXIST"}]
    wire.post(CREATE).respond(json={"success": True, "result": {"deliverResults": results}})
    wire.post(GROUP).respond(json={"processQueryKey": "q"})
    assert await dingtalk.send(out(clock, card=Card(title="t", key="a:1"))) == Delivered(provider_id="q")


async def test_a_card_to_replace_that_is_gone_is_made_anew(
    dingtalk: DingTalk, clock: FixedClock, wire: respx.Router
) -> None:
    made = {"success": True, "result": {"deliverResults": [{"success": True}]}}
    wire.post(CREATE).respond(json=made)
    first = await dingtalk.send(out(clock, card=Card(title="t", key="a:1")))
    assert isinstance(first, Delivered)
    wire.put(CARD).respond(400, json={"code": "param.cardNotExist", "message": "m"})
    again = await dingtalk.send(out(clock, card=Card(title="t2", key="a:1"), replaces=first.provider_id))
    assert again == first
    assert wire.post(CREATE).call_count == 2
