"""Routes, bills of material and materials as a table of text: columns by name, every cell with its place.

A table becomes the same items as a YAML file of master data, so that the same mistakes are found and said the
same way; a problem names row and column instead of line and field.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from string import ascii_uppercase
from typing import Any, ClassVar, Final

from pydantic import Field

from domain.playbook.draft import Draft, draft
from domain.playbook.kinds import Rule, Share
from domain.playbook.master import BomItem, Material, PartRef, RouteStep
from domain.playbook.problems import Loc, Mark, Problem
from domain.playbook.source import Source

YES: Final = frozenset({"是", "y", "yes", "true", "1", "√", "v", "对"})
NO: Final = frozenset({"否", "n", "no", "false", "0", "×", "x", "不"})
THOUSANDS: Final = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")


class SheetRoute(Rule):
    """一个产品的工艺路线。"""

    key: ClassVar[str] = "product"

    product: PartRef = Field(description="产品代号")
    over_allowance: Share = Field(default=Decimal(0), description="允许超产多少")
    steps: tuple[RouteStep, ...] = Field(description="一道一道的工序")


class SheetBom(Rule):
    """一个产品的 BOM。"""

    key: ClassVar[str] = "product"

    product: PartRef = Field(description="产品代号")
    lines: tuple[BomItem, ...] = Field(description="一行一行的物料")


class Sheet(Rule):
    """一张表里的东西：路线、BOM 或物料。"""

    routes: tuple[SheetRoute, ...] = Field(default=(), description="工艺路线")
    boms: tuple[SheetBom, ...] = Field(default=(), description="BOM")
    materials: tuple[Material, ...] = Field(default=(), description="物料")


@dataclass(frozen=True)
class Cell(Mark):
    """A place in a table: row from 1 as the person sees it, column by letter and name."""

    header: str = ""

    def __str__(self) -> str:
        letters, left = "", self.column
        while left:
            left, digit = divmod(left - 1, len(ascii_uppercase))
            letters = ascii_uppercase[digit] + letters
        where = f"第 {self.line} 行" if self.line else ""
        named = f" {letters} 列「{self.header}」" if letters else ""
        return f"{self.file} {where}{named}".strip()


def yes_or_no(text: str) -> str:
    """Return true or false for the ways in which a table says it; anything else as it is."""
    folded = text.strip().lower()
    return "true" if folded in YES else "false" if folded in NO else text


def several(text: str) -> list[str]:
    """Return the words of a cell: R1, R2、R3."""
    return [word for word in re.split(r"[,，、;；\s]+", text) if word]


def amount(text: str) -> str:
    """Return a number without the commas of thousands."""
    return text.replace(",", "") if THOUSANDS.fullmatch(text.strip()) else text


Turn = Callable[[str], Any]
Columns = Mapping[str, tuple[tuple[str, ...], Turn]]
ROUTE: Final[Columns] = {
    "product": (("产品", "产品代号", "机型", "product"), str),
    "sequence": (("序号", "顺序", "工序号", "sequence"), str),
    "operation": (("工序", "工序代号", "工序名称", "operation"), str),
    "minutes": (("标准工时", "工时", "标准工时（分钟）", "标准工时(分钟)", "minutes"), amount),
    "department": (("部门", "department"), str),
    "optional": (("可选", "可跳过", "optional"), yes_or_no),
    "parallel": (("并行组", "并行", "parallel"), str),
    "merged_into": (("并到", "合并到", "merged_into"), str),
    "outsourced_to": (("外协", "外协供应商", "outsourced_to"), str),
    "equipment": (("设备类别", "设备", "equipment"), str),
    "certified": (("上岗证", "要上岗证", "certified"), yes_or_no),
    "per_unit": (("逐件", "逐件过站", "per_unit"), yes_or_no),
    "track_in": (("进站", "要进站", "track_in"), yes_or_no),
    "loading": (("上料", "要上料", "loading"), yes_or_no),
    "trace_process": (("过程追溯", "过程等级", "trace_process"), str),
}
BOM: Final[Columns] = {
    "product": (("产品", "产品代号", "机型", "父件", "product"), str),
    "material": (("料号", "物料", "物料编码", "子件", "material"), str),
    "quantity": (("用量", "单耗", "每件用量", "quantity"), amount),
    "operation": (("工序", "工序代号", "用在工序", "operation"), str),
    "positions": (("位号", "位置", "positions"), several),
    "alternates": (("替代料", "替代料号", "alternates"), several),
    "slot": (("站位", "slot"), str),
}
MATERIAL: Final[Columns] = {
    "code": (("料号", "物料编码", "产品代号", "code"), str),
    "name": (("名称", "品名", "名称规格", "name"), str),
    "unit": (("单位", "unit"), str),
    "tracking": (("管理方式", "追踪", "tracking"), str),
    "shelf_life": (("保质期", "shelf_life"), str),
    "aliases": (("别名", "客户料号", "aliases"), several),
}
KINDS: Final[tuple[tuple[str, Columns, tuple[str, ...]], ...]] = (
    ("routes", ROUTE, ("product", "sequence", "operation", "minutes")),
    ("boms", BOM, ("product", "material", "quantity", "operation")),
    ("materials", MATERIAL, ("code", "name", "unit")),
)
"""What a table can be, by the columns it must have; the first that fits is meant."""


@dataclass
class Table:
    """A table as it was understood: what it is, where each value stands, and the columns nobody uses."""

    source: Source
    kind: str = ""
    unused: list[str] = field(default_factory=list)


def read_table(rows: Sequence[Sequence[str]], *, file: str, operations: Mapping[str, str]) -> Table:
    """Read a table whose first row with text names the columns; `operations` are codes by any of their words.

    What is wrong is in the source, with `Cell` marks.
    """
    source = Source(root=file)
    top = next((at for at, row in enumerate(rows) if any(cell.strip() for cell in row)), None)
    if top is None:
        source.problems.append(Problem(Cell(file), (), "sheet_empty"))
        return Table(source)
    header = [cell.strip() for cell in rows[top]]
    kind, places = _understood(header)
    if not kind:
        source.problems.append(
            Problem(Cell(file, top + 1), (), "sheet_unknown", {"given": "、".join(header)})
        )
        return Table(source)
    reader = _Reader(source, file, header, operations)
    for at, row in enumerate(rows[top + 1 :], start=top + 2):
        if any(cell.strip() for cell in row):
            reader.take(kind, number=at, row=row, places=places)
    unused = [name for at, name in enumerate(header) if name and at not in places.values()]
    return Table(source, kind=kind, unused=unused)


def _understood(header: Sequence[str]) -> tuple[str, dict[str, int]]:
    for kind, columns, needed in KINDS:
        places = dict(_placed(header, columns))
        if all(name in places for name in needed):
            return kind, places
    return "", {}


def _placed(header: Sequence[str], columns: Columns) -> Iterator[tuple[str, int]]:
    folded = [name.lower() for name in header]
    for field_name, (names, _turn) in columns.items():
        for name in names:
            if name in folded:
                yield field_name, folded.index(name)
                break


class _Reader:
    """Puts rows into the shape of master data, each value with its cell."""

    def __init__(
        self, source: Source, file: str, header: Sequence[str], operations: Mapping[str, str]
    ) -> None:
        self.source = source
        self._file, self._header, self._operations = file, header, operations
        self._at: dict[str, int] = {}

    def take(self, kind: str, *, number: int, row: Sequence[str], places: Mapping[str, int]) -> None:
        """Add one row."""
        columns = next(columns for name, columns, _ in KINDS if name == kind)
        said = {
            name: self._turned(name, columns[name][1], row[at].strip())
            for name, at in places.items()
            if at < len(row) and row[at].strip()
        }
        loc: Loc = (kind, len(self._section(kind)))
        if kind == "materials":
            self._section(kind).append(said)
        else:
            loc = self._under(kind, number, said.pop("product", ""), said)
            named = Cell(self._file, number, places["product"] + 1, self._header[places["product"]])
            self.source.values.setdefault((*loc[:2], "product"), named)
        self.source.values[loc] = Cell(self._file, number)
        for name, at in places.items():
            self.source.values[(*loc, name)] = Cell(self._file, number, at + 1, self._header[at])

    def _turned(self, name: str, turn: Turn, text: str) -> Any:
        if name in ("operation", "merged_into"):
            return self._operations.get(text, text)
        return turn(text)

    def _section(self, kind: str) -> list[Any]:
        section: list[Any] = self.source.data.setdefault(kind, [])
        return section

    def _under(self, kind: str, number: int, product: str, said: dict[str, Any]) -> Loc:
        """Put the row under its product; returns its place."""
        inner = "steps" if kind == "routes" else "lines"
        section = self._section(kind)
        if product not in self._at:
            self._at[product] = len(section)
            section.append({"product": product, inner: []} if product else {inner: []})
            self.source.values[(kind, self._at[product])] = Cell(self._file, number)
        place = self._at[product]
        section[place][inner].append(said)
        return (kind, place, inner, len(section[place][inner]) - 1)


def drafted(table: Table) -> Draft:
    """Return the items of a table, with what is wrong with them."""
    return draft(Sheet, table.source)


def placed(problems: Sequence[Problem]) -> list[Problem]:
    """Return problems as a table has them: the cell says where, the field's path says nothing to people."""
    return [replace(problem, loc=()) for problem in problems]
