"""The cards of material that no everyday scene brings: holds, requisitions, locked slots, questions."""

from typing import TYPE_CHECKING, Any, Final

from notifier import supplies

if TYPE_CHECKING:
    from tests.golden.day import Gallery

HELD: Final = {"code": "LOT-0001", "what": "PR-PT100 PT100 测温探头", "reason": "探头漂移"}
ASKED: Final[dict[str, Any]] = {
    "requisition": "LL-1",
    "order": "WO-1001",
    "line": "L2",
    "status": "requested",
    "items": [
        {"material": "PR-PT100", "name": "PT100 测温探头", "quantity": "200", "issued": "0", "unit": "个"},
        {"material": "WIRE-08", "name": "焊锡丝 0.8mm", "quantity": "0.4", "issued": "0.4", "unit": "kg"},
    ],
}
LOCKED: Final = {
    "slot": "ST-101/3",
    "order": "WO-1003",
    "lot": "LOT-0006",
    "material": "IC-MCU32",
    "expected": ["R-0603-10K"],
}
SHORT: Final[dict[str, Any]] = {
    "order": "WO-1002",
    "sides": {"quality": ["TR-12V"], "purchasing": ["CASE-PM"]},
    "items": [
        {
            "material": "TR-12V",
            "name": "12V 变压器",
            "missing": "100",
            "unit": "个",
            "lots": ["LOT-0010"],
            "coming": [],
        },
        {
            "material": "CASE-PM",
            "name": "电源外壳",
            "missing": "100",
            "unit": "个",
            "lots": [],
            "coming": ["PO-3"],
        },
    ],
}


def show(gallery: "Gallery") -> None:
    """Put them into the gallery."""
    gallery.make("held", "冻结", lambda _work: supplies.hold_placed(HELD, who="赵珺"))
    gallery.make("let-go", "解冻", lambda _work: supplies.hold_lifted(HELD, who="赵珺"))
    gallery.make("requisition", "领料单", lambda _work: supplies.requisition(ASKED, key="requisition-1"))
    taken = {**ASKED, "status": "taken"}
    gallery.make(
        "requisition-taken",
        "领料有人接了，问的人听到",
        lambda _work: supplies.requisition_moved(taken, who="郑凯", mentions=()),
    )
    gallery.make("locked", "连错三次，锁站位", lambda _work: supplies.slot_locked(LOCKED, who="刘洋"))
    gallery.make("short", "缺料，问没说的一方", lambda _work: supplies.short_of(SHORT, side="purchasing"))
