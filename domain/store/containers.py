"""Containers and shipments, locked for whoever will change them, and the open edges of what sits in them."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from domain.errors import NotFound
from domain.models.container import Container, ContainerStatus, Shipment
from domain.models.genealogy import Edge, How
from domain.models.people import Site
from domain.work import Work


def find(work: Work, *, code: str) -> Container | None:
    """Return a container, or None."""
    query = select(Container).where(
        Container.site_id == work.site_id, Container.code == code, ~Container.void
    )
    return work.session.scalars(query).first()


def lock(work: Work, *, code: str) -> Container:
    """Return a container locked; raises NotFound."""
    found = lock_if_there(work, code=code)
    if found is None:
        raise NotFound(kind="container", code_text=code)
    return found


def lock_if_there(work: Work, *, code: str) -> Container | None:
    """Return a container locked, or None."""
    query = select(Container).where(
        Container.site_id == work.site_id, Container.code == code, ~Container.void
    )
    return work.session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()


def lock_all(work: Work, ids: Collection[int]) -> list[Container]:
    """Return containers locked and read afresh."""
    query = select(Container).where(Container.id.in_(list(ids))).order_by(Container.id)
    rows = work.session.scalars(query.with_for_update().execution_options(populate_existing=True))
    return list(rows)


def lock_place(work: Work, *, kind: str, ref: int) -> Container | Shipment:
    """Return the container or shipment that something sits in, locked."""
    work.session.flush()
    if kind == "container":
        return work.session.get_one(Container, ref, with_for_update=True, populate_existing=True)
    return work.session.get_one(Shipment, ref, with_for_update=True, populate_existing=True)


def by_codes(work: Work, codes: Collection[str]) -> dict[str, int]:
    """Return the ids of the containers that have these codes."""
    query = select(Container.code, Container.id).where(
        Container.site_id == work.site_id, Container.code.in_(list(codes)), ~Container.void
    )
    return dict(work.session.execute(query).all())


def shipment(work: Work, *, code: str) -> Shipment | None:
    """Return a shipment locked, or None."""
    query = select(Shipment).where(Shipment.site_id == work.site_id, Shipment.code == code, ~Shipment.void)
    return work.session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()


def next_shipment(work: Work) -> str:
    """Return the next number for a shipment; the site's row serialises who asks."""
    work.session.execute(select(Site.id).where(Site.id == work.site_id).with_for_update())
    count = select(func.count()).select_from(Shipment).where(Shipment.site_id == work.site_id)
    return f"CH-{work.session.scalars(count).one() + 1}"


def open_edges(
    work: Work, *, of: Sequence[tuple[str, int]], how: Collection[How], upwards: bool = False
) -> Sequence[Edge]:
    """Return the living edges into which these things went (`upwards`: that lead to them), oldest first."""
    work.session.flush()
    kind, ref = (Edge.child_kind, Edge.child_id) if upwards else (Edge.parent_kind, Edge.parent_id)
    found: list[Edge] = []
    for one in sorted({it for it, _ in of}):
        ids = [it for name, it in of if name == one]
        query = select(Edge).where(kind == one, ref.in_(ids), Edge.how.in_(list(how)))
        query = query.where(Edge.ended_at.is_(None), ~Edge.void).order_by(Edge.id)
        found += work.session.scalars(query).all()
    return found


def lock_shut_around(work: Work, *, edges: Collection[int]) -> Sequence[Container]:
    """Return the containers into which these edges (ids) lead and that are closed or gone, locked."""
    if not edges:
        return []
    inside = select(Edge.child_id).where(Edge.id.in_(edges), Edge.child_kind == "container")
    query = select(Container).where(Container.id.in_(inside)).order_by(Container.id)
    found = work.session.scalars(query.with_for_update().execution_options(populate_existing=True))
    return [box for box in found if box.status is not ContainerStatus.OPEN]
