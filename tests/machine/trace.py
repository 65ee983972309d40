"""What may be said of data and tables: values entered, gaps handed out and waived, scans mended, imports."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import hypothesis.strategies as st
from hypothesis.stateful import rule

from domain.actions import completeness, importing, measuring, mending, passing
from domain.actions.going import Way
from domain.playbook import PlaybookInvalid
from domain.work import Work
from tests.machine.orders import STEPS
from tests.machine.plant import LEADER, PEOPLE, WHICH, Acting, Person

VALUES: Final = st.sampled_from(["电压 5.0", "电压 5.3", "电压 4.95 电流 0.3", "没有数"])
ROUTE: Final = ("产品", "序号", "工序", "标准工时", "可选")
BOM: Final = ("产品", "料号", "用量", "工序")
TABLES: Final[Sequence[Sequence[Sequence[str]]]] = (
    [ROUTE, ["TS-300", "10", "焊接", "2", ""], ["TS-300", "20", "测试", "1", "是"]],
    [ROUTE, ["CB-100", "10", "贴片", "1", ""], ["CB-100", "20", "没有这道", "1", ""]],
    [BOM, ["TS-300", "PR-PT100", "2", "焊接"], ["TS-300", "CASE-TS", "1", "焊接"]],
    [BOM, ["LD-50", "PCB-LD50", "1", "贴片"], ["LD-50", "LED-2835W", "12", "贴片"]],
    [("料号", "名称", "单位"), ["NEW-1", "新料", "个"], ["CASE-TS", "外壳", "个"]],
    [("随便", "什么"), ["1", "2"]],
)


class Trace(Acting):
    """Acts on what the trace is made of."""

    @rule(who=PEOPLE, which=WHICH, table=st.sampled_from(["unit", "unit", "work_order"]), said=VALUES)
    def measure(self, who: Person, which: int, table: str, said: str) -> None:
        self.act(who, partial(measuring.enter, code=self.of(table, which), said=said))

    @rule(who=PEOPLE, which=WHICH, waived=st.booleans())
    def gaps(self, who: Person, which: int, waived: bool) -> None:  # noqa: FBT001 (drawn by hypothesis)
        order = self.of("work_order", which, among=lambda it: it.trace_process or it.trace_material)
        waive: Any = partial(completeness.waive, order=order, reason="客户同意")
        self.act(who, waive if waived else partial(completeness.hand_out, order=order))

    @rule(who=PEOPLE, which=WHICH, step=STEPS, new=st.integers(1, 5))
    def scan_what_leaves_something(self, who: Person, which: int, step: str, new: int) -> None:
        """Scan pieces of any orders and a number that nobody knows, and mend what was left."""
        codes = [*self.several("unit", which, 2), *self.several("unit", which + 5, 1), f"MEND-{new}"]
        self.act(who, partial(passing.pass_units, codes=codes, operation=step, way=Way.AS_IT_STANDS))
        self.act(who, partial(mending.mend, chat_key=self.chat))

    @rule(who=PEOPLE, which=WHICH, way=st.sampled_from(list(Way)))
    def in_and_out(self, who: Person, which: int, way: Way) -> None:
        """Let pieces into the operation that asks for it, or out of it."""
        aging = {it.order_id for it in self.now.living("operation_task") if it.code == "age"}
        codes = self.several("unit", which, 2, among=lambda it: it.order_id in aging)
        self.act(LEADER, partial(passing.pass_units, codes=codes, operation="组装"))
        self.act(who, partial(passing.pass_units, codes=codes, operation="老化", way=way))

    @rule(who=PEOPLE, table=st.sampled_from(TABLES))
    def bring_a_table(self, who: Person, table: Sequence[Sequence[str]]) -> None:
        self.act(who, partial(_imported, rows=table))


def _imported(work: Work, *, rows: Sequence[Sequence[str]]) -> None:
    """Import a table; one with mistakes changes nothing."""
    try:
        importing.load(work, rows=rows, file="表.csv")
    except PlaybookInvalid:
        assert not work.happened
