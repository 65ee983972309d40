"""Who and what there is: site, departments, chats, people, lines, stations, equipment, operations."""

from typing import ClassVar, Literal

from pydantic import Field

from domain.playbook.kinds import (
    WORKDAYS,
    ChatRef,
    Code,
    Days,
    DepartmentRef,
    LineRef,
    OperationRef,
    PersonRef,
    RoleRef,
    Rule,
    SecretRef,
    ShiftRef,
    StationRef,
    Text,
    Zone,
)

PlatformName = Literal["dingtalk", "wecom"]
Language = Literal["zh_CN", "en_US"]


class Site(Rule):
    """工厂。"""

    code: Code = Field(description="工厂代号，所有编号都带着它")
    name: Text = Field(description="工厂名称")
    timezone: Zone = Field(default="Asia/Shanghai", description="时区；班次、日报按它算")
    language: Language = Field(default="zh_CN", description="默认语言")
    plant_manager: PersonRef = Field(description="厂长的工号，升级的最后一级")
    workdays: Days = Field(default=WORKDAYS, description="没有节假日和调休时，一周哪几天算工作日")
    public_url: Text | None = Field(
        default=None,
        description="平台从外网访问本系统的地址，如 https://banzhang.example.com；只有钉钉用 HTTP 模式时要写",
    )


class Chat(Rule):
    """一个群。单聊不用写：有平台账号的人都能单聊。"""

    code: Code = Field(description="群代号，别处用它引用")
    platform: PlatformName = Field(description="平台：dingtalk（钉钉）或 wecom（企业微信）")
    id: Text = Field(description="平台给的群编号（钉钉 openConversationId，企业微信 chatid）")
    title: Text = Field(description="群名")
    members: tuple[PersonRef, ...] = Field(default=(), description="演示时群里有谁；真的群由平台管，不用写")
    webhook: SecretRef | None = Field(
        default=None, description="群机器人地址的引用（env:名字 或 file:/路径），不写地址本身"
    )
    secret: SecretRef | None = Field(default=None, description="群机器人加签密钥的引用，不写密钥本身")


class Department(Rule):
    """部门。"""

    code: Code = Field(description="部门代号")
    name: Text = Field(description="部门名称")
    aliases: tuple[Text, ...] = Field(default=(), description="别名，说哪个都认")
    head: PersonRef = Field(description="部门负责人的工号")
    leader: PersonRef | None = Field(default=None, description="班组长的工号；不写就是部门负责人")
    contact: PersonRef | None = Field(default=None, description="对外窗口的工号；不写就是班组长")
    shifts: tuple[ShiftRef, ...] = Field(default=(), description="这个部门上哪些班")
    chats: tuple[ChatRef, ...] = Field(default=(), description="这个部门的群，异常发到这里")

    @property
    def leader_or_head(self) -> str:
        """Job number of the team leader, or of the head where there is none."""
        return self.leader or self.head

    @property
    def contact_window(self) -> str:
        """Job number of the one contact window."""
        return self.contact or self.leader_or_head


class Person(Rule):
    """人员。"""

    key: ClassVar[str] = "id"

    id: Code = Field(description="工号")
    name: Text = Field(description="姓名")
    department: DepartmentRef | None = Field(default=None, description="所在部门；厂部的人可以不写")
    roles: tuple[RoleRef, ...] = Field(min_length=1, description="角色，至少一个")
    dingtalk: Text | None = Field(default=None, description="钉钉账号（userid / staffId）")
    wecom: Text | None = Field(default=None, description="企业微信账号（userid）")
    language: Language = Field(default="zh_CN", description="给他看的语言")
    line: LineRef | None = Field(default=None, description="平时在哪条产线")
    qualifications: tuple[OperationRef, ...] = Field(default=(), description="有上岗证的工序")

    def account(self, platform: str) -> str | None:
        """Return the account on this platform, None if there is none."""
        return {"dingtalk": self.dingtalk, "wecom": self.wecom}.get(platform)


class Line(Rule):
    """产线。"""

    code: Code = Field(description="产线代号")
    name: Text = Field(description="产线名称")
    area: Text = Field(description="车间")
    department: DepartmentRef = Field(description="归哪个部门")
    chats: tuple[ChatRef, ...] = Field(default=(), description="这条产线的群")


class Station(Rule):
    """工位。"""

    code: Code = Field(description="工位代号，和工位二维码上的一样")
    name: Text = Field(description="工位名称")
    line: LineRef = Field(description="在哪条产线")
    operations: tuple[OperationRef, ...] = Field(default=(), description="这里能做哪些工序")


class Equipment(Rule):
    """设备。"""

    code: Code = Field(description="设备代号，和设备二维码上的一样")
    name: Text = Field(description="设备名称")
    kind: Text = Field(description="设备类别，如 贴片机")
    station: StationRef | None = Field(default=None, description="装在哪个工位")


class Operation(Rule):
    """工序：路线里只能用这里写了的工序。"""

    code: Code = Field(description="工序代号")
    name: Text = Field(description="工序名称，报工时说它")
    aliases: tuple[Text, ...] = Field(default=(), description="别名")
    department: DepartmentRef = Field(description="归哪个部门")
    certified: bool = Field(default=False, description="要不要上岗证")
