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
        _steps_stand_together(draft, loc, product)
        _bom_fits_route(draft, loc, product)
    _lots_are_of_tracked_materials(draft)
    if playbook:
        _prefixes(draft, playbook)
        _machines_are_known(draft, playbook)


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


def _steps_stand_together(draft: Draft, loc: Loc, product: Product) -> None:
    """A step is merged into another that is reported; those of a parallel group follow each other."""
    steps = product.route.steps
    reported = {step.operation for step in steps if step.merged_into is None}
    groups = [step.parallel for step in steps]
    for place, step in enumerate(steps):
        at = (*loc, "route", "steps", place)
        if step.merged_into is not None and step.merged_into not in reported - {step.operation}:
            draft.blame((*at, "merged_into"), "merged_nowhere", given=step.merged_into)
        begun = step.parallel is not None and step.parallel in groups[:place]
        if begun and groups[place - 1] != step.parallel:
            draft.blame((*at, "parallel"), "parallel_apart", given=step.parallel)


def _machines_are_known(draft: Draft, playbook: Playbook) -> None:
    kinds = {machine.kind for machine in playbook.equipment}
    for loc, product in draft.of("products"):
        for place, step in enumerate(product.route.steps):
            if step.equipment is not None and step.equipment not in kinds:
                at = (*loc, "route", "steps", place, "equipment")
                draft.blame(at, "no_machine", given=step.equipment)


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
