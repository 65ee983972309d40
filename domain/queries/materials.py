"""The names of what is bought and made, for the grammar."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select

from domain.errors import NotFound
from domain.models.lot import Lot
from domain.models.material import Material
from domain.models.routing import RouteVersion
from domain.work import Work


@dataclass(frozen=True, kw_only=True)
class Named:
    """A material or product with every way to say it."""

    code: str
    aliases: tuple[str, ...]
    is_product: bool


def named_materials(work: Work) -> Sequence[Named]:
    """Return every material of the site; its name is one of its aliases."""
    made = exists().where(RouteVersion.product_id == Material.id)
    query = select(Material.code, Material.name, Material.aliases, made)
    return [
        Named(code=code, aliases=(name, *aliases), is_product=is_product)
        for code, name, aliases, is_product in work.session.execute(
            query.where(Material.site_id == work.site_id).order_by(Material.code)
        )
    ]


def newest(work: Work) -> tuple[int, int]:
    """Return the newest material and route: what is named has changed when they have."""
    material = work.session.scalar(select(func.max(Material.id)).where(Material.site_id == work.site_id))
    return material or 0, work.session.scalar(select(func.max(RouteVersion.id))) or 0


def unit_of(work: Work, *, code: str) -> str:
    """Return the unit in which a material or product is counted; raises NotFound."""
    query = select(Material.unit).where(Material.site_id == work.site_id, Material.code == code)
    unit = work.session.scalars(query).first()
    if unit is None:
        raise NotFound(kind="material", code_text=code)
    return unit


def suppliers(work: Work) -> Sequence[str]:
    """Return the suppliers of the lots there are."""
    query = select(Lot.supplier).where(Lot.site_id == work.site_id, Lot.supplier != "").distinct()
    return work.session.scalars(query).all()
