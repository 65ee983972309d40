"""Rules of the floor itself: signing on, handing over, four eyes, clocks on material."""

from datetime import timedelta
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from domain.playbook.kinds import Code, DepartmentRef, Duration, Rule, Text, TimerRef

EyesOn = Literal["scrap", "void", "waiver", "unlock", "make_up", "skip"]
TimerKind = Literal["within", "at_least"]
ReasonFor = Literal["scrap", "rework"]


class FourEyes(Rule):
    """四只眼：谁也不能批准自己的报废、撤销、放行、解锁、补录。"""

    kinds: tuple[EyesOn, ...] = Field(
        default=("scrap", "void", "waiver", "unlock", "make_up", "skip"),
        description=(
            "哪些事要另一个人批准：scrap 报废、void 撤销别人的、waiver 放行、unlock 解锁站位、"
            "make_up 补录、skip 跳过工序"
        ),
    )
    scrap_over: int | None = Field(
        default=None, ge=0, description="一次报工报废超过多少件要批准；不写就不用批"
    )
    safety: tuple[EyesOn, ...] = Field(
        default=(), description="安全大事：没有别的批准人当班也不能先做，一定等批准"
    )
    department: DepartmentRef | None = Field(
        default=None, description="先找哪个部门当班的批准人；不写就先找自己部门的"
    )
    remind: Duration = Field(default=timedelta(minutes=30), description="多久没人批就再提醒")


class FloorRule(Rule):
    """上岗、交班、报工的原因。"""

    reasons: tuple[ReasonFor, ...] = Field(
        default=(), description="报工时哪些数量一定要说原因：scrap 报废、rework 返工"
    )
    sign_off_after: Duration = Field(
        default=timedelta(minutes=30), description="下班后多久还没有下岗，就替他下岗"
    )
    handover: tuple[DepartmentRef, ...] = Field(
        default=(), description="哪些部门下班前自动起草交班；不写就只在有人说「交班」时起草"
    )
    handover_before: Duration = Field(default=timedelta(minutes=15), description="下班前多久自动起草交班")
    handover_remind: Duration = Field(default=timedelta(minutes=20), description="交班多久没人接就提醒")


class TimerRule(Rule):
    """一种计时：锡膏、湿敏器件、烘烤、水洗。"""

    code: Code = Field(description="计时代号")
    name: Text = Field(description="计时名称，说它就开始计时")
    aliases: tuple[Text, ...] = Field(default=(), description="别的说法")
    kind: TimerKind = Field(
        default="within",
        description=(
            "within 要在时间内用完（开封、车间寿命、水洗），at_least 至少要等这么久才能用（回温、烘烤）"
        ),
    )
    lasts: Duration = Field(description="多久")
    warn: Duration | None = Field(default=None, description="到时前多久提醒；不写就到时才说")
    materials: tuple[Text, ...] = Field(default=(), description="哪些物料的批次用它；不写就是说到哪个算哪个")
    must: bool = Field(default=False, description="true：没有开始过这种计时的批次不能用（回温）")
    then: TimerRef | None = Field(default=None, description="至少等够以后，接着自动开始哪种计时")
    resets: tuple[TimerRef, ...] = Field(
        default=(), description="做完它，哪些累计的计时从头算（烘烤让车间寿命从头算）"
    )
    adds_up: bool = Field(default=False, description="true：结束以后再开始，用掉的时间累计（车间寿命）")
    department: DepartmentRef | None = Field(
        default=None, description="快到时提醒哪个部门；不写就只提醒开始计时的人"
    )

    @model_validator(mode="after")
    def _warns_in_time(self) -> Self:
        if self.warn is not None and self.warn >= self.lasts:
            raise PydanticCustomError("warn_too_early", "warn is shorter than lasts")
        return self
