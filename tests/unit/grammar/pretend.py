"""A pretend plant for the grammar: some commands, some words, a standing clock."""

import enum
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from commands.kit import (
    AndonCode,
    AnswerNumber,
    AnyCode,
    CodeForm,
    Context,
    DepartmentName,
    Duration,
    GoneDay,
    LotCode,
    MaterialCode,
    Measure,
    OperationName,
    OrderCode,
    Pending,
    Percent,
    PersonName,
    Quantity,
    Reason,
    Registry,
    SerialCode,
    StationName,
    Text,
    Understood,
    When,
    WordList,
    command,
    known_codes,
    understand,
)
from notifier.card import Card

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Friday


class Severity(enum.Enum):
    LOW = "一般"
    HIGH = "紧急"


def said(ctx: Context, **arguments: object) -> Card:
    """A command's answer that shows what it was given."""
    return Card(title="、".join(f"{name}={value}" for name, value in arguments.items()), lines=(ctx.said,))


@command(
    "报工 <order> <operation> <good>良 [<scrap>废] [<rework>返]",
    "bg",
    "<order> <operation> <good>良 [<scrap>废] [<rework>返]",
    examples=("报工 WO-1001 焊接 50 良",),
)
def report(
    ctx: Context,
    order: OrderCode,
    operation: OperationName,
    good: Quantity,
    scrap: Quantity = 0,
    rework: Quantity = 0,
) -> Card:
    """登记一道工序的良品、废品和返工数。"""
    return said(ctx, order=order, operation=operation, good=good, scrap=scrap, rework=rework)


@command("<order> 到哪了", "进度", reads=True, group="查询")
def where(ctx: Context, order: OrderCode) -> Card:
    """工单走到了哪一道。"""
    return said(ctx, order=order)


@command("谁在等我", reads=True, group="查询")
def waiting(ctx: Context) -> Card:
    """等我处理的事。"""
    return said(ctx)


@command("今天还差什么", reads=True, group="查询")
def remaining(ctx: Context) -> Card:
    """今天的计划还差多少。"""
    return said(ctx)


@command("暂停 <order> 因为<reason>")
def pause(ctx: Context, order: OrderCode, reason: Reason) -> Card:
    """暂停一张工单。"""
    return said(ctx, order=order, reason=reason)


@command("接 <andon>", group="异常")
def take(ctx: Context, andon: AndonCode) -> Card:
    """接下一个异常。"""
    return said(ctx, andon=andon)


@command("静音 <andon> <length> [<reason>]", group="异常")
def silence(ctx: Context, andon: AndonCode, length: Duration, reason: Reason = "") -> Card:
    """先不催。"""
    return said(ctx, andon=andon, length=length, reason=reason)


@command("缺料 [<material>] [<text>]", group="异常")
def shortage(ctx: Context, material: MaterialCode = "", text: Text = "") -> Card:
    """叫仓库送料。"""
    return said(ctx, material=material, text=text)


@command("报修 <station> <severity> [<text>]", group="异常")
def repair(ctx: Context, station: StationName, severity: Severity, text: Text = "") -> Card:
    """叫设备部来修。"""
    return said(ctx, station=station, severity=severity, text=text)


@command("撤 [<number>]", "撤销")
def undo(ctx: Context, number: AnswerNumber | None = None) -> Card:
    """撤回刚才的一次登记。"""
    return said(ctx, number=number)


@command("收料 <material> <lot> <amount>", group="物料")
def receive(ctx: Context, material: MaterialCode, lot: LotCode, amount: Measure) -> Card:
    """收一批料。"""
    return said(ctx, material=material, lot=lot, amount=amount)


@command("冻结 <lot>", confirm="真的要冻结吗？用它做的东西也都会冻结。", group="物料")
def hold(ctx: Context, lot: LotCode) -> Card:
    """冻结一个批次和用它做的一切。"""
    return said(ctx, lot=lot)


