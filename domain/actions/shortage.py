"""齐套: looks at what an order lacks, and asks only those who have not said anything of it."""

from datetime import timedelta
from typing import Final

from domain.permits import require
from domain.queries import shortage
from domain.queries.shortage import Kit
from domain.work import Work

ASK_AGAIN: Final = timedelta(hours=4)


def check(work: Work, *, order: str) -> tuple[Kit, dict[str, list[str]]]:
    """Return how complete an order's material is and who is asked now, by side (quality, purchasing).

    Who was asked of the same within four hours is not asked again. Raises NotFound.
    """
    require(work, "order.view")
    found = shortage.kit(work, order=order)
    asked = shortage.asked_since(work, order_id=found.order.id, since=work.now - ASK_AGAIN)
    sides: dict[str, list[str]] = {}
    for gap in found.gaps:
        for side in gap.silent:
            if (side, gap.material) not in asked:
                sides.setdefault(side, []).append(gap.material)
    if sides:
        data = {"order": found.order.code, "sides": sides, "items": [_item(gap) for gap in found.gaps]}
        work.record("shortage.asked", data=data, about=[("work_order", found.order.id)])
    return found, sides


def _item(gap: shortage.Gap) -> dict[str, object]:
    return {
        "material": gap.material,
        "name": gap.name,
        "missing": str(gap.missing),
        "unit": gap.unit,
        "lots": list(gap.lots),
        "coming": [it.code for it in gap.coming],
    }
