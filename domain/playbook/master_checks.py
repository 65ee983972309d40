"""What must hold between the parts of the master data, and between it and the playbook."""

from itertools import pairwise

from domain.playbook.book import Playbook
from domain.playbook.checks import check_references, check_words
from domain.playbook.draft import Draft
from domain.playbook.master import Product
from domain.playbook.problems import Loc


def check_master(draft: Draft, *, playbook: Playbook | None) -> None:
    """Note everything that does not fit together."""
    check_references(draft, known=_known(playbook))
    check_words(draft, _part_words(draft))
    for loc, product in draft.of("products"):
        _route_climbs(draft, loc, product)
        _bom_fits_route(draft, loc, product)
    _lots_are_of_tracked_materials(draft)
    if playbook:
        _prefixes(draft, playbook)


def _known(playbook: Playbook | None) -> dict[str, list[str]]:
    if playbook is None:
        return {}
    return {
        "departments": [department.code for department in playbook.departments],
        "operations": [operation.code for operation in playbook.operations],
        "lines": [line.code for line in playbook.lines],
    }


def _part_words(draft: Draft) -> list[tuple[Loc, str, str]]:
    words: list[tuple[Loc, str, str]] = []
    for loc, part in [*draft.of("materials"), *draft.of("products")]:
        words.append(((*loc, "code"), part.code, f"{loc[0]} {part.code}"))
        words += [
            ((*loc, "aliases", at), alias, f"{loc[0]} {part.code}") for at, alias in enumerate(part.aliases)
        ]
    return words


def _route_climbs(draft: Draft, loc: Loc, product: Product) -> None:
    for place, (before, step) in enumerate(pairwise(product.route.steps), start=1):
        if step.sequence <= before.sequence:
            at = (*loc, "route", "steps", place, "sequence")
            draft.blame(at, "sequence", given=step.sequence, before=before.sequence)


def _bom_fits_route(draft: Draft, loc: Loc, product: Product) -> None:
    routed = {step.operation for step in product.route.steps}
    for place, line in enumerate(product.bom.lines):
        at = (*loc, "bom", "lines", place)
        if line.operation not in routed:
            draft.blame(
                (*at, "operation"), "operation_not_routed", product=product.name, operation=line.operation
            )
        if line.material == product.code:
            draft.blame((*at, "material"), "own_part", given=product.code)


def _lots_are_of_tracked_materials(draft: Draft) -> None:
    untracked = {material.code for _, material in draft.of("materials") if material.tracking == "none"}
    for loc, lot in draft.of("lots"):
        if lot.material in untracked:
            draft.blame((*loc, "material"), "no_lot", given=lot.material)


def _prefixes(draft: Draft, playbook: Playbook) -> None:
    for section, prefix in (("orders", playbook.codes.order), ("lots", playbook.codes.lot)):
        for loc, item in draft.of(section):
            if not item.code.startswith(prefix):
                draft.blame((*loc, "code"), "prefix", given=item.code, prefix=prefix)
