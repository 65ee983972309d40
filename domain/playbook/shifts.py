"""When people work: shifts, rota, leave, and the calendar of holidays and make-up workdays."""

from datetime import date, timedelta
from typing import ClassVar, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from domain.playbook.kinds import (
    EVERY_DAY,
    Code,
    Days,
    DepartmentRef,
    Hour,
    PersonRef,
    Rule,
    ShiftRef,
    Text,
)


class Shift(Rule):
    """班次。"""

    code: Code = Field(description="班次代号")
    name: Text = Field(description="班次名称")
    start: Hour = Field(description="几点上班")
    end: Hour = Field(description="几点下班；不晚于上班时间就是第二天")
    days: Days = Field(default=EVERY_DAY, description="一周哪几天开班，如 工作日、周一-周六、每天")
    holidays: bool = Field(
        default=False, description="true：不管节假日和调休，只看星期；false：放假不开，调休补班开"
    )
    production: bool = Field(default=True, description="生产班次；生产日期是生产班次开始的那一天")

    @property
    def crosses_midnight(self) -> bool:
        """Whether the shift ends on the day after it starts."""
        return self.end <= self.start


class Rota(Rule):
    """排班：哪个部门哪个班谁当班。"""

    department: DepartmentRef = Field(description="部门")
    shift: ShiftRef = Field(description="班次")
    people: tuple[PersonRef, ...] = Field(description="当班人的工号；空列表表示没有人当班")
    days: Days = Field(default=EVERY_DAY, description="班次开始的那天是星期几才算；不写就是都算")
    since: date | None = Field(default=None, description="从哪天起（含）")
    until: date | None = Field(default=None, description="到哪天止（含）")
    replaces: bool = Field(default=False, description="true：这几天只看这一条，别的排班不算（临时换班）")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.since > self.until:
            raise PydanticCustomError("since_after_until", "since is after until")
        return self

    def covers(self, on: date) -> bool:
        """Whether this line speaks of a shift that starts on this date."""
        begun = self.since is None or self.since <= on
        return begun and (self.until is None or on <= self.until) and on.weekday() in self.days


class Leave(Rule):
    """请假和代班。"""

    person: PersonRef = Field(description="谁请假")
    since: date = Field(description="从哪天起（含）")
    until: date = Field(description="到哪天止（含）")
    substitute: PersonRef | None = Field(default=None, description="代班人的工号")

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.since > self.until:
            raise PydanticCustomError("since_after_until", "since is after until")
        if self.substitute == self.person:
            raise PydanticCustomError("own_substitute", "nobody substitutes for himself")
        return self

    def covers(self, on: date) -> bool:
        """Whether the person is away on this date."""
        return self.since <= on <= self.until


class Holiday(Rule):
    """一段假期。"""

    since: date = Field(description="第一天")
    until: date | None = Field(default=None, description="最后一天（含）；不写就是一天")
    name: Text = Field(description="叫什么")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until and self.since > self.until:
            raise PydanticCustomError("since_after_until", "since is after until")
        return self

    def dates(self) -> tuple[date, ...]:
        """Every day of it."""
        length = ((self.until or self.since) - self.since).days + 1
        return tuple(self.since + timedelta(days=step) for step in range(length))


class MakeUpDay(Rule):
    """一个调休补班日。"""

    day: date = Field(description="哪天补班")
    name: Text = Field(description="叫什么")


class CalendarYear(Rule):
    """一年的放假和调休。"""

    key: ClassVar[str] = "year"

    year: int = Field(ge=2000, le=2100, description="年份")
    confirmed: bool = Field(description="国务院通知已经公布并核对过；没有公布写 false，班长会提醒")
    rest: tuple[Holiday, ...] = Field(default=(), description="放假")
    work: tuple[MakeUpDay, ...] = Field(default=(), description="调休补班")

    def rest_days(self) -> frozenset[date]:
        """Every day off of the year."""
        return frozenset(day for holiday in self.rest for day in holiday.dates())

    def work_days(self) -> frozenset[date]:
        """Every make-up workday of the year."""
        return frozenset(it.day for it in self.work)