def much(arguments: Mapping[str, Any]) -> str | None:
    """A question only where a lot would be thrown away."""
    return "报废这么多？" if arguments["count"] >= 100 else None


@command("报废 <order> <count>", confirm=much)
def scrap_command(ctx: Context, order: OrderCode, count: Quantity) -> Card:
    """报废一些。"""
    return said(ctx, order=order, count=count)


@command("移库 <material> 从<source> 到<target>", group="物料")
def move(ctx: Context, material: MaterialCode, source: StationName, target: StationName) -> Card:
    """从一个工位移到另一个工位。"""
    return said(ctx, material=material, source=source, target=target)


@command("首检 <order> <result>", "<order> <result>")
def first_article(ctx: Context, order: OrderCode, result: Literal["合格", "不合格"]) -> Card:
    """首件检验的结果。"""
    return said(ctx, order=order, result=result)


def people_at_hand(_ctx: Context, _got: Mapping[str, Any]) -> Sequence[str]:
    return ("李四", "王五")


@command("交给 <person> <order> [<due>]", choices={"person": people_at_hand})
def hand_over(ctx: Context, person: PersonName, order: OrderCode, due: When | None = None) -> Card:
    """把工单交给一个人。"""
    return said(ctx, person=person, order=order, due=due)


@command("谁 负责 <department>", reads=True, group="查询")
def who(ctx: Context, department: DepartmentName) -> Card:
    """一个部门现在谁当班。"""
    return said(ctx, department=department)


@command("[的] 日报 [<day>]", reads=True, group="查询")
def daily(ctx: Context, day: GoneDay | None = None) -> Card:
    """一天的日报。"""
    return said(ctx, day=day)


@command("损耗 <material> <share>", group="物料")
def loss(ctx: Context, material: MaterialCode, share: Percent) -> Card:
    """设定损耗率。"""
    return said(ctx, material=material, share=share)


@command("停用 <parts>", "<parts>坏了 [<why>]", group="物料")
def broken(ctx: Context, parts: tuple[SerialCode, ...], why: Reason = "") -> Card:
    """一些件坏了。"""
    return said(ctx, parts=parts, why=why)


@command("查 <code>", reads=True, looks=True, group="查询")
def look(ctx: Context, code: AnyCode) -> Card:
    """看看它是什么。"""
    return said(ctx, code=code)


@command("<codes>", reads=True, group="查询")
def scan(ctx: Context, codes: tuple[AnyCode, ...]) -> Card:
    """发一个或一串码。"""
    return said(ctx, codes=codes)


COMMANDS = (
    report,
    where,
    waiting,
    remaining,
    pause,
    take,
    silence,
    shortage,
    repair,
    undo,
    receive,
    hold,
    scrap_command,
    move,
    first_article,
    hand_over,
    who,
    daily,
    loss,
    broken,
    look,
    scan,
)
REGISTRY = Registry(COMMANDS)
WORDS = WordList(
    {
        "operation": {"焊接": ("hj", "SMT焊接"), "组装": ("装配",), "检验": ("jy",), "二次焊接": ()},
        "station": {"1号线": ("一号线",), "2号线": ("二号线",), "焊接机": ()},
        "person": {"张三": ("老张",), "李四": (), "王五": ()},
        "department": {"仓库": ("仓储部", "库房"), "品质部": ("质量部", "QC")},
        "material": {"R100": ("100欧电阻", "贴片电阻"), "PCB-A": ("主板",)},
    },
    forms=[CodeForm.prefixed("lot", "LOT-")],
    like=known_codes({"order": ["WO-1001", "WO-1002", "WO-2001"]}),
)


def hear(text: str, *, pending: Pending | None = None, codes: Sequence[str] = ()) -> Understood:
    """What the pretend plant makes of a message."""
    return understand(REGISTRY, text, vocabulary=WORDS, now=NOW, pending=pending, codes=codes)
