"""The words that slots are annotated with: `order: OrderCode`, `good: Quantity`, `due: When`."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any

from commands.kit.durations import Lasting
from commands.kit.quantities import Amount, Counted, Measured, Nth, Numbered, Percentage
from commands.kit.slots import FreeText, SlotType
from commands.kit.stores import PurchaseNumber, RequisitionNumber, SlotNumber, StorePlace
from commands.kit.things import AnyThing, Thing
from commands.kit.times import CalendarDay, Moment

OrderCode = Annotated[str, Thing("order", "工单号")]
AndonCode = Annotated[str, Thing("andon", "异常号", turn=18)]
ReviewCode = Annotated[str, Thing("nonconformance", "评审号", turn=18)]
ApprovalCode = Annotated[str, Thing("approval", "审批号", turn=18)]
FindingCode = Annotated[str, Thing("finding", "缺口号", turn=18)]
HandoverCode = Annotated[str, Thing("handover", "交班号", turn=18)]
OperationName = Annotated[str, Thing("operation", "工序")]
StationName = Annotated[str, Thing("station", "工位")]
EquipmentName = Annotated[str, Thing("equipment", "设备")]
PersonName = Annotated[str, Thing("person", "人员")]
DepartmentName = Annotated[str, Thing("department", "部门")]
ProductName = Annotated[str, Thing("product", "产品")]
ShiftName = Annotated[str, Thing("shift", "班次")]
LineName = Annotated[str, Thing("line", "产线")]
TimerName = Annotated[str, Thing("timer", "计时")]
ReasonName = Annotated[str, Thing("reason", "原因")]
SupplierName = Annotated[str, Thing("supplier", "供应商")]
MaterialCode = Annotated[str, Thing("material", "物料", loose=True, turn=22)]
LotCode = Annotated[str, Thing("lot", "批次号", loose=True, turn=24)]
SerialCode = Annotated[str, Thing("serial", "序列号", loose=True, turn=26)]
SlotCode = Annotated[str, SlotNumber("slot", "站位")]
PlaceCode = Annotated[str, StorePlace("place", "库位")]
PurchaseCode = Annotated[str, PurchaseNumber("purchase_line", "采购行")]
RequisitionCode = Annotated[int, RequisitionNumber("requisition", "领料单")]
TableFile = Annotated[str, SlotType("table", "表格文件")]
AnyCode = Annotated[str, AnyThing("code", "编码", turn=28)]

# `scrap: Quantity = 0` must stand in a signature; the kit always hands over a Decimal, a default included.
Quantity = Annotated[Any, Counted("quantity", "数量")]
ExactQuantity = Annotated[Decimal, Counted("quantity", "数量")]
Measure = Annotated[Amount, Measured("amount", "数量")]
Percent = Annotated[Decimal, Percentage("percent", "百分比")]
AnswerNumber = Annotated[int, Numbered("number", "编号")]
Duration = Annotated[timedelta, Lasting("duration", "时长")]
When = Annotated[datetime, Moment("when", "时间")]
Due = Annotated[datetime, Moment("when", "时间", ahead=True)]
Day = Annotated[date, CalendarDay("day", "日期")]
GoneDay = Annotated[date, CalendarDay("day", "日期", gone=True)]
ItemNumber = Annotated[int, Nth("item", "第几项", turn=17)]
Text = Annotated[str, FreeText("text", "内容")]
Trouble = Annotated[str, FreeText("text", "哪台、什么毛病")]
Reason = Annotated[str, FreeText("reason", "原因")]
Remark = Annotated[str, FreeText("remark", "说明", shy=True)]

# What a thing is said to be, where no verb stands beside it; the first is the one that help shows.
STATES = MappingProxyType(
    {
        "坏了": ("坏了", "不良", "不良品", "是坏的", "不合格", "有问题", "ng", "不行"),
        "OK": ("ok", "合格", "良品", "是好的", "没问题", "通过", "通过了", "过了", "做好了", "pass"),
        "报废": ("报废", "报废了", "报废掉"),
        "别用": ("别用", "先别用", "不能用", "不要用", "先停用", "不许用"),
        "好了": ("好了", "弄好了", "没事了", "恢复了", "可以了"),
        "能用了": ("能用了", "可以用了", "解锁", "可以用"),
    }
)

# What marks a slot may be said in other words; the first is the one that labels show.
MARKS = MappingProxyType(
    {
        "良": ("良品", "良", "合格品", "合格", "好的", "好件", "好", "ok"),
        "废": (
            "废品",
            "废",
            "报废",
            "不合格品",
            "不合格",
            "不良品",
            "不良",
            "坏件",
            "坏的",
            "坏了",
            "做坏了",
            "做坏",
            "坏",
            "ng",
        ),
        "返": ("返工", "返", "返修", "返工品", "待返工", "要返工", "要返修", "返工的"),
    }
)
