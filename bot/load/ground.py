"""What the generated past stands on: the product and its parts, made by the plant's own acts, and people."""

from dataclasses import dataclass
from decimal import Decimal

from bot.load.plant import PARTS, PRODUCT, STEPS
from domain.actions import master
from domain.playbook import MasterData
from domain.playbook.master import Bom, BomItem, Material, Product, Route, RouteStep
from domain.queries.people import people_ids
from domain.store import orders
from domain.work import Work


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Ids of what was there before: all that a maker of rows must know, fit to be sent to another process."""

    site: int
    product: int
    route: int
    bom: int
    operations: dict[str, int]
    parts: dict[str, int]
    people: tuple[int, ...]


def lay(work: Work) -> None:
    """Load the product and its parts, if they are not there yet."""
    parts = tuple(Material(code=part.code, name=part.name, unit="个") for part in PARTS)
    steps = tuple(
        RouteStep(sequence=step.sequence, operation=step.code, minutes=Decimal(1)) for step in STEPS
    )
    lines = tuple(BomItem(material=part.code, quantity=part.each, operation=STEPS[0].code) for part in PARTS)
    product = Product(code=PRODUCT, name="负载板", route=Route(steps=steps), bom=Bom(lines=lines))
    master.load(work, master=MasterData(materials=parts, products=(product,)))


def survey(work: Work) -> Ground:
    """Return what there is; raises NotFound where nothing was laid."""
    product = orders.material(work, code=PRODUCT)
    made = orders.newest_route(work, product_id=product.id)
    bom = orders.newest_bom(work, product_id=product.id)
    if made is None or bom is None:
        raise LookupError(PRODUCT)
    route, operations = made
    return Ground(
        site=work.site_id,
        product=product.id,
        route=route.id,
        bom=bom.id,
        operations={operation.code: operation.id for operation in operations},
        parts={part.code: orders.material(work, code=part.code).id for part in PARTS},
        people=people_ids(work, job_numbers=[person.id for person in work.playbook.people]),
    )
