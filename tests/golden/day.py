"""A day of the demo plant in which the house says the cards of the gallery."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from sqlalchemy import select

from domain.models.journal import Outbox
from domain.queries.people import platform_ids
from domain.work import Work
from notifier import alerts, quota
from notifier.card import Card
from notifier.digests import directory
from notifier.merging import summary
from tests.golden import supplies
from tests.golden.gallery import Shown
from tests.talks.staffing import newcomer
from tests.talks.stage import Stage

EVIL: Final = (
    "设备 ST-202 @all <@ZhangWei> [点我](javascript:alert(1)) **加粗** `rm -rf` # 题 | 表 | "
    "<font color=\"red\">红</font> {0.__class__} %s =cmd|'/c calc'!A0"
)
EXPIRING: Final = {
    "lot": "LOT-0008",
    "material": "PASTE-305",
    "material_name": "锡膏 SAC305",
    "on_hand": "2",
    "unit": "kg",
    "place": "LOC-C1",
    "expires_at": "2026-03-09T00:00:00+00:00",
}
LEFT: Final = {"name": "刘洋", "job_number": "1012"}
FAILED: Final = {"platform": "wecom", "reason": "没有权限（60011）"}
READ: Final = {
    "platform": "dingtalk",
    "people": 86,
    "departments": 9,
    "hired": 2,
    "back": 0,
    "bound": 2,
    "moved": 1,
    "left": ["刘洋"],
    "names": [],
    "code": "",
    "conflicts": [],
}


async def played(stage: Stage) -> list[Shown]:
    """Return what the house says in a day of the demo plant, with this plant's ids."""
    gallery = Gallery(stage)
    await _everyday(gallery)
    await _calls(gallery)
    await _meetings(gallery)
    await _floor(gallery)
    await _people(gallery)
    supplies.show(gallery)
    return gallery.shown


