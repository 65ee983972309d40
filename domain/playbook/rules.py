"""How the plant wants it: andon kinds, ladders, reasons, codes, glossary, digests, limits, budgets."""

import re
from datetime import time, timedelta
from decimal import Decimal
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from domain.playbook.kinds import (
    WORKDAYS,
    ChatRef,
    Code,
    Days,
    DepartmentRef,
    Duration,
    Hour,
    LadderRef,
    PersonRef,
    Regex,
    RoleRef,
    Rule,
    Share,
    Text,
)
from domain.playbook.plant import PlatformName

Severity = Literal["normal", "urgent", "safety"]
Who = Literal["duty", "leader", "head", "plant_manager", "person"]
Ring = Literal["card", "app", "sms", "phone"]
DigestKind = Literal["standup", "shift", "daily"]
WeComNumber = Literal["userid", "alias", "position", "extattr"]
ReasonKind = Literal["scrap", "rework", "pause", "cancel", "hold", "undo"]
GlossaryKind = Literal["material", "model", "customer_part", "order", "word"]
Use = Literal["received", "session", "webhook", "push", "card", "ding", "upload", "download", "app", "other"]
"""What a platform's unit was spent on: a message heard, an answer on its session, a group webhook, a push by
the robot, a card, a DING, a file up or down, a message of the self-built application, any other call."""
CodeKind = Literal["order", "lot", "unit", "container", "station", "equipment", "person", "location", "andon"]


class Role(Rule):
    """角色和它的权限。同名的角色替换默认的那个。"""

    code: Code = Field(description="角色代号")
    name: Text = Field(description="角色名称")
    permissions: tuple[Text, ...] = Field(description="权限清单；order.* 表示一类，* 表示全部")


class AndonKind(Rule):
    """异常种类。"""

    code: Code = Field(description="种类代号")
    name: Text = Field(description="种类名称，喊它就是报异常")
    words: tuple[Text, ...] = Field(default=(), description="别的说法")
    department: DepartmentRef = Field(description="归哪个部门处理")
    severity: Severity = Field(
        default="normal", description="normal 一般（下班了等下一班）、urgent 紧急、safety 安全（不看日历）"
    )
    ack_within: Duration = Field(default=timedelta(minutes=15), description="多久之内要有人接")
    resolve_within: Duration = Field(
        default=timedelta(minutes=60), description="接了以后多久没解决就重新打开"
    )
    ladder: LadderRef = Field(description="没人接时走哪条升级路线")


class LadderRung(Rule):
    """升级的一级。"""

    who: Who = Field(
        description="叫谁：duty 当班人、leader 班组长、head 部门负责人、plant_manager 厂长、person 指定的人"
    )
    after: Duration = Field(description="上一级叫了以后等多久再叫这一级；第一级从异常发生算起")
    person: PersonRef | None = Field(default=None, description="who 是 person 时的工号")
    ring: Ring = Field(
        default="card",
        description=(
            "怎么响：card 只发消息、app 钉钉应用内 DING、sms 短信 DING、phone 电话 DING"
            "（短信和电话要买权益包）；响不了就退到轻一级，企业微信只发消息"
        ),
    )

    @model_validator(mode="after")
    def _person_with_who(self) -> Self:
        if (self.who == "person") != (self.person is not None):
            raise PydanticCustomError("rung_person", "person goes with who: person, and only with it")
        return self


class Ladder(Rule):
    """升级路线。最后一级必须落到一个人。"""

    code: Code = Field(description="路线代号")
    name: Text = Field(description="路线名称")
    rungs: tuple[LadderRung, ...] = Field(min_length=1, description="一级一级往上，至少一级")
    repeat: Duration = Field(default=timedelta(minutes=30), description="到顶以后，每隔多久再叫一次最后一级")

    @model_validator(mode="after")
    def _repeat_takes_time(self) -> Self:
        if self.repeat < timedelta(minutes=1):
            raise PydanticCustomError("repeat_too_short", "repeat is at least one minute")
        return self


class Reason(Rule):
    """原因代码。"""

    code: Code = Field(description="原因代号")
    name: Text = Field(description="原因名称")
    aliases: tuple[Text, ...] = Field(default=(), description="别的说法")
    kind: ReasonKind = Field(
        description="用在哪里：scrap 报废、rework 返工、pause 暂停、cancel 取消、hold 冻结、undo 撤销"
    )


class CodePattern(Rule):
    """本厂自己的一种编号。"""

    kind: CodeKind = Field(description="是什么的编号")
    pattern: Regex = Field(description="正则表达式，要整个匹配")
    sample: Text = Field(description="一个例子，必须匹配")

    @model_validator(mode="after")
    def _sample_matches(self) -> Self:
        if not re.fullmatch(self.pattern, self.sample):
            raise PydanticCustomError("sample_differs", "the sample does not match the pattern")
        return self


class Codes(Rule):
    """编号的写法：前缀。"""

    order: Text = Field(default="WO-", description="工单号前缀")
    lot: Text = Field(default="LOT-", description="批次号前缀")
    unit: Text = Field(default="SN-", description="单件序列号前缀")
    container: Text = Field(default="BOX-", description="箱号前缀")
    station: Text = Field(default="ST-", description="工位号前缀")
    equipment: Text = Field(default="EQ-", description="设备号前缀")
    person: Text = Field(default="P-", description="工牌码前缀，后面是工号")
    location: Text = Field(default="LOC-", description="库位号前缀")
    andon: Text = Field(default="A-", description="异常号前缀")
    patterns: tuple[CodePattern, ...] = Field(default=(), description="别的写法")


