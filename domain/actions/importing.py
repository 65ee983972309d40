"""A table of routes, bills of material or materials: all of it becomes new versions, or nothing does."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from domain.actions import making
from domain.actions.versions import next_bom, next_route
from domain.errors import NotFound
from domain.models.columns import Base
from domain.models.material import Material, Tracking
from domain.models.routing import BomLine, BomVersion, Operation, RouteVersion
from domain.permits import require
from domain.playbook import PlaybookInvalid
from domain.playbook.checks import check_references
from domain.playbook.draft import Draft
from domain.playbook.master import Material as Part
from domain.playbook.master_checks import check_machines, check_steps
from domain.playbook.sheets import SheetBom, SheetRoute, drafted, placed, read_table
from domain.queries.materials import suppliers
from domain.store import inbox, orders, routes
from domain.work import Work

OWN = ("id", "route_id", "bom_id")


class Imported(TypedDict):
    """What a table came to: its kind, new versions by product, what was as it stands, columns nobody used."""

    kind: str
    versions: dict[str, int]
    added: list[str]
    unchanged: list[str]
    unused: list[str]


def load(work: Work, *, rows: Sequence[Sequence[str]], file: str) -> Imported:
    """Read a table and make what it says the newest; orders that were released go on by their own version.

    Raises PlaybookInvalid with every mistake's row and column, and then nothing is changed.
    """
    require(work, "order.change")
    kind, items, done = _read(work, rows, file)
    for item in items:
        _TAKE[kind](work, item, done, file)
    return done


def load_posted(work: Work, *, message: int) -> Imported:
    """Take the table that came with a message; raises NotFound where none did, PlaybookInvalid."""
    posted = inbox.table_of(work, inbox_id=message)
    if posted is None:
        raise NotFound(kind="table", code_text="")
    return load(work, rows=posted["rows"], file=posted["name"])


def preview(work: Work, *, rows: Sequence[Sequence[str]], file: str) -> Imported:
    """Return what `load` would come to now, and change nothing; raises PlaybookInvalid."""
    require(work, "order.change")
    kind, items, done = _read(work, rows, file)
    for item in items:
        if kind == "materials":
            there = orders.find_material(work, code=item.code) is not None
            done["unchanged" if there else "added"].append(item.code)
        elif (found := _NEWER[kind](work, item)) is None:
            done["unchanged"].append(item.product)
        else:
            version = RouteVersion if kind == "routes" else BomVersion
            next_one = routes.next_version(work, version, product_id=found[0].id)
            done["versions"][item.product] = next_one
    return done


def _read(work: Work, rows: Sequence[Sequence[str]], file: str) -> tuple[str, list[Any], Imported]:
    words = {word: rule.code for word, rule in work.playbook.operations_by_word.items()}
    table = read_table(rows, file=file, operations=words)
    read = drafted(table)
    _check(work, read)
    if read.problems:
        raise PlaybookInvalid(placed(read.problems))
    done = Imported(kind=table.kind, versions={}, added=[], unchanged=[], unused=table.unused)
    return table.kind, [item for _, item in read.of(table.kind)], done


def _check(work: Work, read: Draft) -> None:
    codes = [material.code for material in orders.materials(work)]
    known = {
        "materials": codes,
        "products": codes,
        "operations": [it.code for it in work.playbook.operations],
        "departments": [it.code for it in work.playbook.departments],
    }
    check_references(read, known=known)
    machines = {machine.kind for machine in work.playbook.equipment}
    for loc, route in read.of("routes"):
        check_steps(read, (*loc, "steps"), route.steps)
        check_machines(read, (*loc, "steps"), route.steps, kinds=machines)
    for loc, bom in read.of("boms"):
        _check_bom(work, read, (*loc, "lines"), bom)


def _check_bom(work: Work, read: Draft, at: tuple[str | int, ...], bom: SheetBom) -> None:
    made = orders.find_material(work, code=bom.product)
    route = orders.newest_route(work, product_id=made.id) if made else None
    if made is not None and route is None:
        read.blame((*at, 0, "product"), "no_route_yet", given=bom.product)
    routed = {step.code for step in route[1]} if route else set()
    seen = set()
    for place, line in enumerate(bom.lines):
        if route and line.operation in work.playbook.operations_by_word and line.operation not in routed:
            where = {"product": bom.product, "operation": line.operation}
            read.blame((*at, place, "operation"), "operation_not_routed", **where)
        if line.material == bom.product:
            read.blame((*at, place, "material"), "own_part", given=line.material)
        if (line.material, line.operation) in seen:
            where = {"material": line.material, "operation": line.operation}
            read.blame((*at, place, "material"), "line_twice", **where)
        seen.add((line.material, line.operation))


def _newer_route(
    work: Work, item: SheetRoute
) -> tuple[Material, RouteVersion | None, list[Operation]] | None:
    """Return what would be a new version of a product's route; None where it says what is there."""
    made = orders.material(work, code=item.product)
    newest = orders.newest_route(work, product_id=made.id)
    steps = making.operations(work, item.steps, suppliers={name: name for name in suppliers(work)})
    allowed = newest[0].over_allowance if newest else None
    if newest and _same(steps, newest[1]) and item.over_allowance in (0, allowed):
        return None
    return made, newest[0] if newest else None, steps