class Gallery:
    """Takes the newest card of a chat out of the outbox and gives it a name."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.shown: list[Shown] = []

    def hear(self) -> None:
        """Take everything that was said."""
        for change in self.stage.left():
            self.stage.takes(change)

    async def says(self, who: str, where: str, text: str) -> None:
        """Let somebody say something."""
        self.hear()
        await self.stage.says(who, where, text)

    async def presses(self, who: str, where: str, button: str) -> None:
        """Let somebody press a button."""
        self.hear()
        await self.stage.presses(who, where, button)

    async def waits(self, *, minutes: float) -> None:
        """Let time go by."""
        self.hear()
        await self.stage.later(minutes=minutes)

    def take(self, name: str, what: str, where: str, *, who: str = "") -> None:
        """Keep what was said last in this chat; everything said is taken."""
        room = self.stage.room(where, who=who)
        self.hear()
        office = self.stage.house.office
        assert office is not None
        members = [f"{room.platform}:{it}" for it in (room.id, *self._accounts(who))]
        card, rings = office.read(lambda work: _newest(work, members)).result()
        self.shown.append(Shown(name=name, what=what, card=card, chat_kind=room.kind, rings=rings))

    def make(self, name: str, what: str, write: Callable[[Work], Card]) -> None:
        """Keep a card that a day of the demo plant does not bring."""
        office = self.stage.house.office
        assert office is not None
        self.shown.append(Shown(name=name, what=what, card=office.read(write).result()))

    def _accounts(self, who: str) -> list[str]:
        person = self.stage.person(who) if who else None
        return [it for it in (person.dingtalk_user_id, person.wecom_user_id) if it] if person else []


def _newest(work: Work, chats: Sequence[str]) -> tuple[Card, dict[str, list[str]]]:
    found = select(Outbox.card).where(Outbox.chat_key.in_(chats)).order_by(Outbox.id.desc()).limit(1)
    card = Card.from_json(work.session.execute(found).scalar_one())
    rings = {it: list(platform_ids(work, card.mentions, platform=it)) for it in ("dingtalk", "wecom")}
    return card, {platform: ids for platform, ids in rings.items() if ids}


async def _everyday(gallery: Gallery) -> None:
    await gallery.says("张伟", "一车间生产群", "报工 WO-1001 焊接 50 良 2 废 3 返")
    gallery.take("report", "报工的回答", "一车间生产群")
    await gallery.says("张伟", "钉钉", "报工 WO-1001 焊接 500")
    gallery.take("refusal", "拒绝：报多了", "钉钉", who="张伟")
    await gallery.says("张伟", "一车间生产群", "报工")
    gallery.take("question", "缺一个参数：反问，按钮可选", "一车间生产群")
    await gallery.says("张伟", "一车间生产群", "取消")
    await gallery.says("周建国", "企业微信", "取消工单 WO-1003 客户不要了")
    gallery.take("confirmation", "不能撤销的事先确认", "企业微信", who="周建国")
    await gallery.says("周建国", "企业微信", "取消")
    await gallery.says("张伟", "钉钉", "WO-1001")
    gallery.take("scan", "只发一个码", "钉钉", who="张伟")
    await gallery.says("林晓雯", "企业微信", "WO-1001 到哪了")
    gallery.take("order", "工单到哪了（表格）", "企业微信", who="林晓雯")
    await gallery.says("张伟", "钉钉", "帮助")
    gallery.take("help", "帮助", "钉钉", who="张伟")
    await gallery.says("郑凯", "企业微信", "收料 PR-PT100 LOT-7001 500 华盛五金")
    gallery.take("lot", "来料待检：品质群里按按钮", "品质异常群")
    await gallery.presses("孙鹏", "品质异常群", "合格")
    gallery.take("inspected", "检验结果：告诉等料的人", "仓库群")
    await gallery.says("郑凯", "企业微信", "发料 LOT-7001 200 WO-1001")
    gallery.take("issue", "发料的回答", "企业微信", who="郑凯")
    await gallery.says("郑凯", "仓库群", "追溯 LOT-7001")
    gallery.take("trace", "追溯", "仓库群")


async def _calls(gallery: Gallery) -> None:
    await gallery.says("张伟", "一车间生产群", "设备 ST-201 焊台不热")
    gallery.take("andon", "异常：新的", "设备报修群")
    await gallery.waits(minutes=10)
    gallery.take("andon-escalated", "异常：没人接，往上叫", "设备报修群")
    await gallery.presses("马骏", "设备报修群", "接")
    gallery.take("andon-acknowledged", "异常：已接", "设备报修群")
    await gallery.presses("马骏", "设备报修群", "已解决")
    gallery.take("andon-resolved", "异常：请报的人确认", "一车间生产群")
    await gallery.says("周建国", "企业微信", "缺料 WO-1003 锡膏没了")
    gallery.take("shortage", "异常：缺料，叫仓库", "仓库群")


async def _meetings(gallery: Gallery) -> None:
    await gallery.says("王秀兰", "钉钉", "早会")
    gallery.take("standup", "早会", "钉钉", who="王秀兰")
    await gallery.says("王秀兰", "钉钉", "日报")
    gallery.take("daily", "日报", "钉钉", who="王秀兰")
    await gallery.says("郑凯", "企业微信", "谁在等我")
    gallery.take("waiting", "谁在等我", "企业微信", who="郑凯")
    await gallery.says("张伟", "一车间生产群", EVIL)
    gallery.take("evil", "恶意文字：照原样显示，不起作用", "设备报修群")


async def _floor(gallery: Gallery) -> None:
    await gallery.says("张伟", "钉钉", "报工 WO-1001 焊接 20 良 11 废 虚焊")
    gallery.take("approval", "四只眼：请批准", "钉钉", who="王秀兰")
    await gallery.says("张伟", "钉钉", "评审 WO-1001 焊接 3 个 引脚氧化")
    gallery.take("review", "不良评审：一项一项判", "品质异常群")
    await gallery.says("王秀兰", "钉钉", "交班 二号炉温度偏高")
    gallery.take("handover", "交班：下一班来接", "一车间生产群")


async def _people(gallery: Gallery) -> None:
    newcomer(gallery.stage, "小陈", group="一车间生产群")
    await gallery.says("小陈", "钉钉", "绑定 1007")
    gallery.take("binding", "绑定：请班组长确认", "钉钉", who="赵珺")
    await gallery.presses("赵珺", "钉钉", "同意")
    gallery.take("bound", "绑定成功", "钉钉", who="小陈")
    await gallery.says("周建国", "企业微信", "暂停 WO-1001 等外壳")
    gallery.take("paused", "工单暂停：告诉做了准备的人", "一车间生产群")
    await gallery.says("郑凯", "企业微信", "收料 R-0603-10K LOT-7002 3000")
    await gallery.says("郑凯", "企业微信", "撤")
    gallery.take("voided", "撤销：告诉原来听到的人", "品质异常群")
    gallery.make("expiring", "快到期的料", partial(alerts.lot_expiring, data=EXPIRING))
    gallery.make("directory", "通讯录读完了", lambda _work: directory.read(READ))
    gallery.make("left", "有人离职了，规则里还写着", lambda _work: directory.left(LEFT))
    gallery.make("directory-failed", "通讯录读不到", lambda _work: directory.failed(FAILED))
    gallery.make("directory-standing", "通讯录现在怎样", directory.standing)
    gallery.make("quota", "额度用完，没听见", lambda _work: quota.unheard("dingtalk"))
    gallery.make("merged", "攒下的通知合成一条", lambda _work: summary(_waiting(gallery)))


def _waiting(gallery: Gallery) -> list[Card]:
    names = ("inspected", "paused", "voided", "lot", "expiring")
    return [it.card for it in gallery.shown if it.name in names]
