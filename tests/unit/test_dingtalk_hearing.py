"""What is said over DingTalk's stream, as Incoming: documented shapes and those met in production."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.platforms.base import Incoming
from bot.platforms.dingtalk.hearing import hear_message

WEBHOOK = "https://oapi.dingtalk.com/robot/sendBySession?session=66d7c695a9"
MESSAGE: dict[str, Any] = {
    "senderPlatform": "Mac",
    "conversationId": "cid6EUxxxxsg==",
    "atUsers": [{"dingtalkId": "$:LWCP_v1:$v***"}],
    "chatbotCorpId": "ding9733d0",
    "chatbotUserId": "$:LWCP_v1:$v***",
    "msgId": "msgrK2xxxxU+riw==",
    "senderNick": "小钉",
    "isAdmin": True,
    "senderStaffId": "0147xxxx8602",
    "sessionWebhookExpiredTime": 1708332604316,
    "createAt": 1708327204136,
    "senderCorpId": "ding9733d0",
    "conversationType": "2",
    "senderId": "$:LWCP_v1:$C***",
    "conversationTitle": "测试群",
    "isInAtList": True,
    "sessionWebhook": WEBHOOK,
    "text": {"content": " 报工 WO-1001 5"},
    "robotCode": "dingoxxxxdm3k",
    "msgtype": "text",
}
PICTURE = {"downloadCode": "mIofN", "pictureDownloadCode": "1lOl"}
WHERE = {"codes": ["mIofN", "1lOl"], "robot": "dingoxxxxdm3k"}


def heard(*, drop: tuple[str, ...] = (), **changes: Any) -> Incoming:
    """Hear the sample message with fields changed or dropped."""
    data = {name: value for name, value in (MESSAGE | changes).items() if name not in drop}
    incoming = hear_message(data, push_id="push-1", robot_code="ours")
    assert incoming is not None
    assert incoming.raw == data
    return incoming


def content(kind: str, **fields: Any) -> Incoming:
    """Hear a message of another type."""
    return heard(drop=("text",), msgtype=kind, content=fields)


def test_the_documented_text_message() -> None:
    incoming = heard()
    assert (incoming.platform, incoming.tenant) == ("dingtalk", "ding9733d0:dingoxxxxdm3k")
    assert incoming.message_id == "msgrK2xxxxU+riw=="
    assert (incoming.kind, incoming.text) == ("text", "报工 WO-1001 5")
    assert (incoming.chat_id, incoming.chat_kind, incoming.chat_title) == (
        "cid6EUxxxxsg==",
        "group",
        "测试群",
    )
    assert (incoming.sender_id, incoming.sender_name) == ("0147xxxx8602", "小钉")
    assert incoming.sent_at == datetime.fromtimestamp(1708327204.136, UTC)
    assert incoming.slot is not None
    assert (incoming.slot.kind, incoming.slot.data) == ("session", {"webhook": WEBHOOK})
    assert incoming.slot.deadline == datetime.fromtimestamp(1708332604.316, UTC) - timedelta(seconds=60)


def test_numbers_as_text_and_a_missing_expiry() -> None:
    spelt = heard(createAt="1708327204136", sessionWebhookExpiredTime="1708332604316")
    assert spelt == replace(heard(), raw=spelt.raw)
    derived = heard(drop=("sessionWebhookExpiredTime",)).slot
    assert derived is not None
    assert derived.deadline == datetime.fromtimestamp(1708327204.136, UTC) + timedelta(minutes=89)
    assert heard(drop=("sessionWebhookExpiredTime", "createAt")).slot is None


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("　报工　WO-1 ５０\u200b", "报工　WO-1 ５０"),
        ("@班长 报工 WO-1", "报工 WO-1"),
        ("@班长\u2005报工", "报工"),
        ("@班长", ""),
        ("报工 @张三", "报工 @张三"),
        ("", ""),
    ],
)
def test_spaces_and_the_mention_of_the_bot_are_removed(said: str, text: str) -> None:
    assert heard(text={"content": said}).text == text


def test_the_name_of_another_person_stays() -> None:
    both = [{"dingtalkId": "$:LWCP_v1:$v***"}, {"dingtalkId": "x", "staffId": "0258"}]
    assert heard(text={"content": " @韩梅梅 缺料"}, atUsers=both).text == "@韩梅梅 缺料"
    quoting = {"content": "@班长 @韩梅梅 缺料", "isReplyMsg": True, "repliedMsg": {}}
    assert heard(text=quoting, atUsers=both).text == "@韩梅梅 缺料"
    assert heard(text={"content": "@小李 你好"}, conversationType="1").text == "@小李 你好"


def test_a_direct_chat_is_the_person() -> None:
    direct = heard(conversationType="1")
    assert (direct.chat_kind, direct.chat_id) == ("direct", "0147xxxx8602")


def test_a_sender_without_staff_id_never_equals_one() -> None:
    outside = heard(drop=("senderStaffId",), conversationType="1")
    assert outside.sender_id == outside.chat_id == "external:$:LWCP_v1:$C***"


def test_pictures_voices_and_files() -> None:
    (picture,) = content("picture", **PICTURE).media
    assert (picture.kind, picture.ref) == ("image", WHERE)
    voice = content("audio", duration=4000, downloadCode="v", recognition="报工五件")
    assert (voice.text, [media.kind for media in voice.media]) == ("报工五件", ["audio"])
    (file,) = content("file", downloadCode="f", fileName="a.pdf", spaceId="1").media
    assert (file.kind, file.name, file.ref["codes"]) == ("file", "a.pdf", ["f"])
    assert [media.kind for media in content("video", downloadCode="v").media] == ["video"]


def test_rich_text_joins_its_runs_and_drops_mentions() -> None:
    rich = content(
        "richText",
        richText=[
            {"text": "@班长 收料 WO-"},
            {"text": "1001"},
            {"type": "picture"} | PICTURE,
            {"type": "at", "atName": "张三", "atUserId": "1"},
            {"text": "50"},
            {"type": "picture", "downloadCode": "b"},
            "nonsense",
        ],
    )
    assert rich.text.split() == ["收料", "WO-1001", "50"]
    assert [media.ref["codes"] for media in rich.media] == [["mIofN", "1lOl"], ["b"]]


@pytest.mark.parametrize(
    ("replied", "quoted", "codes"),
    [
        ({"msgType": "picture", "content": {"downloadCode": "q"}}, "", [["q"]]),
        ({"msgType": "picture", "content": '{"downloadCode": "q"}'}, "", [["q"]]),
        ({"msgType": "text", "content": {"text": "三号线停了"}}, "三号线停了", []),
        ({"msgType": "text", "content": "三号线停了"}, "三号线停了", []),
        (
            {
                "msgType": "richText",
                "content": {
                    "richText": [
                        {"msgType": "text", "content": "看"},
                        {"msgType": "picture", "downloadCode": "q"},
                    ]
                },
            },
            "看",
            [["q"]],
        ),
        ({"msgType": "interactiveCard"}, "", []),
        ({"msgType": "unknownMsgType", "content": None}, "", []),
    ],
)
def test_a_quoted_message_brings_its_text_and_pictures(replied: Any, quoted: str, codes: list[Any]) -> None:
    text = {"content": "@班长 收料 L-77", "isReplyMsg": True, "repliedMsg": replied}
    incoming = heard(text=text, originalMsgId="m0")
    assert (incoming.text, incoming.quoted) == ("收料 L-77", quoted)
    assert [media.ref["codes"] for media in incoming.media] == codes


def test_the_older_shape_of_a_quote() -> None:
    quote = {"msgId": "m0", "msgtype": "text", "text": {"content": "停机了"}, "senderNick": "李雷"}
    assert heard(quoteMessage=quote).quoted == "停机了"
    assert heard(quoteMessage=quote | {"text": "停机了"}).quoted == "停机了"


@pytest.mark.parametrize("field", ["errorCode", "errCode"])
@pytest.mark.parametrize("code", ["20001", 20001])
def test_a_used_up_quota_is_an_event(field: str, code: Any) -> None:
    incoming = heard(drop=("text", "msgtype"), **{field: code, "errMsg": "受调用量超量影响"})
    assert (incoming.kind, incoming.text) == ("event", "quota_exhausted")
    assert heard(drop=("text",), errorCode="1").text == "platform_error"


def test_without_a_message_id_the_push_stands_in() -> None:
    assert heard(drop=("msgId",)).message_id == "push:push-1"
    anonymous = {"conversationId": "c", "senderId": "s"}
    ids = [hear_message(anonymous, push_id="", robot_code="r") for _ in range(2)]
    assert ids[0] == ids[1]
    assert ids[0] is not None
    assert ids[0].message_id.startswith("hash:")


def test_unknown_types_keep_what_text_they_have() -> None:
    assert content("markdown", title="t", text="**看**").text == "**看**"
    assert content("unknownMsgType").text == ""
    assert content("chatRecord", summary=[1]).media == ()