class Term(Rule):
    """词汇表的一条：同一样东西，各部门各有叫法。"""

    kind: GlossaryKind = Field(
        description="material 物料、model 机型、customer_part 客户料号、order 订单、word 普通的词"
    )
    name: Text = Field(description="系统里的编号或名称")
    aliases: tuple[Text, ...] = Field(min_length=1, description="别的叫法")


class Digest(Rule):
    """定时的站会提要和日报。"""

    code: Code = Field(description="代号")
    kind: DigestKind = Field(description="standup 站会、shift 交班、daily 日报")
    department: DepartmentRef | None = Field(default=None, description="给哪个部门；不写就是全厂")
    at: Hour = Field(default=time(8, 27), description="几点发；企业微信建议避开整点和半点")
    days: Days = Field(default=WORKDAYS, description="哪几天发")
    calendar: bool = Field(default=True, description="true：放假不发，调休补班发；false：只看星期")
    chats: tuple[ChatRef, ...] = Field(min_length=1, description="发到哪些群")
    late: Duration = Field(default=timedelta(hours=2), description="错过了，多久之内还补发")


Missed = Literal["block", "warn"]


class Limits(Rule):
    """自动报异常和防错的界限。"""

    scrap_rate: Share = Field(default=Decimal("0.05"), description="一道工序的报废率超过它就报品质异常")
    scrap_from: int = Field(default=20, ge=1, description="至少报了多少件才看报废率")
    rework_rate: Share = Field(
        default=Decimal("0.10"), description="一道工序报过的返工占做过的件数超过它就报品质异常"
    )
    repeat: Duration = Field(
        default=timedelta(minutes=2),
        description="同一个序列号在同一个工位，多久之内再扫一次先问一句，不直接算下一道",
    )
    missed: Missed = Field(
        default="block",
        description=(
            "单件漏了一道工序时：block 停在那里，答了再走；"
            "warn 先过、照样问，答「漏扫」才算补录，没答完不能归档"
        ),
    )
    stalled: Duration = Field(
        default=timedelta(hours=4),
        description="生产中的工单多久没有报工就报停滞异常，只算生产班次的时间；要有叫「停滞」的异常种类",
    )
    expiry_warning: Duration = Field(
        default=timedelta(days=7), description="还有库存的批次到期前多久提醒一次能发料的部门"
    )
    count_difference: Share = Field(
        default=Decimal("0.02"), description="盘点差异超过账面的多少要另一个人看过"
    )
    requisition_take: Duration = Field(
        default=timedelta(minutes=15), description="领料单多久没人接就催仓库；还没接就隔这么久再催"
    )
    requisition_issue: Duration = Field(
        default=timedelta(hours=1), description="接了领料单多久没发完就催接的人和仓库"
    )


class Dialogue(Rule):
    """对话和撤销。"""

    expires: Duration = Field(default=timedelta(minutes=5), description="反问以后等多久")
    undo: Duration = Field(default=timedelta(minutes=10), description="自己多久之内可以撤")
    undo_leader: Duration = Field(default=timedelta(hours=24), description="班组长多久之内可以撤")


class DirectoryRule(Rule):
    """通讯录：从平台读部门和人员，人走了账号马上停用。"""

    platforms: tuple[PlatformName, ...] = Field(default=(), description="从哪些平台读；不写就不读")
    at: Hour = Field(default=time(3, 17), description="每天几点从头核对一遍；平时按平台的事件更新")
    wecom_number: WeComNumber = Field(
        default="userid",
        description=(
            "企业微信没有工号字段，工号写在哪里：userid 账号就是工号、alias 别名、position 职务、"
            "extattr 扩展属性（钉钉总是看工号字段）"
        ),
    )
    wecom_field: Text = Field(default="工号", description="wecom_number 是 extattr 时，扩展属性的名字")
    default_role: RoleRef | None = Field(
        default=None, description="通讯录里有工号、规则里没有写的人给什么角色；不写就不认识他们，只能求助"
    )
    leavers: int = Field(
        default=5, ge=1, description="一次核对发现超过这么多人离开，先问管理员，确认了才停用"
    )
    leavers_share: Share = Field(
        default=Decimal("0.10"), description="超过这个比例（两个人起）离开，也先问管理员"
    )


class Budget(Rule):
    """一个平台的发送预算。"""

    key: ClassVar[str] = "platform"

    platform: PlatformName = Field(description="平台")
    monthly: int | None = Field(
        default=None, ge=1, description="每月消息条数，收的和发的都算（钉钉标准版 3000）；不写就是不限"
    )
    monthly_calls: int | None = Field(
        default=None, ge=1, description="每月接口调用次数（钉钉标准版 5000）；不写就是不限"
    )
    monthly_reserve: Share = Field(
        default=Decimal("0.05"), description="月额度最后这一部分只给告警和回答，普通通知不再用"
    )
    free: tuple[Use, ...] = Field(default=(), description="不计入月额度的用途，见 docs/budgets.md")
    per_minute: int | None = Field(
        default=None,
        ge=1,
        description="每个群每分钟最多条数；不写就按平台的上限留余量（钉钉 20 用 18，企业微信 30 用 27）",
    )
    per_hour: int | None = Field(
        default=None, ge=1, description="每个群每小时最多条数；不写就按平台的上限（企业微信 1000，留余量）"
    )
    reserve: int = Field(default=6, ge=0, description="每分钟的条数里留给告警的；回答最多用其中一半")
    warn_at: tuple[int, ...] = Field(
        default=(70, 90), description="月额度用到百分之几时提醒；到最后一个以后，普通通知每小时合并成一条"
    )

    @model_validator(mode="after")
    def _reserve_fits(self) -> Self:
        if self.per_minute is not None and self.reserve >= self.per_minute:
            raise PydanticCustomError("reserve_too_large", "reserve is less than per_minute")
        return self
