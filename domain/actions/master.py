"""Master data into the database: people and accounts at every start, the rest where it is new."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, time
from functools import cache
from typing import Final

from domain.actions import holds, making
from domain.actions import lots as lot_actions
from domain.actions import orders as order_actions
from domain.actions import release as releasing
from domain.models.material import Material, Tracking
from domain.models.people import Account, Chat, Person, Site
from domain.models.routing import BomVersion, RouteVersion
from domain.playbook import MasterData, Playbook
from domain.playbook.master import Material as Part
from domain.playbook.master import OpeningLot, OpeningOrder, Product
from domain.store import chats, lots, orders, people
from domain.work import Work

PLATFORMS: Final = ("dingtalk", "wecom")


@cache
def site_id(code: str) -> int:
    """Return the key of a site: made from its code, so that every node knows it without asking."""
    return int.from_bytes(hashlib.sha256(code.encode()).digest()[:4], "big") >> 1


def sync_people(work: Work) -> None:
    """Make people, accounts and chats what the playbook says; who has left stays away, whatever it says."""
    playbook = work.playbook
    if work.session.get(Site, work.site_id) is None:
        work.session.add(Site(id=work.site_id, code=playbook.site.code, name=playbook.site.name))
        work.session.flush()
    for person in playbook.people:
        _sync_person(work, person.id)
    _sync_chats(work)
    changed = any(work.session.is_modified(thing) for thing in work.session.dirty)
    if work.session.new or changed:
        work.record("master.loaded", data={"playbook": playbook.version})


def _sync_person(work: Work, job_number: str) -> None:
    rule = work.playbook.person(job_number)
    person = people.find(work, job_number=job_number)
    if person is None:
        person = Person(id=work.new_id(), site_id=work.site_id, job_number=job_number, active=True)
        work.session.add(person)
    person.name, person.department = rule.name, rule.department or ""
    for platform in PLATFORMS:
        if user_id := rule.account(platform):
            # WeCom's user ids are unique ignoring case, and calls come back with any: kept in small letters.
            kept = user_id.lower() if platform == "wecom" else user_id
            _sync_account(work, person, platform=platform, user_id=kept)


def _sync_account(work: Work, person: Person, *, platform: str, user_id: str) -> None:
    if people.account(work, platform=platform, user_id=user_id) is None:
        account = Account(
            id=work.new_id(),
            site_id=work.site_id,
            platform=platform,
            user_id=user_id,
            person_id=person.id,
            bound_at=work.now,
            bound_how="playbook",
            active=True,
        )
        work.session.add(account)


def _sync_chats(work: Work) -> None:
    owners = _chat_owners(work.playbook)
    known = chats.known_keys(work)
    for chat in work.playbook.chats:
        key = f"{chat.platform}:{chat.id}"
        if key in known:
            continue
        department, line = owners.get(chat.code, ("", ""))
        work.session.add(
            Chat(
                chat_key=key,
                site_id=work.site_id,
                platform=chat.platform,
                chat_id=chat.id,
                kind="group",
                title=chat.title,
                department=department,
                line=line,
            )
        )


def _chat_owners(playbook: Playbook) -> dict[str, tuple[str, str]]:
    owners = {code: (unit.code, "") for unit in playbook.departments for code in unit.chats}
    return owners | {code: (line.department, line.code) for line in playbook.lines for code in line.chats}


def load(work: Work, *, master: MasterData) -> None:
    """Load materials, products with routes and BOMs, opening lots and orders; what is there already stays."""
    for part in master.materials:
        _material(work, part)
    for product in master.products:
        _material(work, product)
    work.session.flush()
    names = {supplier.code: supplier.name for supplier in master.suppliers}
    new = sum(_product(work, product, suppliers=names) for product in master.products)
    if new:
        work.record("master.loaded", data={"materials": len(master.materials), "products": new})
    for lot in master.lots:
        _opening_lot(work, lot, supplier=names.get(lot.supplier or "", ""))
    customers = {customer.code: customer.name for customer in master.customers}
    for order in master.orders:
        _opening_order(work, order, customer=customers.get(order.customer or "", ""))


def _material(work: Work, item: Part | Product) -> None:
    if orders.find_material(work, code=item.code) is not None:
        return
    shelf = item.shelf_life if isinstance(item, Part) else None
    levels = (item.trace_material, item.trace_process) if isinstance(item, Product) else (0, 0)
    work.session.add(
        Material(
            id=work.new_id(),
            site_id=work.site_id,
            code=item.code,
            name=item.name,
            unit=item.unit,
            shelf_life_days=shelf.days if shelf else None,
            aliases=list(item.aliases),
            tracking=Tracking(item.tracking),
            trace_material=levels[0],
            trace_process=levels[1],
        )
    )


def _product(work: Work, product: Product, *, suppliers: Mapping[str, str]) -> bool:
    material = orders.material(work, code=product.code)
    if orders.newest_route(work, product_id=material.id) is not None:
        return False
    route = RouteVersion(
        id=work.new_id(),
        product_id=material.id,
        version=product.route.version,
        over_allowance=product.route.over_allowance,
        void=False,
    )
    bom = BomVersion(id=work.new_id(), product_id=material.id, version=product.bom.version, void=False)
    work.session.add_all([route, bom])
    work.session.flush()
    steps = making.operations(work, product.route.steps, suppliers=suppliers)
    lines = making.lines(work, product.bom.lines)
    for step in steps:
        step.route_id = route.id
    for line in lines:
        line.bom_id = bom.id
    work.session.add_all([*steps, *lines])
    return True


def _opening_lot(work: Work, lot: OpeningLot, *, supplier: str) -> None:
    if lots.find(work, code=lot.code) is not None:
        return
    expires = work.now + lot.expires_in if lot.expires_in else None
    lot_actions.receive(
        work,
        material=lot.material,
        lot_no=lot.code,
        quantity=lot.quantity,
        supplier=supplier,
        place=lot.location or "",
        expires_at=expires,
    )
    if lot.state == "released":
        lot_actions.inspect(work, lot=lot.code, passed=True)
    if lot.state == "quarantined":
        holds.hold(work, code=lot.code)


def _opening_order(work: Work, order: OpeningOrder, *, customer: str) -> None:
    if orders.find(work, code=order.code) is not None:
        return
    due = work.now + order.due_in if order.due_in else None
    if order.due:
        due = datetime.combine(order.due, time(18), work.playbook.zone).astimezone(UTC)
    order_actions.draft(
        work,
        product=order.product,
        quantity=order.quantity,
        code=order.code,
        due_at=due,
        line=order.line or "",
        priority=order.priority,
        customer=customer,
        customer_order=order.customer_order or "",
    )
    if order.state == "released":
        releasing.release(work, order=order.code)
