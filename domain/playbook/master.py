"""Master data for a first start: materials, products with route and BOM, opening lots and orders."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from domain.playbook.kinds import (
    Code,
    DepartmentRef,
    Duration,
    LineRef,
    OperationRef,
    Ref,
    Rule,
    Share,
    Text,
)

MaterialRef = Annotated[str, Ref(("materials",))]
PartRef = Annotated[str, Ref(("materials", "products"))]
ProductRef = Annotated[str, Ref(("products",))]
SupplierRef = Annotated[str, Ref(("suppliers",))]
CustomerRef = Annotated[str, Ref(("customers",))]
LocationRef = Annotated[str, Ref(("locations",))]
Quantity = Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=6)]
Tracking = Literal["none", "lot", "serial"]
TraceLevel = Annotated[int, Field(ge=0, le=4)]
OrderState = Literal["draft", "released"]
LotState = Literal["in_inspection", "released", "quarantined"]


class Named(Rule):
    """代号和名称。"""

    code: Code = Field(description="代号")
    name: Text = Field(description="名称")


class Supplier(Named):
    """供应商。"""


class Customer(Named):
    """客户。"""


class Location(Named):
    """库位。"""


class Material(Rule):
    """物料。"""

    code: Code = Field(description="料号")
    name: Text = Field(description="名称规格")
    unit: Text = Field(description="单位，如 个、米、kg")
    tracking: Tracking = Field(default="lot", description="怎么管：none 不追、lot 按批次、serial 按序列号")
    shelf_life: Duration | None = Field(default=None, description="保质期，如 180天")
    aliases: tuple[Text, ...] = Field(default=(), description="别的叫法，客户料号也写这里")


class Datum(Rule):
    """一道工序要记的一个数据。"""

    name: Text = Field(description="叫什么，如 炉温")
    unit: str = Field(default="", max_length=20, description="单位，如 ℃")
    low: Decimal | None = Field(default=None, description="下限；不写就是没有")
    high: Decimal | None = Field(default=None, description="上限；不写就是没有")

    @model_validator(mode="after")
    def _low_below_high(self) -> Self:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise PydanticCustomError("low_above_high", "the lower limit is above the upper one")
        return self


class RouteStep(Rule):
    """路线的一道工序。"""

    sequence: int = Field(ge=1, description="序号，如 10、20、30，一道比一道大")
    operation: OperationRef = Field(description="工序代号")
    department: DepartmentRef | None = Field(default=None, description="归哪个部门；不写就是工序本来的部门")
    minutes: Annotated[Decimal, Field(ge=0)] = Field(description="每件标准工时，分钟")
    optional: bool = Field(default=False, description="可不可以直接跳过，不用批准")
    parallel: int | None = Field(
        default=None, ge=1, description="并行组的号：连着的几道工序写同一个号，就是同时做"
    )
    merged_into: OperationRef | None = Field(
        default=None, description="并到同一路线的哪道工序一起报；写了它就不用单独报"
    )
    outsourced_to: SupplierRef | None = Field(default=None, description="外协：哪个供应商做")
    equipment: Text | None = Field(default=None, description="要用哪一类设备，写设备的 kind")
    certified: bool = Field(default=False, description="要不要上岗证；工序本来就要的不用写")
    per_unit: bool = Field(default=False, description="要不要逐件（按序列号）过站")
    track_in: bool = Field(
        default=False, description="逐件过站要不要先扫进站、做完再扫出站（记在站多久，如老化）"
    )
    loading: bool = Field(default=False, description="要不要先上料到站位")
    trace_process: TraceLevel = Field(default=0, description="这道工序的过程追溯等级；0 按产品的")
    data: tuple[Datum, ...] = Field(default=(), description="要记的数据和上下限")


class Route(Rule):
    """工艺路线。"""

    version: int = Field(default=1, ge=1, description="版本号")
    over_allowance: Share = Field(default=Decimal(0), description="允许超产多少，如 2%")
    steps: tuple[RouteStep, ...] = Field(min_length=1, description="一道一道的工序")


class BomItem(Rule):
    """BOM 的一行。"""

    material: PartRef = Field(description="料号，或者别的产品的代号")
    quantity: Quantity = Field(description="每件用多少")
    operation: OperationRef = Field(description="在哪道工序用")
    positions: tuple[Text, ...] = Field(default=(), description="位号")
    alternates: tuple[MaterialRef, ...] = Field(default=(), description="可以替代的料号")
    slot: Text | None = Field(default=None, description="该上到哪个站位")


class Bom(Rule):
    """物料清单。"""

    version: int = Field(default=1, ge=1, description="版本号")
    lines: tuple[BomItem, ...] = Field(default=(), description="一行一行的物料")


class Product(Rule):
    """产品。"""

    code: Code = Field(description="产品代号")
    name: Text = Field(description="产品名称")
    unit: Text = Field(default="个", description="单位")
    tracking: Tracking = Field(
        default="lot", description="成品怎么管：none 不追、lot 按批次、serial 按序列号"
    )
    trace_material: TraceLevel = Field(default=0, description="约定的物料追溯等级 M1–M4；0 不要求")
    trace_process: TraceLevel = Field(default=0, description="约定的过程追溯等级 P1–P4；0 不要求")
    aliases: tuple[Text, ...] = Field(default=(), description="别的叫法，机型也写这里")
    route: Route = Field(description="工艺路线")
    bom: Bom = Field(default=Bom(), description="物料清单")


class OpeningLot(Rule):
    """期初批次。"""

    code: Code = Field(description="批次号，贴在料盘上的那个")
    material: MaterialRef = Field(description="料号")
    supplier: SupplierRef | None = Field(default=None, description="供应商代号")
    supplier_lot: Text | None = Field(default=None, description="供应商的批次号；不写就和批次号一样")
    quantity: Quantity = Field(description="数量")
    location: LocationRef | None = Field(default=None, description="库位代号")
    state: LotState = Field(
        default="released", description="in_inspection 待检、released 合格、quarantined 隔离"
    )
    expires_in: Duration | None = Field(
        default=None, description="从导入那天起多久到期；不写就按物料的保质期"
    )


class OpeningOrder(Rule):
    """期初工单。"""

    code: Code = Field(description="工单号")
    product: ProductRef = Field(description="产品代号")
    quantity: Quantity = Field(description="数量")
    state: OrderState = Field(default="draft", description="draft 草稿、released 已下达")
    line: LineRef | None = Field(default=None, description="排在哪条产线")
    customer: CustomerRef | None = Field(default=None, description="客户代号")
    customer_order: Text | None = Field(default=None, description="客户订单号")
    priority: int = Field(default=5, ge=1, le=9, description="优先级，1 最急")
    due: date | None = Field(default=None, description="交期；和 due_in 只写一个")
    due_in: Duration | None = Field(default=None, description="从导入那天起多久交货，如 3天")

    @model_validator(mode="after")
    def _one_due(self) -> Self:
        if self.due and self.due_in:
            raise PydanticCustomError("either_or", "one of two", {"first": "due", "second": "due_in"})
        return self


class MasterData(Rule):
    """主数据：第一次启动时导入数据库，以后数据库说了算。"""

    suppliers: tuple[Supplier, ...] = Field(default=(), description="供应商")
    customers: tuple[Customer, ...] = Field(default=(), description="客户")
    locations: tuple[Location, ...] = Field(default=(), description="库位")
    materials: tuple[Material, ...] = Field(default=(), description="物料")
    products: tuple[Product, ...] = Field(default=(), description="产品")
    lots: tuple[OpeningLot, ...] = Field(default=(), description="期初批次")
    orders: tuple[OpeningOrder, ...] = Field(default=(), description="期初工单")
