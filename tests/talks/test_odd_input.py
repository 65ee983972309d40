"""What no talk can write down: either platform, files, voices, broken frames, the wrong approver."""

from pathlib import Path

import pytest

from bot.sandbox.town import Post
from tests.talks.places import PLATFORMS
from tests.talks.staffing import newcomer
from tests.talks.stage import Stage

SAID = (
    ("WO-1001 到哪了", "WO-1001 已下达，已完成 0 / 200", "焊接"),
    (
        "报工 WO-1001 焊接 50 良 2 废",
        "WO-1001 焊接：良 50，废 2",
        "累计良 50，废 2，返工中 0，还剩 148",
        "#1",
    ),
    ("报工 WO-1001 焊接 999", "只剩 148 可报", "没有登记"),
    ("报工 1001", "报工：还差工序", "【焊接】【组装】【测试】【包装】"),
    ("组装", "报工：还差良品数", "已记下：报工 WO-1001 组装"),
    ("三十", "WO-1001 组装：良 30", "还剩 20", "#2"),
    ("暂停 WO-1001 换线", "WO-1001 已暂停", "原因：换线", "#3", "【恢复】"),
    ("报工 WO-1001 焊接 1", "WO-1001 现在是「暂停」，不能报工；要接着做请说「恢复 WO-1001」。"),
    ("撤", "已撤销 #3：暂停工单"),
    ("完工 WO-1001", "WO-1001 还不能完工：焊接 还剩 148 没有报。"),
    ("取消工单 WO-1003 不要了", "取消以后这张工单不能再做，确定吗？", "【确认】【取消】"),
    ("确认", "WO-1003 已取消"),
    ("发料 LOT-0001 5 WO-1001", "你没有「发料」的权限，请找：郑凯（仓库）"),
    ("你好", "好的。", "【帮助】"),
    ("今天天气真不错", "没有听懂，什么都没有改动。", "【帮助】"),
)


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_one_conversation_on_either_platform(platform: str, database_url: str, tmp_path: Path) -> None:
    async with Stage(database_url, tmp_path) as stage:
        asked = False
        for text, *pieces in SAID:
            await stage.says("周建国", platform, text)
            stage.hears(platform, *pieces, who="周建国")
            if asked and platform == "钉钉":  # where the card of a question can be changed
                stage.hears(platform, f"已回：{text}", who="周建国")
            asked = any(word in pieces[0] for word in ("还差", "确定吗")) and "【" in pieces[-1]
            if text.startswith("暂停") or text == "撤":
                stage.hears("一车间生产群", "WO-1001")
                stage.hears("品质异常群", "WO-1001")  # 测试 had something to do by then
            if text == "确认":
                stage.hears("一车间生产群", "WO-1003")
                stage.hears("品质异常群", "WO-1003")


async def test_a_file_is_answered_and_a_voice_is_heard(database_url: str, tmp_path: Path) -> None:
    async with Stage(database_url, tmp_path) as stage:
        await stage.posts("张伟", "钉钉", file=("plan.pdf", b"%PDF-1.4 not really"))
        stage.hears("钉钉", "收到了，但我只看得懂文字、码、照片和表格", who="张伟")
        await stage.posts("张伟", "钉钉", text="报工 WO-1001 焊接 五", audio=b"#!AMR\n....")
        stage.hears("钉钉", "WO-1001 焊接：良 5", who="张伟")
        await stage.posts("郑凯", "企业微信", file=("plan.pdf", b"%PDF-1.4 not really"))
        stage.hears("企业微信", "收到了，但我只看得懂文字、码、照片和表格", who="郑凯")


async def test_what_only_looks_like_a_picture_is_refused(database_url: str, tmp_path: Path) -> None:
    async with Stage(database_url, tmp_path) as stage:
        for bytes_ in (b"\x89PNG\r\n\x1a\n broken", b"<svg onload=alert(1)>", b"\xff\xd8\xff" + b"\0" * 4000):
            await stage.says("张伟", "钉钉", images=(bytes_,))
            stage.hears("钉钉", "这张图片读不了", who="张伟")


async def test_broken_frames_disturb_nobody(database_url: str, tmp_path: Path) -> None:
    async with Stage(database_url, tmp_path) as stage:
        for frame in ("{", "[]", "\x00", "null", '{"headers": 5, "data": "x"}', '{"type": "?"}'):
            stage.dingtalk.send_raw(frame)
        await stage.says("张伟", "钉钉", "报工 WO-1001 焊接 5")
        stage.hears("钉钉", "WO-1001 焊接：良 5", who="张伟")
        stage.faults.add("garbage", "wecom.push.msg", times=1)
        await stage.says("郑凯", "企业微信", "LOT-0001")
        stage.hears("企业微信", "批次 LOT-0001", who="郑凯")


async def test_only_the_own_leader_confirms_a_binding(database_url: str, tmp_path: Path) -> None:
    async with Stage(database_url, tmp_path) as stage:
        newcomer(stage, "小陈", group="一车间生产群")
        await stage.says("小陈", "钉钉", "绑定 1007")
        stage.hears("钉钉", "已请 赵珺 确认", who="小陈")
        asked = stage.hears("钉钉", "小陈 要绑定工号 1007", who="赵珺")
        await stage.says("王秀兰", "钉钉", said_by(asked, "同意"))
        stage.hears("钉钉", "请找：赵珺", who="王秀兰")
        await stage.says("赵珺", "企业微信", said_by(asked, "同意"))
        stage.hears("企业微信", "孙鹏（1007）绑定成功", who="赵珺")
        stage.hears("钉钉", "绑定成功，孙鹏，你好！", who="小陈")
        await stage.presses("赵珺", "钉钉", "拒绝")
        stage.hears("钉钉", "没有找到绑定申请", who="赵珺")


def said_by(post: Post, button: str) -> str:
    """What pressing a DingTalk card's button says."""
    found = next(it for it in post.body["buttons"] if it["text"] == button)
    return str(found["params"]["say"])
