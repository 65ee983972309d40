"""Operations and BOM lines from what the playbook's master data, or a file, says of them."""

from collections.abc import Iterable, Mapping

from domain.models.columns import plain
from domain.models.routing import BomLine, Operation
from domain.playbook.master import BomItem, RouteStep
from domain.store import orders
from domain.work import Work


def operations(work: Work, steps: Iterable[RouteStep], *, suppliers: Mapping[str, str]) -> list[Operation]:
    """Return new operations, without their route; `suppliers` are names by code."""
    return [_operation(work, step, suppliers) for step in steps]


def _operation(work: Work, step: RouteStep, suppliers: Mapping[str, str]) -> Operation:
    rule = work.playbook.operation(step.operation)
    merged = work.playbook.operation(step.merged_into).code if step.merged_into else ""
    outside = step.outsourced_to or ""
    return Operation(
        id=work.new_id(),
        sequence=step.sequence,
        code=rule.code,
        name=rule.name,
        department=step.department or rule.department,
        standard_minutes=step.minutes,
        optional=step.optional,
        parallel=step.parallel,
        merged_into=merged,
        outsourced_to=suppliers.get(outside, outside),
        equipment_kind=step.equipment or "",
        certified=step.certified or rule.certified,
        per_unit=step.per_unit,
        track_in=step.track_in,
        loading=step.loading,
        trace_process=step.trace_process,
        data=[{name: plain(value) for name, value in datum.model_dump().items()} for datum in step.data],
    )


def lines(work: Work, items: Iterable[BomItem]) -> list[BomLine]:
    """Return new BOM lines, without their BOM; raises NotFound for a material that is not there."""
    return [_line(work, item) for item in items]


def _line(work: Work, item: BomItem) -> BomLine:
    return BomLine(
        id=work.new_id(),
        material_id=orders.material(work, code=item.material).id,
        operation=work.playbook.operation(item.operation).code,
        quantity=item.quantity,
        positions=list(item.positions),
        alternates=[orders.material(work, code=other).id for other in item.alternates],
        slot=item.slot or "",
    )