def _take_route(work: Work, item: SheetRoute, done: Imported, file: str) -> None:
    found = _newer_route(work, item)
    if found is None:
        done["unchanged"].append(item.product)
        return
    made, newest, steps = found
    route = next_route(work, product_id=made.id, of=newest, steps=steps)
    if item.over_allowance:
        route.over_allowance = item.over_allowance
    _versioned(work, "route.imported", made, route.version, done, file)


def _newer_bom(work: Work, item: SheetBom) -> tuple[Material, list[BomLine]] | None:
    """Return what would be a new version of a bill of material; None where it says what is there."""
    made = orders.material(work, code=item.product)
    newest = orders.newest_bom(work, product_id=made.id)
    lines = making.lines(work, item.lines)
    if newest and _same(lines, [line for line, _ in routes.bom_lines(work, bom_id=newest.id)]):
        return None
    return made, lines


def _take_bom(work: Work, item: SheetBom, done: Imported, file: str) -> None:
    found = _newer_bom(work, item)
    if found is None:
        done["unchanged"].append(item.product)
        return
    made, lines = found
    bom = next_bom(work, product_id=made.id, lines=lines)
    _versioned(work, "bom.imported", made, bom.version, done, file)


def _take_material(work: Work, item: Part, done: Imported, file: str) -> None:
    """Add a material; one that is there is left as it is: what was made of it was counted in its unit."""
    if orders.find_material(work, code=item.code) is not None:
        done["unchanged"].append(item.code)
        return
    material = Material(
        id=work.new_id(),
        site_id=work.site_id,
        code=item.code,
        name=item.name,
        unit=item.unit,
        shelf_life_days=item.shelf_life.days if item.shelf_life else None,
        aliases=list(item.aliases),
        tracking=Tracking(item.tracking),
    )
    work.session.add(material)
    done["added"].append(item.code)
    work.record("material.imported", data={"material": item.code, "name": item.name, "file": file})


_NEWER: Mapping[str, Any] = {"routes": _newer_route, "boms": _newer_bom}
_TAKE: Mapping[str, Any] = {"routes": _take_route, "boms": _take_bom, "materials": _take_material}


def _versioned(work: Work, event_type: str, made: Material, version: int, done: Imported, file: str) -> None:
    done["versions"][made.code] = version
    data = {"product": made.code, "product_name": made.name, "version": version, "file": file}
    work.record(event_type, data=data, about=[("material", made.id)])


def _same(new: Sequence[Operation] | Sequence[BomLine], old: Sequence[Operation] | Sequence[BomLine]) -> bool:
    return [_columns(it) for it in new] == [_columns(it) for it in old]


def _columns(thing: Base) -> dict[str, Any]:
    names = [column.key for column in thing.__table__.columns if column.key not in OWN]
    return {name: getattr(thing, name) for name in names}
